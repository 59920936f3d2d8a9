/// Zones to choose from by a query's name: what tells which server block, or which log rule, a query belongs to.
@safe public final class ZoneList: Sendable {
    nonisolated(unsafe) private let keys: UnsafeMutablePointer<UInt8>
    private let lengths: [Int]
    /// A root zone that stands alone holds every name.
    private let isRootOnly: Bool
    private static let stride = 264

    public init(_ zones: [Name]) {
        lengths = zones.map(\.wire.count)
        isRootOnly = zones == [.root]
        unsafe keys = .allocate(capacity: max(1, zones.count) * Self.stride)
        unsafe keys.initialize(repeating: 0, count: max(1, zones.count) * Self.stride)
        for (index, zone) in zones.enumerated() {
            for (offset, octet) in zone.lowercased.wire.enumerated() {
                unsafe keys[index * Self.stride + offset] = octet
            }
        }
    }

    deinit { unsafe keys.deallocate() }

    /// The index of the longest zone that the question's name lies in; nil when there is none.
    @inline(__always)
    public func longest(for query: Query, in message: inout MutableRawSpan) -> Int? {
        if isRootOnly { return 0 }
        return unsafe message.withUnsafeMutableBytes { raw in
            guard let bytes = unsafe MessageBytes(raw) else { return nil }
            return longest(for: query, in: bytes)
        }
    }

    private func longest(for query: Query, in bytes: MessageBytes) -> Int? {
        var found: (index: Int, at: Int)?
        for index in lengths.indices {
            let key = unsafe TableBytes(UnsafeRawPointer(keys + index * Self.stride))
            let at = suffixStart(
                of: bytes, nameAt: Query.headerByteCount, byteCount: query.nameByteCount, key: key, lengths[index])
            if let at, found.map({ at < $0.at }) ?? true { found = (index, at) }
        }
        return found?.index
    }
}
