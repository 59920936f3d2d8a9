/// Reads the names of a foreign message from front to back, and knows where a pointer may lead.
///
/// A pointer counts only when it leads to a label of a name that was read before. So the work is linear, a name ends,
/// and nothing that is changed on the way to a client (a TTL, the order of addresses, an OPT record) is part of a name.
struct ForeignNames {
    private let bytes: MessageBytes
    private let byteCount: Int
    /// For each offset that a pointer can name: octets of the name that begins there, 0 when none does.
    private var lengths: [UInt8]

    init(_ bytes: MessageBytes, byteCount: Int) {
        self.bytes = bytes
        self.byteCount = byteCount
        lengths = Array(repeating: 0, count: min(byteCount, 0x4000))
    }

    /// Where the name at `start` ends in the record that owns it; nil when it is no name (RFC 1035 §4.1.4).
    mutating func end(of start: Int, mayBeCompressed: Bool) -> Int? {
        var at = start
        while at < byteCount, (1...63).contains(bytes[at]) {
            at += Int(bytes[at]) + 1
            guard at - start < 255 else { return nil }
        }
        guard at < byteCount else { return nil }
        if bytes[at] == 0 {
            note(start, to: at, tail: 1)
            if at < lengths.count { lengths[at] = 1 }
            return at + 1
        }
        guard mayBeCompressed, bytes[at] >= 0xc0, at + 2 <= byteCount else { return nil }
        let target = Int(bytes.load16(at: at) & 0x3fff)
        guard target < lengths.count, lengths[target] > 0, at - start + Int(lengths[target]) <= 255 else { return nil }
        note(start, to: at, tail: Int(lengths[target]))
        return at + 2
    }

    /// Remembers the labels from `start` to `end`, behind which `tail` octets follow.
    private mutating func note(_ start: Int, to end: Int, tail: Int) {
        var at = start
        while at < end, at < lengths.count {
            lengths[at] = UInt8(truncatingIfNeeded: end - at + tail)
            at += Int(bytes[at]) + 1
        }
    }
}

extension MessageBytes {
    /// Whether two names that were read are the same; case is ignored.
    func isSameName(_ first: Int, _ second: Int) -> Bool {
        var a = label(at: first)
        var b = label(at: second)
        while a != b {
            let length = self[a]
            guard length == self[b] else { return false }
            guard length > 0 else { return true }
            for index in 1...Int(length) where lowered(self[a + index]) != lowered(self[b + index]) { return false }
            a = label(at: a + Int(length) + 1)
            b = label(at: b + Int(length) + 1)
        }
        return true
    }

    /// Where the label or the root that stands at `offset`, or that a pointer there leads to, lies.
    func label(at offset: Int) -> Int {
        var at = offset
        while self[at] >= 0xc0 {
            let target = Int(load16(at: at) & 0x3fff)
            precondition(target < at)
            at = target
        }
        return at
    }

    /// Where the name at `offset` ends in the record that owns it.
    func endOfName(at offset: Int) -> Int {
        var at = offset
        while (1...63).contains(self[at]) { at += Int(self[at]) + 1 }
        return self[at] == 0 ? at + 1 : at + 2
    }
}

@inline(__always)
func lowered(_ octet: UInt8) -> UInt8 { octet &- 65 < 26 ? octet | 0x20 : octet }
