import DNS
import LinuxIO
import Plugins

/// The messages that are cut at one go: what was read of them ahead, and their answers until they leave.
///
/// Memory that the connections of one event loop use in turn, so that none of it belongs to a connection.
@safe struct StreamRound: ~Copyable {
    /// A message of TCP with the largest length that fits in front of it.
    static let messageByteCount = 65535
    /// Answers that are as many octets or more leave before the next query is answered.
    static let fullByteCount = 64 << 10
    /// Queries that are read before the first of them is answered: a pipelining client sends about as many at once.
    static let mostQueries = 32

    private var queries: [Query] = []
    private var answeredCount = 0
    /// Copies of those messages, one behind the other, with room for reading a little past the last.
    private let copies: UnsafeMutableRawBufferPointer
    private let answers: UnsafeMutableRawBufferPointer
    private(set) var answerByteCount = 0

    init() {
        queries.reserveCapacity(Self.mostQueries)
        unsafe copies = .allocate(byteCount: Self.messageByteCount + Query.leastRoom, alignment: 64)
        unsafe answers = .allocate(byteCount: Self.fullByteCount + 2 + Self.messageByteCount, alignment: 64)
        // What is read past a message decides nothing; it is only never foreign memory.
        unsafe copies.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe copies.deallocate()
        unsafe answers.deallocate()
    }

    /// Forgets what was read ahead: other octets are to be cut.
    mutating func begin() {
        queries.removeAll(keepingCapacity: true)
        answeredCount = 0
    }

    /// Answers the message at the front of `arrived`, behind its length, and keeps the answer with its own.
    ///
    /// Two passes: the first reads the queries behind it too, as with UDP; what each needs stays in the caches.
    /// - Returns: whether there is an answer already.
    @inline(__always)
    mutating func answer(
        _ arrived: UnsafeRawBufferPointer, byteCount: Int, at desk: StreamDesk, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Bool {
        if answeredCount == queries.count { unsafe readAhead(arrived, for: desk) }
        let query = queries[answeredCount]
        answeredCount += 1
        let start = answerByteCount + 2
        let place = unsafe UnsafeMutableRawBufferPointer(rebasing: answers[start..<start + Self.messageByteCount])
        unsafe place.copyMemory(from: UnsafeRawBufferPointer(rebasing: arrived[2..<2 + byteCount]))
        var message = unsafe MutableRawSpan(_unsafeBytes: place)
        let length = desk.answer(query, in: &message, queryByteCount: byteCount, peer: peer, later: later)
        guard length > 0 else { return false }
        precondition(length <= Self.messageByteCount, "an answer is longer than a message")
        unsafe answers.storeBytes(of: UInt16(length).bigEndian, toByteOffset: answerByteCount, as: UInt16.self)
        answerByteCount = start + length
        return true
    }

    /// All answers since the last call.
    mutating func takeAnswers(_ body: (UnsafeRawBufferPointer) -> Void) {
        unsafe body(UnsafeRawBufferPointer(rebasing: answers[..<answerByteCount]))
        answerByteCount = 0
    }

    private mutating func readAhead(_ arrived: UnsafeRawBufferPointer, for desk: StreamDesk) {
        begin()
        unsafe readAhead(arrived, atMost: Self.mostQueries, for: desk)
        warm(desk)
    }

    /// Fetches the answers of all that was read ahead since `begin`.
    func warm(_ desk: StreamDesk) { desk.warm(queries) }

    /// Adds to what was read ahead.
    mutating func readAhead(_ arrived: UnsafeRawBufferPointer, atMost count: Int, for desk: StreamDesk) {
        var at = 0
        var copiedByteCount = 0
        let enough = min(queries.count + count, Self.mostQueries)
        while queries.count < enough, let length = unsafe arrived.messageLength(at: at) {
            guard unsafe copiedByteCount + length + Query.leastRoom <= copies.count else { return }
            // Nothing lies behind a length of 0: such messages are passed over.
            if length > 0 {
                let place = unsafe UnsafeMutableRawBufferPointer(rebasing: copies[copiedByteCount...])
                unsafe place.copyMemory(from: UnsafeRawBufferPointer(rebasing: arrived[at + 2..<at + 2 + length]))
                var message = unsafe MutableRawSpan(_unsafeBytes: place)
                queries.append(desk.read(&message, byteCount: length))
                copiedByteCount += length
            }
            at += 2 + length
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The two octets in front of a message (RFC 1035 §4.2.2), or 0 where they are not both there.
    @inline(__always)
    func length(at offset: Int) -> UInt16 {
        guard count - offset >= 2 else { return 0 }
        return UInt16(bigEndian: unsafe loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The same if the whole message lies behind them.
    fileprivate func messageLength(at offset: Int) -> Int? {
        guard count - offset >= 2 else { return nil }
        let length = Int(unsafe length(at: offset))
        return count - offset - 2 >= length ? length : nil
    }
}
