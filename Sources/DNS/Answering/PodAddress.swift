/// An address written as a label: `10-244-1-7`, or IPv6 with dashes for colons (`fd00--1`).
struct PodAddress {
    let type: RecordType
    let bits: (high: UInt64, low: UInt64)

    /// Three dashes and no pair of them mean IPv4; anything else is read as IPv6. Nil when it is no address.
    init?(label message: MessageBytes, at offset: Int) {
        let count = Int(message[offset])
        let start = offset + 1
        var dashes = 0
        var hasPair = false
        for index in 0..<count where message[start + index] == UInt8(ascii: "-") {
            dashes += 1
            if index > 0, message[start + index - 1] == UInt8(ascii: "-") { hasPair = true }
        }
        if dashes == 3, !hasPair {
            guard let address = Self.version4(message, start, count) else { return nil }
            type = .a
            bits = (0, UInt64(address))
        } else {
            guard let address = Self.version6(message, start, count) else { return nil }
            type = .aaaa
            bits = address
        }
    }

    private static func version4(_ message: MessageBytes, _ start: Int, _ count: Int) -> UInt32? {
        var address: UInt32 = 0
        var octet: UInt32?
        for index in 0..<count {
            let character = message[start + index]
            if character == UInt8(ascii: "-") {
                guard let value = octet else { return nil }
                address = address << 8 | value
                octet = nil
            } else {
                guard (48...57).contains(character), octet != 0 else { return nil }  // no leading zero
                let value = (octet ?? 0) * 10 + UInt32(character - 48)
                guard value <= 255 else { return nil }
                octet = value
            }
        }
        guard let value = octet else { return nil }
        return address << 8 | value
    }

    /// Groups of one to four hexadecimal digits; one pair of dashes stands for the groups that are missing.
    private static func version6(_ message: MessageBytes, _ start: Int, _ count: Int) -> (high: UInt64, low: UInt64)? {
        var groups = InlineArray<8, UInt16>(repeating: 0)
        var groupCount = 0
        var gapAt: Int?
        var index = 0
        while index < count {
            if message[start + index] == UInt8(ascii: "-") {
                let isPair = index + 1 < count && message[start + index + 1] == UInt8(ascii: "-")
                if isPair {
                    guard gapAt == nil else { return nil }
                    gapAt = groupCount
                    index += 2
                    continue
                }
                // A single dash stands between two groups only.
                guard groupCount > 0, index + 1 < count, gapAt != groupCount else { return nil }
                index += 1
            }
            guard groupCount < 8, let group = hexGroup(message, start + index, end: start + count) else { return nil }
            groups[groupCount] = group.value
            groupCount += 1
            index += group.byteCount
        }
        guard gapAt == nil ? groupCount == 8 : groupCount < 8 else { return nil }
        return spread(groups, groupCount, gapAt: gapAt ?? 8)
    }

    private static func hexGroup(_ message: MessageBytes, _ start: Int, end: Int) -> (value: UInt16, byteCount: Int)? {
        var value: UInt16 = 0
        var at = start
        while at < end, message[at] != UInt8(ascii: "-") {
            guard at - start < 4, let digit = hexDigit(message[at]) else { return nil }
            value = value << 4 | UInt16(digit)
            at += 1
        }
        return at > start ? (value, at - start) : nil
    }

    private static func hexDigit(_ character: UInt8) -> UInt8? {
        switch character {
        case 48...57: character - 48
        case 97...102: character - 87
        case 65...70: character - 55
        default: nil
        }
    }

    private static func spread(
        _ groups: InlineArray<8, UInt16>, _ count: Int, gapAt: Int
    ) -> (high: UInt64, low: UInt64) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for place in 0..<8 {
            let skipped = 8 - count
            let source = place < gapAt ? place : place - skipped
            let isGap = place >= gapAt && place < gapAt + skipped
            let value: UInt64 = isGap ? 0 : UInt64(groups[source])
            if place < 4 { high = high << 16 | value } else { low = low << 16 | value }
        }
        return (high, low)
    }
}
