import Glibc

/// The text of a file of the kernel, at most 64 KiB of it; nil when it cannot be read.
func smallFileText(_ path: String) -> String? {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let descriptor = Descriptor(owning: number)
    let text = unsafe withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer -> String? in
        let count = unsafe read(descriptor.number, buffer.baseAddress, buffer.count)
        guard count >= 0 else { return nil }
        return unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer[..<count]), as: UTF8.self)
    }
    return text
}
