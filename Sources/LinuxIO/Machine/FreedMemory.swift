import CLinux

/// Gives memory that was freed back to the kernel: the C library keeps it for the next allocation, which after a first
/// load may never come.
public func returnFreedMemory() { linux_trim_heap() }

/// Lets go of the pages of code and constants, of which a load uses five times as many as serving does. What is used
/// again comes back from the page cache: a fault for each sixteen pages, once.
public func releaseUnusedCode() { linux_unmap_unused_code() }
