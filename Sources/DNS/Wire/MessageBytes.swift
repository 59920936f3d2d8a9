/// The bytes of one message: the only place of this room where foreign bytes are read and answer bytes written.
///
/// Every access is checked against `room`, in release builds too: a wrong offset traps and never reads what is not ours.
@safe struct MessageBytes {
    private let base: UnsafeMutableRawPointer
    /// Octets that may be touched: more than the query has, because the answer is written in the same place.
    let room: Int

    @inline(__always)
    init?(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let start = bytes.baseAddress else { return nil }
        unsafe base = start
        room = bytes.count
    }

    @inline(__always)
    private func check(_ offset: Int, _ byteCount: Int) {
        precondition(offset >= 0 && byteCount >= 0 && offset &+ byteCount <= room)
    }

    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        check(offset, 1)
        return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func load16(at offset: Int) -> UInt16 {
        check(offset, 2)
        return UInt16(bigEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func load32(at offset: Int) -> UInt32 {
        check(offset, 4)
        return UInt32(bigEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight octets as they lie in memory, for comparing and hashing.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        check(offset, 8)
        return UInt64(littleEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Octets to be read a word at a time: checked here, once, up to the end of the last word.
    @inline(__always)
    func words(at offset: Int, byteCount: Int) -> TableBytes {
        check(offset, (byteCount &+ 7) & ~7)
        return unsafe TableBytes(UnsafeRawPointer(base + offset))
    }

    /// The first `byteCount` octets, to be read one by one: checked here, once.
    @inline(__always)
    func octets(_ byteCount: Int) -> TableBytes {
        check(0, byteCount)
        return unsafe TableBytes(UnsafeRawPointer(base))
    }

    @inline(__always)
    func store8(_ value: UInt8, at offset: Int) {
        check(offset, 1)
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func store16(_ value: UInt16, at offset: Int) {
        check(offset, 2)
        unsafe base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }

    @inline(__always)
    func store32(_ value: UInt32, at offset: Int) {
        check(offset, 4)
        unsafe base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    @inline(__always)
    func store64(_ value: UInt64, at offset: Int) {
        check(offset, 8)
        unsafe base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    func copy(_ source: TableBytes, byteCount: Int, to offset: Int) {
        check(offset, byteCount)
        unsafe (base + offset).copyMemory(from: source.base, byteCount: byteCount)
    }

    /// Copies octets of another message.
    func copy(_ other: MessageBytes, from source: Int, byteCount: Int, to offset: Int) {
        other.check(source, byteCount)
        check(offset, byteCount)
        unsafe (base + offset).copyMemory(from: other.base + source, byteCount: byteCount)
    }

    func store(_ octets: some Collection<UInt8>, at offset: Int) {
        check(offset, octets.count)
        for (index, octet) in octets.enumerated() { store8(octet, at: offset + index) }
    }

    func store(zeros byteCount: Int, at offset: Int) {
        check(offset, byteCount)
        unsafe (base + offset).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    /// Eight octets as `word(at:)` gives them.
    @inline(__always)
    func store(word: UInt64, at offset: Int) { store64(word.byteSwapped, at: offset) }

    func store(_ text: StaticString, at offset: Int) {
        check(offset, text.utf8CodeUnitCount)
        unsafe (base + offset).copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    }
}

/// Eight octets in lower case, all at once; only A–Z change.
///
/// Length octets of labels (0–63) lie below "A", so a whole name may be folded without looking for its labels.
@inline(__always)
func folded(_ word: UInt64) -> UInt64 {
    let sevenBits = word & 0x7f7f_7f7f_7f7f_7f7f
    let fromA = sevenBits &+ 0x3f3f_3f3f_3f3f_3f3f  // the high bit rises from "A" up
    let pastZ = sevenBits &+ 0x2525_2525_2525_2525  // and here only past "Z"
    let isUpper = fromA & ~pastZ & ~word & 0x8080_8080_8080_8080
    return word | (isUpper >> 2)
}
