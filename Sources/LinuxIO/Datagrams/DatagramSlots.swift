import CLinux
import Glibc

/// Where up to 64 datagrams lie: a slot for each, an overflow for what is longer, and the headers that lead there.
///
/// A set of pointers without an owner's duties; who made it calls `deallocate`.
@safe struct DatagramSlots {
    let datagrams: UnsafeMutablePointer<linux_datagram>
    private let slots: UnsafeMutableRawPointer
    /// Where a datagram goes on that is longer than its slot. The kernel rarely touches this memory.
    private let overflows: UnsafeMutableRawPointer
    private let overflowByteCount: Int
    /// Two pieces a datagram: the slot, the overflow.
    private let pieces: UnsafeMutablePointer<iovec>

    /// Headers without a peer and without control messages.
    init(overflowByteCount: Int) {
        let count = DatagramBatch.slotCount
        self.overflowByteCount = overflowByteCount
        unsafe slots = .allocate(byteCount: count * DatagramBatch.slotByteCount, alignment: 64)
        unsafe overflows = .allocate(byteCount: count * overflowByteCount, alignment: 64)
        unsafe pieces = .allocate(capacity: 2 * count)
        unsafe datagrams = .allocate(capacity: count)
        for index in 0..<count {
            unsafe (pieces + 2 * index).initialize(
                to: iovec(iov_base: slot(index), iov_len: DatagramBatch.slotByteCount))
            unsafe (pieces + 2 * index + 1).initialize(
                to: iovec(iov_base: overflow(index), iov_len: overflowByteCount))
            var datagram = unsafe linux_datagram()
            unsafe datagram.header.msg_iov = unsafe pieces + 2 * index
            unsafe datagram.header.msg_iovlen = 2
            unsafe (datagrams + index).initialize(to: datagram)
        }
    }

    func deallocate() {
        unsafe slots.deallocate()
        unsafe overflows.deallocate()
        unsafe pieces.deallocate()
        unsafe datagrams.deallocate()
    }

    @inline(__always)
    func slot(_ index: Int) -> UnsafeMutableRawPointer {
        unsafe slots + index * DatagramBatch.slotByteCount
    }

    private func overflow(_ index: Int) -> UnsafeMutableRawPointer {
        unsafe overflows + index * overflowByteCount
    }

    /// The whole room again.
    @inline(__always)
    func reopen(_ index: Int) {
        unsafe datagrams[index].header.msg_iovlen = 2
        unsafe pieces[2 * index].iov_len = DatagramBatch.slotByteCount
    }

    /// From now on the header of the query is that of the answer in the slot: same peer, one piece. One piece also
    /// marks the slot as answered.
    @inline(__always)
    func close(_ index: Int, byteCount: Int) {
        unsafe pieces[2 * index].iov_len = byteCount
        unsafe datagrams[index].header.msg_iovlen = 1
    }

    @inline(__always)
    func isAnswered(_ index: Int) -> Bool { unsafe datagrams[index].header.msg_iovlen == 1 }

    /// Copies these octets of a datagram, from its slot and its overflow.
    func copy(_ range: Range<Int>, of index: Int, to target: UnsafeMutableRawPointer) {
        let border = DatagramBatch.slotByteCount
        let front = range.clamped(to: 0..<border)
        let back = range.clamped(to: border..<border + overflowByteCount)
        unsafe target.copyMemory(from: slot(index) + front.lowerBound, byteCount: front.count)
        guard !back.isEmpty else { return }
        unsafe (target + front.count).copyMemory(
            from: overflow(index) + (back.lowerBound - border), byteCount: back.count)
    }

    /// Puts these octets of one of `others` into the slot, and into the overflow what is too long for it.
    func take(_ range: Range<Int>, of other: Int, in others: DatagramSlots, to index: Int) {
        let front = range.prefix(DatagramBatch.slotByteCount)
        let back = range.dropFirst(DatagramBatch.slotByteCount).prefix(overflowByteCount)
        unsafe others.copy(front.startIndex..<front.endIndex, of: other, to: slot(index))
        guard !back.isEmpty else { return }
        unsafe others.copy(back.startIndex..<back.endIndex, of: other, to: overflow(index))
    }
}
