/// A place in a compiled table. What lies there was written by `LeafWriter`, so offsets read from it can be trusted;
/// foreign bytes never come here.
@safe struct TableBytes {
    let base: UnsafeRawPointer

    @inline(__always)
    init(_ base: UnsafeRawPointer) { unsafe self.base = base }

    @inline(__always)
    func load<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Integer.Type) -> Integer {
        unsafe base.loadUnaligned(fromByteOffset: offset, as: Integer.self)
    }

    @inline(__always)
    func advanced(by byteCount: Int) -> TableBytes { unsafe TableBytes(base + byteCount) }

    @inline(__always)
    func word(at offset: Int) -> UInt64 { UInt64(littleEndian: load(at: offset, as: UInt64.self)) }

    /// Two octets in network order: the table holds finished answer bytes.
    @inline(__always)
    func wire16(at offset: Int) -> Int { Int(UInt16(bigEndian: load(at: offset, as: UInt16.self))) }
}
