/// Sixteen bytes at once. Only comparisons of two vectors become machine instructions: with a plain number on one side,
/// or through `any`, the standard library loops over the elements.
struct ByteVector {
    private let bytes: SIMD16<Int8>

    /// The sixteen bytes at `offset`; the caller has made sure that they are there.
    @inline(__always)
    init(_ text: UnsafeRawBufferPointer, at offset: Int) {
        bytes = unsafe text.loadUnaligned(fromByteOffset: offset, as: SIMD16<Int8>.self)
    }

    /// Some of sixteen bytes, each 0xff if it is meant and 0 if not.
    typealias Marks = SIMD2<UInt64>

    @inline(__always)
    func equal(_ byte: UInt8) -> Marks {
        unsafe unsafeBitCast(bytes .== SIMD16(repeating: Int8(bitPattern: byte)), to: Marks.self)
    }

    /// The bytes that are one of two which differ in the bit 0x20 alone, such as brackets and braces.
    @inline(__always)
    func equalFolded(_ byte: UInt8) -> Marks {
        let folded = bytes | SIMD16(repeating: 0x20)
        return unsafe unsafeBitCast(folded .== SIMD16(repeating: Int8(bitPattern: byte)), to: Marks.self)
    }

    /// Control characters and, as bytes are taken as signed numbers, everything beyond ASCII.
    @inline(__always)
    var belowSpace: Marks { unsafe unsafeBitCast(bytes .< SIMD16(repeating: 0x20), to: Marks.self) }

    /// Bytes beyond ASCII have their top bit set here.
    @inline(__always)
    var beyondASCII: Marks { unsafe unsafeBitCast(bytes, to: Marks.self) & Marks(repeating: Bytes.repeated(0x80)) }

    @inline(__always)
    static func isNone(_ marks: Marks) -> Bool { marks[0] | marks[1] == 0 }

    /// One bit for each byte, the lowest for the first.
    @inline(__always)
    static func bits(of marks: Marks) -> UInt64 { bits(of: marks[0]) | bits(of: marks[1]) << 8 }

    @inline(__always)
    private static func bits(of marks: UInt64) -> UInt64 {
        ((marks & Bytes.repeated(1)) &* 0x0102_0408_1020_4080) >> 56
    }
}
