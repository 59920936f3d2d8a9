/// "; did you mean \"forward\"?" where one of the words is likely meant, else "".
func suggestion(for word: String, among words: [String]) -> String {
    closest(to: word, among: words).map { "; did you mean \"\($0)\"?" } ?? ""
}

/// The word with the fewest slips of the keyboard between them, if those are few for its length.
func closest(to word: String, among words: [String]) -> String? {
    let written = Array(word.lowercased().utf8)
    guard (2...40).contains(written.count) else { return nil }
    let nearest = words.map { (word: $0, slips: slips(between: written, and: Array($0.utf8))) }.min {
        $0.slips < $1.slips
    }
    guard let nearest, nearest.slips <= max(1, min(written.count, nearest.word.utf8.count) / 3) else { return nil }
    return nearest.word
}

/// Letters left out, added, mistaken or exchanged with their neighbour (optimal string alignment).
func slips(between left: [UInt8], and right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let mistaken = last[column] + (left[row] == right[column] ? 0 : 1)
            var best = min(mistaken, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}

/// "a", "a and b", "a, b and c"
func listed(_ words: [String], joinedBy conjunction: String) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
}

extension Duration {
    /// "5s", "500ms", "1m30s", "1.5h", "0": numbers with units of ns, us, ms, s, m and h. At most nine digits a number.
    init?(written text: String) {
        guard text != "0" else {
            self = .zero
            return
        }
        var rest = Substring(text)
        var sum = Duration.zero
        while !rest.isEmpty {
            guard let (part, end) = Self.part(of: rest) else { return nil }
            sum += part
            rest = rest[end...]
        }
        guard !text.isEmpty else { return nil }
        self = sum
    }

    /// As Go writes a duration, and CoreDNS with it: "5m0s", "1h0m0s", "1.5s", "500ms", "0s".
    var goText: String {
        guard self >= .zero else { return "-" + (.zero - self).goText }
        let (seconds, nanoseconds) = (components.seconds, components.attoseconds / 1_000_000_000)
        guard seconds > 0 else {
            let unit = Self.units.last { $0.nanoseconds <= max(nanoseconds, 1) && $0.name != "us" }
            guard let unit, nanoseconds > 0 else { return "0s" }
            return Self.decimal(nanoseconds, per: unit.nanoseconds) + unit.name
        }
        let rest = Self.decimal(seconds % 60 * 1_000_000_000 + nanoseconds, per: 1_000_000_000) + "s"
        guard seconds >= 60 else { return rest }
        guard seconds >= 3600 else { return "\(seconds / 60)m\(rest)" }
        return "\(seconds / 3600)h\(seconds / 60 % 60)m\(rest)"
    }

    /// "1.5" for 1500 of 1000; `unit` is a power of ten.
    private static func decimal(_ count: Int64, per unit: Int64) -> String {
        // The leading one keeps the zeros behind the point.
        var fraction = "\(unit + count % unit)".dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(count / unit)" : "\(count / unit).\(fraction)"
    }

    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ]

    /// The first number with its unit, and where it ends.
    private static func part(of text: Substring) -> (Duration, String.Index)? {
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text[number.endIndex...].prefix { $0.isLetter }
        let digits = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let scale = units.first(where: { $0.name == unit })?.nanoseconds, (1...2).contains(digits.count),
            digits.allSatisfy({ $0.count <= 9 }), digits.contains(where: { !$0.isEmpty })
        else { return nil }
        var sum = Duration.nanoseconds(scale) * (Int64(digits[0]) ?? 0)
        if digits.count == 2, let fraction = Int64(digits[1]) {
            let divisor = (0..<digits[1].count).reduce(Int64(1)) { product, _ in product * 10 }
            sum += Duration.nanoseconds(scale) * fraction / divisor
        }
        return (sum, unit.endIndex)
    }
}

/// A path as it is, or from the folder of the file that it is written in.
func pathFrom(folderOf file: String, _ path: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
}
