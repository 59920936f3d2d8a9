/// SipHash-2-4 with a result of 64 bits (Aumasson and Bernstein, 2012), fed eight octets at a time.
///
/// Words are little-endian: the first octet of a message is the lowest of its first word.
struct SipHash {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    init(_ secret: CookieSecret) {
        a = secret.first ^ 0x736f_6d65_7073_6575
        b = secret.second ^ 0x646f_7261_6e64_6f6d
        c = secret.first ^ 0x6c79_6765_6e65_7261
        d = secret.second ^ 0x7465_6462_7974_6573
    }

    mutating func mix(_ word: UInt64) {
        d ^= word
        for _ in 0..<2 { turn() }
        a ^= word
    }

    /// The hash of everything mixed in and of the octets that are left over.
    /// - Parameters:
    ///   - tail: the last octets, at most seven; those above are zero.
    ///   - byteCount: length of the whole message.
    consuming func finish(tail: UInt64 = 0, byteCount: Int) -> UInt64 {
        mix(tail | UInt64(truncatingIfNeeded: byteCount) << 56)
        c ^= 0xff
        for _ in 0..<4 { turn() }
        return a ^ b ^ c ^ d
    }

    private mutating func turn() {
        a &+= b
        c &+= d
        b = rotated(b, 13) ^ a
        d = rotated(d, 16) ^ c
        a = rotated(a, 32)
        c &+= b
        a &+= d
        b = rotated(b, 17) ^ c
        d = rotated(d, 21) ^ a
        c = rotated(c, 32)
    }
}

private func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 { word << count | word >> (64 - count) }
