import CLDNS

/// The SHA-512 of some octets (FIPS 180-4), by libldns: 64 octets.
public func sha512(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 64) { digest, count in
        unsafe cldns_sha512(bytes, bytes.count, digest.baseAddress)
        count = 64
    }
}
