extension IPAddress {
    /// The address written as text: four decimal numbers without leading zeros, or RFC 4291 §2.2 without a zone id.
    public init?(_ text: String) {
        self.init(utf8: text.utf8.span)
    }

    public init?(utf8 bytes: UnsafeRawBufferPointer) {
        self.init(utf8: unsafe Span<UInt8>(_unsafeBytes: bytes))
    }

    public init?(utf8 text: Span<UInt8>) {
        // The longest form is 39 octets, or 45 with a dotted tail.
        guard text.count >= 2, text.count <= 45 else { return nil }
        if let v4 = parsedIPv4(text, from: 0) {
            self.init(v4: v4)
            return
        }
        guard let v6 = parsedIPv6(text) else { return nil }
        self.init(v6High: UInt64(truncatingIfNeeded: v6 >> 64), low: UInt64(truncatingIfNeeded: v6))
    }
}

/// Four decimal numbers 0–255 that reach to the end of the text.
private func parsedIPv4(_ text: Span<UInt8>, from start: Int) -> UInt32? {
    var address: UInt32 = 0
    var index = start
    for part in 0..<4 {
        if part > 0 {
            guard index < text.count, text[index] == UInt8(ascii: ".") else { return nil }
            index += 1
        }
        guard let number = decimalOctet(text, at: &index) else { return nil }
        address = address << 8 | number
    }
    return index == text.count ? address : nil
}

/// One number 0–255; "01" and "256" are none.
private func decimalOctet(_ text: Span<UInt8>, at index: inout Int) -> UInt32? {
    let start = index
    var number: UInt32 = 0
    while index < text.count, index - start < 3, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
        number = number * 10 + UInt32(digit)
        index += 1
    }
    guard index > start, number <= 255 else { return nil }
    guard index - start == 1 || text[start] != UInt8(ascii: "0") else { return nil }
    return number
}

private func parsedIPv6(_ text: Span<UInt8>) -> UInt128? {
    var groups = IPv6Groups()
    var index = 0
    if text[0] == UInt8(ascii: ":") {
        guard text[1] == UInt8(ascii: ":") else { return nil }
        groups.gap = 0
        index = 2
    }
    while index < text.count {
        let start = index
        guard let group = hexGroup(text, at: &index) else { return nil }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            guard let tail = parsedIPv4(text, from: start) else { return nil }
            groups.append(UInt128(tail), count: 2)
            break
        }
        groups.append(group, count: 1)
        if index == text.count { break }
        guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
        index += 1
        guard text[index] == UInt8(ascii: ":") else { continue }
        guard groups.gap == nil else { return nil }
        groups.gap = groups.count
        index += 1
    }
    return groups.address
}

/// One to four hexadecimal digits.
private func hexGroup(_ text: Span<UInt8>, at index: inout Int) -> UInt128? {
    let start = index
    var group: UInt128 = 0
    while index < text.count, let digit = hexDigit(text[index]) {
        guard index - start < 4 else { return nil }
        group = group << 4 | digit
        index += 1
    }
    return index > start ? group : nil
}

private func hexDigit(_ byte: UInt8) -> UInt128? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt128(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt128(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt128(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}

/// The groups read so far, and how many stood before "::".
private struct IPv6Groups {
    private var bits: UInt128 = 0
    private(set) var count = 0
    var gap: Int?

    mutating func append(_ group: UInt128, count added: Int) {
        bits = bits << (16 * added) | group
        count += added
    }

    var address: UInt128? {
        guard let gap else { return count == 8 ? bits : nil }
        // "::" stands for at least one group (RFC 4291 §2.2).
        guard count <= 7 else { return nil }
        let tailBits = 16 * (count - gap)
        let tail = bits & ((1 << tailBits) - 1)
        let front = bits >> tailBits
        return front << (128 - 16 * gap) | tail
    }
}
