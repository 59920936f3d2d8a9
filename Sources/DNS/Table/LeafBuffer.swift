/// The bytes of a leaf while it is written: grows, and is used again. Integers go in as the machine has them, or in
/// network order with `appendWire`.
@safe final class LeafBuffer {
    private var storage: UnsafeMutableRawPointer
    private var room: Int
    private(set) var count = 0

    init() {
        room = 4096
        unsafe storage = .allocate(byteCount: room, alignment: 8)
    }

    deinit { unsafe storage.deallocate() }

    func clear() { count = 0 }

    subscript(offset: Int) -> UInt8 {
        precondition(offset < count)
        return unsafe storage.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    private func reserve(_ more: Int) {
        if count &+ more > room { grow(more) }
    }

    private func grow(_ more: Int) {
        let larger = max(room * 2, count + more)
        let new = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        unsafe new.copyMemory(from: storage, byteCount: count)
        unsafe storage.deallocate()
        unsafe storage = new
        room = larger
    }

    @inline(__always)
    func append<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        reserve(MemoryLayout<Integer>.size)
        unsafe storage.storeBytes(of: value, toByteOffset: count, as: Integer.self)
        count &+= MemoryLayout<Integer>.size
    }

    @inline(__always)
    func appendWire<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) { append(value.bigEndian) }

    func append(_ octets: [UInt8]) { append(octets, 0..<octets.count) }

    func append(_ octets: [UInt8], _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= octets.count)
        reserve(range.count)
        unsafe octets.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (storage + count).copyMemory(from: start + range.lowerBound, byteCount: range.count)
        }
        count += range.count
    }

    func appendZeros(_ added: Int) {
        reserve(added)
        unsafe (storage + count).initializeMemory(as: UInt8.self, repeating: 0, count: added)
        count += added
    }

    func pad(toRemainder remainder: Int) {
        while count % 8 != remainder { append(UInt8(0)) }
    }

    func put<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer, at offset: Int) {
        precondition(offset + MemoryLayout<Integer>.size <= count)
        unsafe storage.storeBytes(of: value, toByteOffset: offset, as: Integer.self)
    }

    /// The leaf that lies here, for as long as nothing is written.
    func withLeaf<Result>(_ body: (Leaf) -> Result) -> Result {
        precondition(count > Leaf.keyAt)
        return body(unsafe Leaf(TableBytes(UnsafeRawPointer(storage))))
    }

    /// Whether the first label of the leaf's owner is `*` (RFC 4592 §2.1.1).
    var isOfWildcard: Bool { self[Leaf.keyAt] == 1 && self[Leaf.keyAt + 1] == UInt8(ascii: "*") }

    func copy(to place: UnsafeMutableRawPointer) { unsafe place.copyMemory(from: storage, byteCount: count) }
}
