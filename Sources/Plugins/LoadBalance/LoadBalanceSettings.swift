public import LinuxIO
public import SourceText

/// What `loadbalance` says: which addresses of an answer come first.
public struct LoadBalanceSettings: Hashable, Sendable {
    /// "10.1.0.0/16": bits of the address behind the prefix are zero.
    public struct Network: Hashable, Sendable {
        public var address: IPAddress
        public var prefixLength: Int

        public init(_ address: IPAddress, prefixLength: Int) {
            self.address = address
            self.prefixLength = prefixLength
        }
    }

    /// Networks whose addresses come first, in this order; empty: round robin alone.
    public var preferred: [Network] = []
    /// The word `loadbalance`.
    public var location: SourceLocation

    public init(at location: SourceLocation) { self.location = location }
}
