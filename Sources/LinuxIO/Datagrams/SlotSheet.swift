import CLinux

/// What the passes over a round touch of each datagram: where its slot lies, how long the query is, and how long the
/// answer. Headers and pieces are the kernel's business, before the first pass and after the last.
///
/// Open to the compiler in other rooms (`@inlinable`), so that a pass is one loop without a call for each slot: 110
/// instructions a query less.
@safe @usableFromInline struct SlotSheet {
    /// How many slots hold a datagram.
    @usableFromInline var count = 0
    @usableFromInline var slots: UnsafeMutableRawPointer
    @usableFromInline let queryByteCounts: UnsafeMutablePointer<Int32>
    @usableFromInline let answerByteCounts: UnsafeMutablePointer<Int32>

    init(_ slots: DatagramSlots) {
        unsafe self.slots = slots.slot(0)
        unsafe queryByteCounts = .allocate(capacity: DatagramBatch.slotCount)
        unsafe answerByteCounts = .allocate(capacity: DatagramBatch.slotCount)
        unsafe queryByteCounts.initialize(repeating: 0, count: DatagramBatch.slotCount)
        unsafe answerByteCounts.initialize(repeating: 0, count: DatagramBatch.slotCount)
    }

    func deallocate() {
        unsafe queryByteCounts.deallocate()
        unsafe answerByteCounts.deallocate()
    }

    /// Begins a round with the first `count` of these slots.
    mutating func begin(_ slots: DatagramSlots, count: Int) {
        unsafe self.slots = slots.slot(0)
        self.count = count
        for index in 0..<count {
            unsafe queryByteCounts[index] = Int32(truncatingIfNeeded: slots.datagrams[index].byte_count)
            unsafe answerByteCounts[index] = 0
        }
    }

    /// Makes the headers of the answered slots those of their answers; how many there are. Answers leave once.
    func close(_ slots: DatagramSlots) -> Int {
        var answeredCount = 0
        for index in 0..<count {
            let byteCount = unsafe Int(answerByteCounts[index])
            guard byteCount > 0 else { continue }
            slots.close(index, byteCount: byteCount)
            unsafe answerByteCounts[index] = 0
            answeredCount += 1
        }
        return answeredCount
    }

    @inlinable @inline(__always)
    func slot(_ index: Int) -> UnsafeMutableRawPointer {
        precondition(index >= 0 && index < count, "this slot holds no datagram")
        return unsafe slots + index &* DatagramBatch.slotByteCount
    }

    @inlinable @inline(__always)
    func queryByteCount(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "this slot holds no datagram")
        return unsafe Int(queryByteCounts[index])
    }

    @inlinable @inline(__always)
    func setAnswer(_ index: Int, byteCount: Int) {
        // Beyond the slot lie other clients' bytes.
        precondition(byteCount >= 0 && byteCount <= DatagramBatch.slotByteCount, "an answer is longer than its slot")
        precondition(unsafe answerByteCounts[index] == 0, "a slot is answered once")
        unsafe answerByteCounts[index] = Int32(truncatingIfNeeded: byteCount)
    }
}
