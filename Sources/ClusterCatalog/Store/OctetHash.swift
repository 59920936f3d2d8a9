/// A hash of a name that is the same for a String and for octets in a packed object, which need not become a String to
/// be looked up. It differs from process to process, as that of the standard library, and costs an eighth of it.
enum OctetHash {
    private static let seed = UInt64.random(in: 0...UInt64.max)

    static func of(_ text: String) -> Int { unsafe text.utf8.span.withUnsafeBytes { unsafe of($0) } }

    /// Eight octets a step; the last word overlaps the one before.
    static func of(_ octets: UnsafeRawBufferPointer) -> Int {
        var state = seed ^ UInt64(truncatingIfNeeded: octets.count)
        if octets.count < 8 {
            var word: UInt64 = 0
            for index in 0..<octets.count { word = word << 8 | UInt64(unsafe octets[index]) }
            state = fold(state ^ word)
        } else {
            var at = 0
            while at < octets.count - 8 {
                state = fold(state ^ (unsafe octets.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
                at += 8
            }
            state = fold(state ^ (unsafe octets.loadUnaligned(fromByteOffset: octets.count - 8, as: UInt64.self)))
        }
        return Int(truncatingIfNeeded: fold(state))
    }

    @inline(__always)
    private static func fold(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return product.high ^ product.low
    }
}
