import CLinux
import Glibc

/// The datagrams of one pair of system calls: queries are received into slots, answered where they lie, and all
/// answers leave at once. Nothing is allocated after `init`.
///
/// Every pointer of the UDP path lives in this type and in its parts: `DatagramSlots`, `CoalescedDatagrams` for what
/// comes from one sender together, `SlotSheet` for the passes over a round, `AnswerGroups` for what goes to one peer. A
/// round is `receive`, then `reply` for each slot, then `send`; slots that were not replied to, or with nothing, are left
/// out of the send. What is answered later takes its `wayBack` along.
@safe public struct DatagramBatch: ~Copyable {
    public static let slotCount = 64
    /// The room for an answer, and for a query without a detour. Not a power of two: slots that lie 4,096 bytes
    /// apart fight for the same lines of the processor's cache.
    public static let slotByteCount = 21 * 64
    /// The longest query that is received whole.
    public static let longestByteCount = slotByteCount + overflowByteCount
    static let overflowByteCount = 3072
    /// Several datagrams that arrive as one are at most as long as an IP packet.
    private static let arrivalOverflowByteCount = 65_536 - slotByteCount

    /// What the last system call brought.
    private let arrivals = DatagramSlots(overflowByteCount: arrivalOverflowByteCount)
    private let peers: UnsafeMutablePointer<linux_address>
    /// The packet info and the segment size of each arrival.
    private let controls: UnsafeMutableRawPointer
    private var arrivalCount = 0

    /// What this round answers: the arrivals, or what was cut out of them.
    private var round: DatagramSlots
    private var coalesced = CoalescedDatagrams()
    @usableFromInline var sheet: SlotSheet

    /// A long query put together; its answer moves back into the slot.
    private let scratch: UnsafeMutableRawPointer
    /// Headers of the answered slots side by side; used only when some slot has no answer.
    private let answered: UnsafeMutablePointer<linux_datagram>
    var groups = AnswerGroups()

    private let tellsPacketInfo: Bool
    private let joinsDatagrams: Bool

    /// Room for the datagrams of this socket, or of another one that is bound the same way.
    public init(for socket: borrowing DatagramSocket) {
        let count = Self.slotCount
        unsafe scratch = .allocate(byteCount: Self.longestByteCount, alignment: 64)
        unsafe controls = .allocate(byteCount: count * linux_control_byte_count, alignment: 8)
        unsafe peers = .allocate(capacity: count)
        unsafe answered = .allocate(capacity: count)
        unsafe peers.initialize(repeating: linux_address(), count: count)
        unsafe answered.initialize(repeating: linux_datagram(), count: count)
        // The kernel leaves gaps between control messages, and what lies there is compared with them.
        unsafe controls.initializeMemory(as: UInt8.self, repeating: 0, count: count * linux_control_byte_count)
        tellsPacketInfo = socket.tellsPacketInfo
        joinsDatagrams = socket.joinsDatagrams
        round = arrivals
        sheet = SlotSheet(arrivals)
        for index in 0..<count {
            unsafe arrivals.datagrams[index].header.msg_name = UnsafeMutableRawPointer(peers + index)
            unsafe arrivals.datagrams[index].header.msg_control = controls + index * linux_control_byte_count
            prepareForReceiving(index)
        }
    }

    deinit {
        arrivals.deallocate()
        sheet.deallocate()
        unsafe scratch.deallocate()
        unsafe controls.deallocate()
        unsafe peers.deallocate()
        unsafe answered.deallocate()
    }

    /// What the kernel or an answer has changed since.
    @inline(__always)
    private func prepareForReceiving(_ index: Int) {
        arrivals.reopen(index)
        unsafe arrivals.datagrams[index].header.msg_namelen = socklen_t(MemoryLayout<linux_address>.size)
        unsafe arrivals.datagrams[index].header.msg_controllen =
            packetInfoByteCount + linux_segment_size_byte_count
    }

    private var packetInfoByteCount: Int { tellsPacketInfo ? linux_packet_info_byte_count : 0 }
}

// MARK: - Receiving

extension DatagramBatch {
    /// Waits for a datagram and takes all that are there, up to 64. Those that came together with others are handed
    /// out before the kernel is asked again.
    ///
    /// - Parameter waiting: false takes only what is queued.
    /// - Returns: how many slots hold a datagram; 0 after the socket's wake interval or `wake()`.
    public mutating func receive(
        on socket: borrowing DatagramSocket, waiting: Bool = true
    ) throws(SystemError) -> Int {
        assert(socket.tellsPacketInfo == tellsPacketInfo, "a batch belongs to one kind of socket")
        sheet.count = 0
        if !coalesced.hasMore {
            for index in 0..<arrivalCount { prepareForReceiving(index) }
            arrivalCount = 0
            arrivalCount = try received(on: socket.descriptor.number, waiting: waiting)
            guard hasCoalesced() else { return begin(arrivals, count: arrivalCount) }
            coalesced.begin(count: arrivalCount)
        }
        return begin(coalesced.slots, count: coalesced.cut(arrivals))
    }

    private mutating func begin(_ slots: DatagramSlots, count: Int) -> Int {
        round = slots
        sheet.begin(slots, count: count)
        return count
    }

    private func received(on socket: Int32, waiting: Bool) throws(SystemError) -> Int {
        let count: Int
        do {
            count = Int(
                try system("recvmmsg") {
                    unsafe linux_receive(socket, arrivals.datagrams, UInt32(Self.slotCount), waiting)
                })
        } catch  where error.code == EAGAIN {
            return 0
        }
        // A socket that was shut down gives one datagram from nobody when its queue is empty.
        let last = count - 1
        guard last >= 0, unsafe arrivals.datagrams[last].header.msg_namelen == 0 else { return count }
        prepareForReceiving(last)
        return last
    }

    /// Whether some arrival says of how many datagrams it is.
    private func hasCoalesced() -> Bool {
        var longest = 0
        for index in 0..<arrivalCount {
            longest = max(longest, unsafe arrivals.datagrams[index].header.msg_controllen)
        }
        return longest > packetInfoByteCount
    }

    /// True for a datagram over 4,416 bytes, of which the slot holds the beginning.
    @inlinable
    public func isTruncated(_ index: Int) -> Bool { sheet.queryByteCount(index) > Self.longestByteCount }

    /// Who sent the datagram in this slot.
    public func peer(of index: Int) -> SocketAddress {
        precondition(index < sheet.count)
        let name = unsafe round.datagrams[index].header.msg_name.assumingMemoryBound(to: linux_address.self)
        guard let peer = unsafe SocketAddress(kernelForm: name.pointee) else {
            preconditionFailure("the kernel gave a peer that is not IP")
        }
        return peer
    }

    /// How the datagram in this slot is answered after its round.
    public func wayBack(of index: Int) -> DatagramReturn {
        precondition(index < sheet.count)
        var form = linux_return()
        unsafe linux_take_return(&round.datagrams[index].header, &form)
        return DatagramReturn(form)
    }
}

// MARK: - Answering

extension DatagramBatch {
    /// Lends the slot and the byte count of the datagram in it, before it is answered. What is written into a
    /// datagram longer than its slot is lost.
    @inlinable @inline(__always)
    public mutating func withSlot<Result>(_ index: Int, _ body: (inout MutableRawSpan, Int) -> Result) -> Result {
        let byteCount = sheet.queryByteCount(index)
        guard byteCount <= Self.slotByteCount else { return withLong(index, body) }
        var span = unsafe MutableRawSpan(_unsafeStart: sheet.slot(index), byteCount: Self.slotByteCount)
        return body(&span, byteCount)
    }

    /// Answers the datagram in this slot. At most once a round.
    ///
    /// - Parameter body: gets the bytes with the query in front, its byte count, and the way back to who sent it, read
    ///   only when asked for. Returns the byte count of the answer that it wrote over the query: 0 sends nothing now,
    ///   more than `slotByteCount` is a bug.
    @inlinable @inline(__always)
    public mutating func reply(to index: Int, _ body: (inout MutableRawSpan, Int, () -> DatagramReturn) -> Int) {
        let byteCount = sheet.queryByteCount(index)
        guard byteCount <= Self.slotByteCount else { return replyToLong(index, body) }
        var span = unsafe MutableRawSpan(_unsafeStart: sheet.slot(index), byteCount: Self.slotByteCount)
        sheet.setAnswer(index, byteCount: body(&span, byteCount) { wayBack(of: index) })
    }

    @usableFromInline @inline(never)
    mutating func withLong<Result>(_ index: Int, _ body: (inout MutableRawSpan, Int) -> Result) -> Result {
        let byteCount = assemble(index)
        var span = unsafe MutableRawSpan(_unsafeStart: scratch, byteCount: Self.longestByteCount)
        return body(&span, byteCount)
    }

    @usableFromInline @inline(never)
    mutating func replyToLong(_ index: Int, _ body: (inout MutableRawSpan, Int, () -> DatagramReturn) -> Int) {
        let byteCount = assemble(index)
        var span = unsafe MutableRawSpan(_unsafeStart: scratch, byteCount: Self.longestByteCount)
        let answerByteCount = body(&span, byteCount) { wayBack(of: index) }
        unsafe round.slot(index).copyMemory(from: scratch, byteCount: min(answerByteCount, Self.slotByteCount))
        sheet.setAnswer(index, byteCount: answerByteCount)
    }

    /// Puts the two pieces of a long datagram side by side; how long it is, as far as it was received.
    private func assemble(_ index: Int) -> Int {
        let byteCount = min(sheet.queryByteCount(index), Self.longestByteCount)
        unsafe round.copy(0..<byteCount, of: index, to: scratch)
        return byteCount
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
        /// The kernel did not take several answers as one message. They left each alone, as those of the next rounds
        /// do, before it is tried again.
        public var groupError: SystemError?

        public init(
            sentCount: Int = 0, failedCount: Int = 0, lastError: SystemError? = nil, groupError: SystemError? = nil
        ) {
            self.sentCount = sentCount
            self.failedCount = failedCount
            self.lastError = lastError
            self.groupError = groupError
        }
    }

    /// Sends all answers of this round, without waiting for room: UDP may lose, a worker may not stand still.
    public mutating func send(on socket: borrowing DatagramSocket) -> SendResult {
        var result = SendResult()
        let answeredCount = sheet.close(round)
        guard answeredCount > 0 else { return result }
        if tellsPacketInfo { forgetInterfaces() }
        let answers = unsafe answeredCount == sheet.count ? round.datagrams : compacted()
        if joinsDatagrams, unsafe groups.areWorthwhile(answers, count: answeredCount),
            let count = unsafe groups.arrange(answers, count: answeredCount)
        {
            sendGroups(count, on: socket.descriptor.number, &result)
        } else {
            unsafe send(answers, count: answeredCount, on: socket.descriptor.number, &result)
        }
        return result
    }

    private func forgetInterfaces() {
        for index in 0..<sheet.count { unsafe linux_forget_interface(&round.datagrams[index].header) }
    }

    private func compacted() -> UnsafeMutablePointer<linux_datagram> {
        var count = 0
        for index in 0..<sheet.count where round.isAnswered(index) {
            unsafe answered[count] = unsafe round.datagrams[index]
            count += 1
        }
        return unsafe answered
    }

    /// Sends each of these on its own.
    func send(
        _ datagrams: UnsafeMutablePointer<linux_datagram>, count: Int, on socket: Int32, _ result: inout SendResult
    ) {
        var index = 0
        while index < count {
            do {
                let rest = UInt32(count - index)
                let sent = Int(try system("sendmmsg") { unsafe linux_send(socket, datagrams + index, rest) })
                result.sentCount += sent
                index += sent
            } catch {
                // The error belongs to the first datagram of the rest; the others may have better luck.
                result.failedCount += 1
                result.lastError = error
                index += 1
            }
        }
    }
}

extension DatagramBatch {
    /// Tests only: an answer that the kernel refuses.
    func setPeer(of index: Int, to address: SocketAddress) {
        precondition(index < sheet.count)
        unsafe peers[index] = address.kernelForm.address
    }
}
