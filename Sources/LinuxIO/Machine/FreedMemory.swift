import CLinux

/// Gives memory that was freed back to the kernel: the C library keeps it for the next allocation, which after a first
/// load may never come.
public func returnFreedMemory() { linux_trim_heap() }
