public import SourceText

/// What `multisocket` says: how many sockets share an address.
public struct MultisocketSettings: Hashable, Sendable {
    public var count: UInt32
    /// The word `multisocket`.
    public var location: SourceLocation

    public init(count: UInt32, at location: SourceLocation) {
        self.count = count
        self.location = location
    }
}
