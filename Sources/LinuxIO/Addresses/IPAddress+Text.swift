extension IPAddress: CustomStringConvertible {
    /// Canonical text: "192.0.2.1", or IPv6 by RFC 5952.
    public var description: String { isIPv4 ? dotted(v4) : ipv6Text }

    private var ipv6Text: String {
        // RFC 5952 §5: addresses that carry an IPv4 address show it.
        if v6.high == 0, v6.low >> 32 == 0xffff { return "::ffff:" + dotted(v4) }
        let gap = longestZeroRun
        var text = ""
        var index = 0
        while index < 8 {
            if index == gap.lowerBound, !gap.isEmpty {
                text += "::"
                index = gap.upperBound
                continue
            }
            if index > 0, index != gap.upperBound || gap.isEmpty { text += ":" }
            text += String(group(index), radix: 16)
            index += 1
        }
        return text
    }

    private func group(_ index: Int) -> UInt16 {
        let half = index < 4 ? v6.high : v6.low
        return UInt16(truncatingIfNeeded: half >> (48 - 16 * (index % 4)))
    }

    /// The first of the longest runs of two or more zero groups (RFC 5952 §4.2); empty if there is none.
    private var longestZeroRun: Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0..<8 {
            guard group(index) == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > max(longest.count, 1) { longest = start..<index + 1 }
        }
        return longest
    }
}

private func dotted(_ v4: UInt32) -> String {
    "\(v4 >> 24).\(v4 >> 16 & 255).\(v4 >> 8 & 255).\(v4 & 255)"
}
