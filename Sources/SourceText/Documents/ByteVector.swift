/// Sixteen bytes at once, as two words: the comparisons of the standard library's vectors are not all machine
/// instructions (`.<` is a loop over the elements), while its arithmetic is.
struct ByteVector {
    private let words: SIMD2<UInt64>

    /// The sixteen bytes at `offset`; the caller has made sure that they are there.
    @inline(__always)
    init(_ text: UnsafeRawBufferPointer, at offset: Int) {
        words = unsafe text.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self)
    }

    /// Some of sixteen bytes: the top bit of each byte that is meant, and nothing else.
    typealias Marks = SIMD2<UInt64>

    @inline(__always)
    private static func repeated(_ byte: UInt8) -> Marks { Marks(repeating: Bytes.repeated(byte)) }

    @inline(__always)
    func equal(_ byte: UInt8) -> Marks { Self.zeroBytes(of: words ^ Self.repeated(byte)) }

    /// The bytes that are `byte` once the bit 0x20 is set, such as brackets and braces.
    @inline(__always)
    func equalFolded(_ byte: UInt8) -> Marks {
        Self.zeroBytes(of: (words | Self.repeated(0x20)) ^ Self.repeated(byte))
    }

    /// Bytes beyond ASCII.
    @inline(__always)
    var beyondASCII: Marks { words & Self.repeated(0x80) }

    @inline(__always)
    private static func zeroBytes(of words: SIMD2<UInt64>) -> Marks {
        let low = repeated(0x7f)
        return (((words & low) &+ low) | words | low) ^ Marks(repeating: .max)
    }

    @inline(__always)
    static func isNone(_ marks: Marks) -> Bool { marks[0] | marks[1] == 0 }

    /// One bit for each byte, the lowest for the first.
    @inline(__always)
    static func bits(of marks: Marks) -> UInt64 { bits(of: marks[0]) | bits(of: marks[1]) << 8 }

    @inline(__always)
    private static func bits(of marks: UInt64) -> UInt64 { ((marks >> 7) &* 0x0102_0408_1020_4080) >> 56 }
}
