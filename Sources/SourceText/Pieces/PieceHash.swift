/// 64 bits of a piece's bytes: 16 bytes a step, multiplied to 128 bits and folded. Not for keeping secrets: whoever
/// wants two equal hashes can make them, and hides only a change of his own file from himself.
func pieceHash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let first: UInt64 = 0x9e37_79b9_7f4a_7c15
    let second: UInt64 = 0xd6e8_feb8_6659_fd93
    var state = first ^ UInt64(truncatingIfNeeded: bytes.count)
    var at = 0
    while at + 16 <= bytes.count {
        let left = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        let right = unsafe bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)
        state = fold(left ^ second, right ^ state)
        at += 16
    }
    var tail: (UInt64, UInt64) = (0, 0)
    for index in at..<bytes.count {
        let byte = UInt64(unsafe bytes[index])
        if index - at < 8 { tail.0 = tail.0 << 8 | byte } else { tail.1 = tail.1 << 8 | byte }
    }
    state = fold(tail.0 ^ second, tail.1 ^ state)
    return fold(state ^ first, second)
}

private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
}
