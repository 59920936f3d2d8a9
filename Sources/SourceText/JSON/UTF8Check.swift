enum UTF8Check {
    /// Bytes of the character of two to four bytes at the front; 0 if it is none (RFC 3629 section 4: no surrogates,
    /// nothing beyond U+10FFFF, nothing longer than necessary).
    static func length(of bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count >= 2 else { return 0 }
        let first = unsafe bytes[0]
        let second = unsafe bytes[1]
        let count: Int
        switch first {
        case 0xc2...0xdf: count = 2
        case 0xe0: count = second >= 0xa0 ? 3 : 0
        case 0xed: count = second <= 0x9f ? 3 : 0
        case 0xe1...0xef: count = 3
        case 0xf0: count = second >= 0x90 ? 4 : 0
        case 0xf1...0xf3: count = 4
        case 0xf4: count = second <= 0x8f ? 4 : 0
        default: count = 0
        }
        guard count > 0, count <= bytes.count else { return 0 }
        for index in 1..<count where unsafe bytes[index] & 0xc0 != 0x80 { return 0 }
        return count
    }
}
