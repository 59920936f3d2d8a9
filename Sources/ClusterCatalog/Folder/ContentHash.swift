/// A 64-bit hash of the contents of a file, to see whether they changed. Not for an adversary: who can write a catalog
/// file need not forge hashes.
///
/// Four lanes of eight bytes, multiplied and mixed; several bytes a cycle.
func contentHash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var lanes: (UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 1
    )
    var offset = 0
    while offset + 32 <= bytes.count {
        lanes.0 = unsafe mixed(lanes.0, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        lanes.1 = unsafe mixed(lanes.1, bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        lanes.2 = unsafe mixed(lanes.2, bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
        lanes.3 = unsafe mixed(lanes.3, bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
        offset += 32
    }
    while offset < bytes.count {
        lanes.0 = mixed(lanes.0, UInt64(unsafe bytes[offset]))
        offset += 1
    }
    var hash = UInt64(bytes.count)
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { hash = mixed(hash, lane) }
    return hash ^ hash >> 32
}

private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9FB2_1C65_1E98_DF25
    return product ^ product >> 29
}
