/// What `dig` and `drill` print, read back into answers. Both write the same form.
struct ToolText {
    /// One for each answer, in order.
    private(set) var answers: [Answer] = []
    private var section: WritableKeyPath<Answer, [String]>?

    init(_ output: String) throws {
        for line in output.split(separator: "\n") { try read(line) }
        for index in answers.indices { answers[index].arrange() }
    }

    private mutating func read(_ line: Substring) throws {
        if line.hasPrefix(";; ->>HEADER<<-") {
            answers.append(
                Answer(code: Self.word(after: "status: ", in: line) ?? Self.word(after: "rcode: ", in: line) ?? ""))
            section = nil
        } else if line.hasPrefix(";; flags:"), let last = answers.indices.last {
            let flags = line.dropFirst(9).prefix { $0 != ";" }.split(separator: " ")
            answers[last].isAuthoritative = flags.contains("aa")
            answers[last].isTruncated = flags.contains("tc")
        } else if line.hasPrefix("; EDE: "), let last = answers.indices.last {
            answers[last].extendedError = UInt16(line.dropFirst(7).prefix { $0.isNumber })
        } else if line.hasPrefix("; NSID: "), let last = answers.indices.last {
            // The octets, then the same as text: 61 62 ("ab")
            answers[last].serverID = line.firstIndex(of: "\"").map { String(line[$0...].dropFirst().dropLast(2)) }
        } else if line.hasPrefix("; COOKIE: "), let last = answers.indices.last {
            answers[last].hasCookie = line.dropFirst(10).prefix { $0.isHexDigit }.count == 48
        } else if line.hasPrefix(";; "), line.contains(" SECTION:") {
            section = Self.sections[line.dropFirst(3).prefix { $0 != " " }]
        } else if !line.hasPrefix(";"), let section, let last = answers.indices.last {
            answers[last][keyPath: section].append(try Self.record(line))
        }
    }

    private static var sections: [Substring: WritableKeyPath<Answer, [String]>] {
        ["ANSWER": \.answers, "AUTHORITY": \.authority, "ADDITIONAL": \.additional]
    }

    private static func word(after label: String, in line: Substring) -> String? {
        line.firstRange(of: label).map { String(line[$0.upperBound...].prefix { $0 != "," && $0 != " " }) }
    }

    /// "NAME TTL IN TYPE DATA" without the class IN, an SOA without what every zone of ours has alike, and a client's own
    /// port as "PORT".
    private static func record(_ line: Substring) throws -> String {
        var words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard words.count >= 5 else { throw Trouble("no record: \(line)") }
        if words[2] == "IN" { words.remove(at: 2) }
        let fixed: [ArraySlice<String>] = [["7200", "1800", "86400"], ["0", "0", "0"]]
        if words[2] == "SOA", words.count == 10, fixed.contains(words[6...8]) { words.removeSubrange(5...8) }
        if words[2] == "SRV", words.count == 7, words[3...4] == ["0", "0"], words[6] == "." { words[5] = "PORT" }
        return words.joined(separator: " ")
    }
}
