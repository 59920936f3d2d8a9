import CLinux
import Glibc

/// The datagrams of one pair of system calls: queries are received into slots, answered where they lie, and all
/// answers leave at once. Nothing is allocated after `init`.
///
/// Every pointer of the UDP path lives in this type. A round is `receive`, then `reply` for each slot, then `send`;
/// slots that were not replied to, or with nothing, are left out of the send. What is answered later takes its
/// `wayBack` along.
@safe public struct DatagramBatch: ~Copyable {
    public static let slotCount = 64
    /// The room for an answer, and for a query without a detour. Not a power of two: slots that lie 4,096 bytes
    /// apart fight for the same lines of the processor's cache.
    public static let slotByteCount = 21 * 64
    /// The longest query that is received whole.
    public static let longestByteCount = slotByteCount + overflowByteCount
    private static let overflowByteCount = 3072

    private let slots: UnsafeMutableRawPointer
    /// Where a query goes on that is longer than its slot. The kernel rarely touches this memory.
    private let overflows: UnsafeMutableRawPointer
    /// A long query put together; its answer moves back into the slot.
    private let scratch: UnsafeMutableRawPointer
    private let peers: UnsafeMutablePointer<linux_address>
    private let packetInfo: UnsafeMutableRawPointer
    /// Two pieces a slot: the slot, the overflow.
    private let pieces: UnsafeMutablePointer<iovec>
    private let datagrams: UnsafeMutablePointer<linux_datagram>
    /// Headers of the answered slots side by side; used only when some slot has no answer.
    private let answered: UnsafeMutablePointer<linux_datagram>

    private let tellsPacketInfo: Bool
    private var receivedCount = 0
    private var answeredCount = 0

    /// Room for the datagrams of this socket, or of another one that is bound the same way.
    public init(for socket: borrowing DatagramSocket) {
        let count = Self.slotCount
        unsafe slots = .allocate(byteCount: count * Self.slotByteCount, alignment: 64)
        unsafe overflows = .allocate(byteCount: count * Self.overflowByteCount, alignment: 64)
        unsafe scratch = .allocate(byteCount: Self.longestByteCount, alignment: 64)
        unsafe packetInfo = .allocate(byteCount: count * linux_packet_info_byte_count, alignment: 8)
        unsafe peers = .allocate(capacity: count)
        unsafe pieces = .allocate(capacity: 2 * count)
        unsafe datagrams = .allocate(capacity: count)
        unsafe answered = .allocate(capacity: count)
        unsafe peers.initialize(repeating: linux_address(), count: count)
        unsafe answered.initialize(repeating: linux_datagram(), count: count)
        tellsPacketInfo = socket.tellsPacketInfo
        for index in 0..<count {
            prepareMemory(of: index)
            prepareForReceiving(index)
        }
    }

    deinit {
        unsafe slots.deallocate()
        unsafe overflows.deallocate()
        unsafe scratch.deallocate()
        unsafe packetInfo.deallocate()
        unsafe peers.deallocate()
        unsafe pieces.deallocate()
        unsafe datagrams.deallocate()
        unsafe answered.deallocate()
    }

    /// What never changes: where the slot lies, where its peer is written.
    private func prepareMemory(of index: Int) {
        let info = unsafe packetInfo + index * linux_packet_info_byte_count
        let overflow = unsafe overflows + index * Self.overflowByteCount
        unsafe (pieces + 2 * index).initialize(
            to: iovec(iov_base: slot(index), iov_len: Self.slotByteCount))
        unsafe (pieces + 2 * index + 1).initialize(
            to: iovec(iov_base: overflow, iov_len: Self.overflowByteCount))
        var datagram = unsafe linux_datagram()
        unsafe datagram.header.msg_name = UnsafeMutableRawPointer(peers + index)
        unsafe datagram.header.msg_iov = unsafe pieces + 2 * index
        unsafe datagram.header.msg_control = tellsPacketInfo ? info : nil
        unsafe (datagrams + index).initialize(to: datagram)
    }

    /// What the kernel or an answer has changed since.
    @inline(__always)
    private func prepareForReceiving(_ index: Int) {
        unsafe datagrams[index].header.msg_namelen = socklen_t(MemoryLayout<linux_address>.size)
        unsafe datagrams[index].header.msg_iovlen = 2
        unsafe datagrams[index].header.msg_controllen =
            tellsPacketInfo ? linux_packet_info_byte_count : 0
        unsafe pieces[2 * index].iov_len = Self.slotByteCount
    }

    @inline(__always)
    private func slot(_ index: Int) -> UnsafeMutableRawPointer {
        unsafe slots + index * Self.slotByteCount
    }
}

// MARK: - Receiving

extension DatagramBatch {
    /// Waits for a datagram and takes all that are there, up to 64.
    ///
    /// - Parameter waiting: false takes only what is queued.
    /// - Returns: how many slots hold a datagram; 0 after the socket's wake interval or `wake()`.
    public mutating func receive(
        on socket: borrowing DatagramSocket, waiting: Bool = true
    ) throws(SystemError) -> Int {
        assert(socket.tellsPacketInfo == tellsPacketInfo, "a batch belongs to one kind of socket")
        for index in 0..<receivedCount { prepareForReceiving(index) }
        receivedCount = 0
        answeredCount = 0
        receivedCount = try received(on: socket.descriptor.number, waiting: waiting)
        return receivedCount
    }

    private func received(on socket: Int32, waiting: Bool) throws(SystemError) -> Int {
        let count: Int
        do {
            count = Int(
                try system("recvmmsg") { unsafe linux_receive(socket, datagrams, UInt32(Self.slotCount), waiting) })
        } catch  where error.code == EAGAIN {
            return 0
        }
        // A socket that was shut down gives one datagram from nobody when its queue is empty.
        let last = count - 1
        guard last >= 0, unsafe datagrams[last].header.msg_namelen == 0 else { return count }
        prepareForReceiving(last)
        return last
    }

    /// True for a datagram over 4,416 bytes, of which the slot holds the beginning.
    public func isTruncated(_ index: Int) -> Bool {
        precondition(index < receivedCount)
        return unsafe datagrams[index].header.msg_flags & Int32(MSG_TRUNC) != 0
    }

    /// Who sent the datagram in this slot.
    public func peer(of index: Int) -> SocketAddress {
        precondition(index < receivedCount)
        guard let peer = unsafe SocketAddress(kernelForm: peers[index]) else {
            preconditionFailure("the kernel gave a peer that is not IP")
        }
        return peer
    }

    /// How the datagram in this slot is answered after its round.
    public func wayBack(of index: Int) -> DatagramReturn {
        precondition(index < receivedCount)
        var form = linux_return()
        unsafe linux_take_return(&datagrams[index].header, &form)
        return DatagramReturn(form)
    }
}

// MARK: - Answering

extension DatagramBatch {
    /// Lends the slot and the byte count of the datagram in it, before it is answered. What is written into a
    /// datagram longer than its slot is lost.
    public mutating func withSlot(_ index: Int, _ body: (inout MutableRawSpan, Int) -> Void) {
        let byteCount = receivedByteCount(of: index)
        let isLong = byteCount > Self.slotByteCount
        let start = unsafe isLong ? assembled(index, byteCount: byteCount) : slot(index)
        var span = unsafe MutableRawSpan(
            _unsafeStart: start, byteCount: isLong ? Self.longestByteCount : Self.slotByteCount)
        body(&span, byteCount)
    }

    /// Answers the datagram in this slot. At most once a round.
    ///
    /// - Parameter body: gets the bytes with the query in front, its byte count, and the way back to who sent it, read
    ///   only when asked for. Returns the byte count of the answer that it wrote over the query: 0 sends nothing now,
    ///   more than `slotByteCount` is a bug.
    @inline(__always)
    public mutating func reply(to index: Int, _ body: (inout MutableRawSpan, Int, () -> DatagramReturn) -> Int) {
        let byteCount = receivedByteCount(of: index)
        guard byteCount <= Self.slotByteCount else {
            replyToLong(index, byteCount: byteCount, body)
            return
        }
        var span = unsafe MutableRawSpan(_unsafeStart: slot(index), byteCount: Self.slotByteCount)
        let answerByteCount = body(&span, byteCount) { wayBack(of: index) }
        setAnswer(of: index, byteCount: answerByteCount)
    }

    private mutating func replyToLong(
        _ index: Int, byteCount: Int, _ body: (inout MutableRawSpan, Int, () -> DatagramReturn) -> Int
    ) {
        let start = unsafe assembled(index, byteCount: byteCount)
        var span = unsafe MutableRawSpan(_unsafeStart: start, byteCount: Self.longestByteCount)
        let answerByteCount = body(&span, byteCount) { wayBack(of: index) }
        unsafe slot(index).copyMemory(from: start, byteCount: min(answerByteCount, Self.slotByteCount))
        setAnswer(of: index, byteCount: answerByteCount)
    }

    /// The two pieces of a long datagram side by side.
    private func assembled(_ index: Int, byteCount: Int) -> UnsafeMutableRawPointer {
        unsafe scratch.copyMemory(from: slot(index), byteCount: Self.slotByteCount)
        unsafe (scratch + Self.slotByteCount).copyMemory(
            from: overflows + index * Self.overflowByteCount, byteCount: byteCount - Self.slotByteCount)
        return unsafe scratch
    }

    @inline(__always)
    private func receivedByteCount(of index: Int) -> Int {
        precondition(index < receivedCount, "this slot holds no datagram")
        return Int(unsafe datagrams[index].byte_count)
    }

    @inline(__always)
    private mutating func setAnswer(of index: Int, byteCount: Int) {
        // Beyond the slot lie other clients' bytes.
        precondition(byteCount >= 0 && byteCount <= Self.slotByteCount, "an answer is longer than its slot")
        guard byteCount > 0 else { return }
        precondition(unsafe datagrams[index].header.msg_iovlen == 2, "a slot is answered once")
        // From now on the header of the query is that of the answer: same peer, one piece. One piece also marks
        // the slot as answered.
        unsafe pieces[2 * index].iov_len = byteCount
        unsafe datagrams[index].header.msg_iovlen = 1
        answeredCount += 1
    }
}

// MARK: - Sending

extension DatagramBatch {
    /// How the answers of one round left.
    public struct SendResult: Equatable, Sendable {
        /// Datagrams that the kernel took.
        public var sentCount: Int
        /// Datagrams that it refused: no room, no route, filtered.
        public var failedCount: Int
        /// The last refusal.
        public var lastError: SystemError?

        public init(sentCount: Int = 0, failedCount: Int = 0, lastError: SystemError? = nil) {
            self.sentCount = sentCount
            self.failedCount = failedCount
            self.lastError = lastError
        }
    }

    /// Sends all answers of this round, without waiting for room: UDP may lose, a worker may not stand still.
    public mutating func send(on socket: borrowing DatagramSocket) -> SendResult {
        var result = SendResult()
        guard answeredCount > 0 else { return result }
        if tellsPacketInfo { forgetInterfaces() }
        let outgoing = unsafe answeredCount == receivedCount ? datagrams : compacted()
        var index = 0
        while index < answeredCount {
            do {
                let rest = UInt32(answeredCount - index)
                let count = Int(
                    try system("sendmmsg") { unsafe linux_send(socket.descriptor.number, outgoing + index, rest) })
                result.sentCount += count
                index += count
            } catch {
                // The error belongs to the first datagram of the rest; the others may have better luck.
                result.failedCount += 1
                result.lastError = error
                index += 1
            }
        }
        answeredCount = 0
        return result
    }

    private func forgetInterfaces() {
        for index in 0..<receivedCount { unsafe linux_forget_interface(&datagrams[index].header) }
    }

    private func compacted() -> UnsafeMutablePointer<linux_datagram> {
        var count = 0
        for index in 0..<receivedCount where unsafe datagrams[index].header.msg_iovlen == 1 {
            unsafe answered[count] = unsafe datagrams[index]
            count += 1
        }
        assert(count == answeredCount)
        return unsafe answered
    }
}

extension DatagramBatch {
    /// Tests only: an answer that the kernel refuses.
    func setPeer(of index: Int, to address: SocketAddress) {
        precondition(index < receivedCount)
        unsafe peers[index] = address.kernelForm.address
    }
}
