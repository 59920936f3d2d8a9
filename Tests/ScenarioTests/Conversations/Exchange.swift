import DNS

/// One question with the whole answer that it must get.
struct Exchange: Sendable {
    var name: String
    var type: RecordType
    var isTCP = false
    /// Asked over UDP alone: the answer tells the transport.
    var isUDP = false
    /// The size that an OPT record offers; nil for none.
    var ednsByteCount: UInt16? = 1232
    var ednsVersion: UInt8 = 0
    /// "IN", "CH".
    var className = "IN"
    /// Asks for the server's identifier (RFC 5001).
    var wantsServerID = false
    /// Sends a client cookie (RFC 7873).
    var sendsCookie = false
    /// Records of the answer section, whichever they are; nil where they are named.
    var answerCount: Int?
    var expected = Answer()
    /// The line of the file on which the question stands.
    var line = 0

    /// The question's bytes (RFC 1035 §4.1, RFC 6891 §6.1).
    func query() throws -> [UInt8] {
        guard let owner = Name(name) else { throw Trouble("\"\(name)\" is no name") }
        let id = UInt16.random(in: .min ... .max)
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, ednsByteCount == nil ? 0 : 1]
        bytes += owner.wire
        let codes: [String: UInt8] = ["IN": 1, "CH": 3, "HS": 4]
        guard let code = codes[className] else { throw Trouble("class \(className) is not known here") }
        bytes += [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 255), 0, code]
        if let size = ednsByteCount {
            var options: [UInt8] = wantsServerID ? [0, 3, 0, 0] : []
            if sendsCookie { options += [0, 10, 0, 8] + Self.clientCookie }
            bytes += [0, 0, 41, UInt8(size >> 8), UInt8(size & 255), 0, ednsVersion, 0, 0, 0, UInt8(options.count)]
            bytes += options
        }
        return bytes
    }

    static let clientCookie: [UInt8] = [0xc1, 0x1e, 0x27, 0xc0, 0x0c, 0x1e, 0x00, 0x01]
}

/// An answer as lines of text, in the same form wherever it comes from.
struct Answer: Equatable, Sendable, CustomStringConvertible {
    var code = ""
    var isAuthoritative = false
    var isTruncated = false
    /// "NAME TTL TYPE DATA", CNAMEs in the order of their chain, then the rest sorted.
    var answers: [String] = []
    var authority: [String] = []
    var additional: [String] = []
    var extendedError: UInt16?
    /// What the server calls itself (RFC 5001).
    var serverID: String?
    /// A cookie of client and server (RFC 9018).
    var hasCookie = false

    var description: String {
        let flags = (isAuthoritative ? " aa" : "") + (isTruncated ? " tc" : "")
        var lines = ["expect      \(code)\(flags)"]
        lines += answers.map { "answer      " + $0 }
        lines += authority.map { "authority   " + $0 }
        lines += additional.map { "additional  " + $0 }
        if let error = extendedError { lines.append("error       \(error)") }
        if let id = serverID { lines.append("nsid        \(id)") }
        if hasCookie { lines.append("cookie") }
        return lines.joined(separator: "\n")
    }

    /// Puts the records into the order in which they are compared.
    mutating func arrange() {
        let chain = answers.prefix { $0.split(separator: " ")[2] == "CNAME" }
        answers = chain + answers.dropFirst(chain.count).sorted()
        authority.sort()
        additional.sort()
    }
}
