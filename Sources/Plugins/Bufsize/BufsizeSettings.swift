public import SourceText

/// What `bufsize` says: how large an answer over UDP may be.
public struct BufsizeSettings: Hashable, Sendable {
    /// Octets, 512–4096.
    public var byteCount: UInt32
    /// The word `bufsize`.
    public var location: SourceLocation

    public init(byteCount: UInt32, at location: SourceLocation) {
        self.byteCount = byteCount
        self.location = location
    }
}
