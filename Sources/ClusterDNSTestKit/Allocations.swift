import CAllocationCount

/// How many blocks of heap memory the calling thread asks for while `body` runs; nil where a sanitizer owns `malloc`.
public func allocations(_ body: () throws -> Void) rethrows -> Int? {
    guard allocation_count_is_live() else { return nil }
    let before = allocation_count()
    try body()
    return Int(allocation_count() - before)
}
