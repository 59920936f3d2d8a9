public import DNS

/// An answer in typed records.
public struct Reply: Sendable, Equatable {
    public let code: ResponseCode
    public let isAuthoritative: Bool
    public let isTruncated: Bool
    public let answers: [Record]
    public let authority: [Record]
    /// Without the OPT record.
    public let additional: [Record]
    /// The data of the EDNS options by their codes (RFC 6891 §6.1.2); nil without an OPT record.
    public let options: [UInt16: [UInt8]]?
    /// The message as it came.
    public let bytes: [UInt8]

    /// One record.
    public struct Record: Sendable, Hashable {
        public var owner: Name
        public var type: RecordType
        /// Seconds.
        public var ttl: UInt32
        public var data: Data
        /// 1 is IN, 3 is CH (RFC 1035 §3.2.4).
        public var rawClass: UInt16 = 1
    }

    /// What a record says.
    public enum Data: Sendable, Hashable {
        /// A or AAAA, in text form.
        case address(String)
        case service(priority: UInt16, weight: UInt16, port: UInt16, target: Name)
        /// CNAME, PTR or NS.
        case name(Name)
        /// The strings of TXT or HINFO.
        case text([String])
        case authority(primary: Name, mailbox: Name, serial: UInt32, minimum: UInt32)
        case other([UInt8])
    }

    /// The code of the extended error option (RFC 8914), if there is one.
    public var extendedError: UInt16? {
        guard let data = options?[15], data.count >= 2 else { return nil }
        return UInt16(data[0]) << 8 | UInt16(data[1])
    }

    /// The server's identifier (RFC 5001), if there is one.
    public var serverID: [UInt8]? { options?[3] }

    /// The addresses of all A and AAAA answers, sorted as text.
    public var addresses: [String] {
        answers.compactMap { if case .address(let text) = $0.data { text } else { nil } }.sorted()
    }

    /// The names of all CNAME, PTR and NS answers, in the order of the answer.
    public var names: [String] { answers.compactMap { if case .name(let name) = $0.data { "\(name)" } else { nil } } }

    /// The targets of all SRV answers as `target:port`, sorted.
    public var services: [String] {
        answers.compactMap {
            if case .service(_, _, let port, let target) = $0.data { "\(target):\(port)" } else { nil }
        }.sorted()
    }

    /// NOERROR, and nothing of the asked type.
    public var isNoData: Bool { code == .noError && answers.isEmpty }
}

extension Reply: CustomStringConvertible {
    public var description: String {
        ([code.description] + answers.map { "\($0.owner) \($0.ttl) \($0.type) \($0.data)" }).joined(separator: "; ")
    }
}
