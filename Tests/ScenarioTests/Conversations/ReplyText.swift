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
        arrange()
    }

    private static func text(_ record: Reply.Record) -> String {
        "\(record.owner) \(record.ttl) \(record.type) \(text(record.data))"
    }

    private static func text(_ data: Reply.Data) -> String {
        switch data {
        case .address(let address): address
        case .service(let priority, let weight, let port, let target): "\(priority) \(weight) \(port) \(target)"
        case .name(let name): "\(name)"
        case .text(let texts): texts.map { "\"\($0)\"" }.joined(separator: " ")
        case .authority(let primary, let mailbox, _, let minimum): "\(primary) \(mailbox) \(minimum)"
        case .other(let bytes): "\\# \(bytes.count) " + bytes.map { String($0, radix: 16) }.joined()
        }
    }
}
