import CLinux

/// Cuts apart what the kernel hands over in one piece (UDP_GRO): equal-sized datagrams of one sender that came as
/// one, or close together. Each gets a slot of its own, with room for its answer.
///
/// They cross the kernel once instead of each on its own. One system call can bring 4,096 of them; they are handed
/// out 64 at a time, so that the slots stay in the processor's cache.
@safe struct CoalescedDatagrams: ~Copyable {
    /// What was cut last.
    let slots = DatagramSlots(overflowByteCount: DatagramBatch.overflowByteCount)
    /// Where the next cut is: in which of the arrivals, and how far in it.
    private var arrival = 0
    private var offset = 0
    private var arrivalCount = 0
    /// Of each datagram of this arrival, but the last may be shorter; 0 where it is only one.
    private var size = 0

    deinit { slots.deallocate() }

    /// Whether there is something left to cut.
    var hasMore: Bool { arrival < arrivalCount }

    /// Begins with these arrivals, which must stay as they are while `hasMore`.
    mutating func begin(count: Int) {
        arrivalCount = count
        arrival = 0
        offset = 0
    }

    /// Fills `slots`.
    ///
    /// - Returns: how many datagrams lie there now.
    mutating func cut(_ arrivals: DatagramSlots) -> Int {
        var count = 0
        while hasMore, count < DatagramBatch.slotCount {
            let whole = unsafe arrivals.datagrams + arrival
            if offset == 0 { size = unsafe Int(linux_take_segment_size(whole)) }
            let byteCount = unsafe Int(whole.pointee.byte_count)
            let end = size > 0 ? min(offset + size, byteCount) : byteCount
            unsafe address(count, as: whole.pointee, byteCount: end - offset)
            slots.take(offset..<end, of: arrival, in: arrivals, to: count)
            count += 1
            offset = end
            if offset == byteCount {
                arrival += 1
                offset = 0
            }
        }
        return count
    }

    /// The sender and the packet info are those of the whole.
    private func address(_ index: Int, as whole: linux_datagram, byteCount: Int) {
        slots.reopen(index)
        unsafe slots.datagrams[index].byte_count = UInt32(byteCount)
        unsafe slots.datagrams[index].header.msg_name = whole.header.msg_name
        unsafe slots.datagrams[index].header.msg_namelen = whole.header.msg_namelen
        unsafe slots.datagrams[index].header.msg_control = whole.header.msg_control
        unsafe slots.datagrams[index].header.msg_controllen = whole.header.msg_controllen
        unsafe slots.datagrams[index].header.msg_flags = whole.header.msg_flags
    }
}
