import DNS
import LinuxIO

/// The text of a `conversations.txt`; zones/README.md describes its lines.
struct ConversationFile {
    /// Questions to one server.
    struct Session: Sendable {
        /// Lines for the block of `kubernetes`; empty means: as on the command line.
        var options: [String] = []
        /// Nil for `cluster.local` and all reverse zones.
        var zones: String?
        var exchanges: [Exchange] = []
        var line = 1

        var isPlain: Bool { options.isEmpty && zones == nil }
    }

    private(set) var sessions = [Session()]

    init(_ text: String) throws {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = Self.words(line)
            guard let first = words.first else { continue }
            do {
                try read(first, Array(words.dropFirst()), line: index + 1)
            } catch {
                throw Trouble("line \(index + 1): \(error)")
            }
        }
        sessions.removeAll { $0.exchanges.isEmpty }
        for session in sessions.indices {
            for index in sessions[session].exchanges.indices { sessions[session].exchanges[index].expected.arrange() }
        }
    }

    private static func words(_ line: Substring) -> [String] {
        let words = line.split(separator: " ").map { String($0).replacing("{host}", with: machineName()) }
        return Array(words.prefix { !$0.hasPrefix("#") })
    }

    private mutating func read(_ key: String, _ words: [String], line: Int) throws {
        let session = sessions.count - 1
        switch key {
        case "serve": sessions.append(Self.session(words, line: line))
        case "ask": sessions[session].exchanges.append(try Self.question(words, line: line))
        default:
            guard let last = sessions[session].exchanges.indices.last else { throw Trouble("there is no question yet") }
            try sessions[session].exchanges[last].expect(key, words)
        }
    }

    private static func session(_ words: [String], line: Int) -> Session {
        var session = Session(line: line)
        for option in words.joined(separator: " ").split(separator: ";") {
            let option = option.drop { $0 == " " }
            if option.hasPrefix("zones ") {
                session.zones = String(option.dropFirst(6))
            } else {
                session.options.append(String(option))
            }
        }
        return session
    }

    private static func question(_ words: [String], line: Int) throws -> Exchange {
        guard words.count >= 2, let type = RecordType(words[1]) else { throw Trouble("write: ask NAME TYPE") }
        var exchange = Exchange(name: words[0], type: type, line: line)
        var rest = words.dropFirst(2)
        while let word = rest.popFirst() {
            switch word {
            case "tcp": exchange.isTCP = true
            case "udp": exchange.isUDP = true
            case "nsid": exchange.wantsServerID = true
            case "cookie": exchange.sendsCookie = true
            case "noedns": exchange.ednsByteCount = nil
            case "bufsize": exchange.ednsByteCount = rest.popFirst().flatMap { UInt16($0) }
            case "class": exchange.className = rest.popFirst() ?? ""
            case "edns": exchange.ednsVersion = rest.popFirst().flatMap { UInt8($0) } ?? 0
            default: throw Trouble("\"\(word)\" is no word for a question")
            }
        }
        return exchange
    }
}

extension Exchange {
    fileprivate mutating func expect(_ key: String, _ words: [String]) throws {
        switch key {
        case "expect":
            expected.code = words.first ?? ""
            expected.isAuthoritative = words.contains("aa")
            expected.isTruncated = words.contains("tc")
        case "answer":
            let isShort = words.first.map { UInt32($0) != nil } ?? false
            expected.answers.append(try Self.record(isShort ? [name] + words : words))
        case "answers":
            guard let count = words.first.flatMap({ Int($0) }) else { throw Trouble("write: answers COUNT") }
            answerCount = count
        case "additional": expected.additional.append(try Self.record(words))
        case "authority": expected.authority.append(try Self.record(words))
        case "soa":
            guard words.count == 2 else { throw Trouble("write: soa ZONE TTL") }
            let zone = Self.whole(words[0])
            expected.authority.append("\(zone) \(words[1]) SOA ns.dns.\(zone) hostmaster.\(zone) \(words[1])")
        case "error": expected.extendedError = words.first.flatMap { UInt16($0) }
        case "nsid": expected.serverID = words.joined(separator: " ")
        case "cookie": expected.hasCookie = true
        default: throw Trouble("\"\(key)\" begins no line")
        }
    }

    private static func record(_ words: [String]) throws -> String {
        guard words.count >= 4, UInt32(words[1]) != nil else { throw Trouble("a record is NAME TTL TYPE DATA") }
        return ([whole(words[0])] + words.dropFirst()).joined(separator: " ")
    }

    private static func whole(_ name: String) -> String { name.hasSuffix(".") ? name : name + "." }
}
