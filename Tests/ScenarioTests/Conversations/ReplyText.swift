import ClusterDNSTestKit
import DNS

extension Answer {
    /// An answer that was read from bytes.
    init(_ reply: Reply) {
        code = "\(reply.code)"
        isAuthoritative = reply.isAuthoritative
        isTruncated = reply.isTruncated
        answers = reply.answers.map(Self.text)
        authority = reply.authority.map(Self.text)
        additional = reply.additional.map(Self.text)
        extendedError = reply.extendedError
        serverID = reply.serverID.map { String(decoding: $0, as: UTF8.self) }
        // Version 1: eight octets of the client, sixteen of the server.
        hasCookie = reply.options?[10].map { $0.count == 24 } ?? false
        arrange()
    }

    private static func text(_ record: Reply.Record) -> String {
        let type = record.type == hostInformation ? "HINFO" : "\(record.type)"
        return "\(record.owner) \(record.ttl) \(className(record.rawClass))\(type) \(text(record.data))"
    }

    private static let hostInformation = RecordType(rawValue: 13)

    /// Nothing for IN, which needs no mention.
    private static func className(_ code: UInt16) -> String {
        switch code {
        case 1: ""
        case 3: "CH "
        default: "CLASS\(code) "
        }
    }

    private static func text(_ data: Reply.Data) -> String {
        switch data {
        case .address(let address): address
        // A service of the root is the client's own port.
        case .service(0, 0, _, .root): "0 0 PORT ."
        case .service(let priority, let weight, let port, let target): "\(priority) \(weight) \(port) \(target)"
        case .name(let name): "\(name)"
        case .text(let texts): texts.map { "\"\($0)\"" }.joined(separator: " ")
        case .authority(let primary, let mailbox, _, let minimum): "\(primary) \(mailbox) \(minimum)"
        case .other(let bytes): "\\# \(bytes.count) " + bytes.map { String($0, radix: 16) }.joined()
        }
    }
}
