import Glibc

/// Memory for one small file after the other. A mapping of its own for each costs more than reading it: pages are made,
/// cleared and taken away again (8 of 84 ms for the 500 files of 10,000 Services).
///
/// Not Sendable: one thread reads with it, and it goes when everything is read.
@safe final class FileRoom {
    private var memory: UnsafeMutableRawBufferPointer?
    private var isTaken = false

    private static let byteCount = 512 << 10

    deinit { if let memory = unsafe memory { _ = unsafe munmap(memory.baseAddress, memory.count) } }

    /// Nil for a large file, and while another one has the memory.
    func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        guard byteCount <= Self.byteCount, !isTaken else { return nil }
        if unsafe memory == nil {
            let flags = MAP_PRIVATE | MAP_ANONYMOUS
            let start = unsafe mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, flags, -1, 0)
            guard unsafe start != MAP_FAILED else { return nil }
            unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: Self.byteCount)
        }
        isTaken = true
        return unsafe memory
    }

    func giveBack(_ memory: UnsafeMutableRawBufferPointer) {
        precondition(unsafe memory.baseAddress == self.memory?.baseAddress, "this is not from here")
        isTaken = false
    }
}
