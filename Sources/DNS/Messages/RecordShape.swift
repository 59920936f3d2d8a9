/// Where names lie in the data of a type. Types without a line here are octets that nobody looks into (RFC 3597 §3).
struct RecordShape {
    enum Rest: Equatable {
        case exactly(Int)
        case any
    }

    /// Octets in front of the first name.
    var prefix = 0
    /// Character strings behind the prefix.
    var textCount = 0
    var nameCount = 0
    /// Whether a name in it may be written as a pointer (RFC 1035 §3.3): the types of that RFC.
    var isCompressed = false
    /// Whether a pointer is read: also in the first types after it (RFC 3597 §4).
    var mayBeCompressed = false
    /// What follows the names.
    var rest = Rest.exactly(0)

    private static func old(prefix: Int = 0, _ nameCount: Int, rest: Rest = .exactly(0)) -> RecordShape {
        RecordShape(prefix: prefix, nameCount: nameCount, isCompressed: true, mayBeCompressed: true, rest: rest)
    }

    private static func young(
        prefix: Int = 0, texts: Int = 0, _ nameCount: Int, rest: Rest = .exactly(0), mayBeCompressed: Bool = false
    ) -> RecordShape {
        RecordShape(
            prefix: prefix, textCount: texts, nameCount: nameCount, mayBeCompressed: mayBeCompressed, rest: rest)
    }

    private static let opaque = RecordShape(rest: .any)

    static func of(_ type: UInt16) -> RecordShape {
        switch type {
        case 1: RecordShape(rest: .exactly(4))  // A
        case 28: RecordShape(rest: .exactly(16))  // AAAA
        case 2, 3, 4, 5, 7, 8, 9, 12: old(1)  // NS, MD, MF, CNAME, MB, MG, MR, PTR
        case 6: old(2, rest: .exactly(20))  // SOA
        case 14: old(2)  // MINFO
        case 15: old(prefix: 2, 1)  // MX
        case 17: young(2, mayBeCompressed: true)  // RP
        case 18, 21, 36: young(prefix: 2, 1, mayBeCompressed: true)  // AFSDB, RT, KX
        case 24: young(prefix: 18, 1, rest: .any, mayBeCompressed: true)  // SIG
        case 26: young(prefix: 2, 2, mayBeCompressed: true)  // PX
        case 33: young(prefix: 6, 1, mayBeCompressed: true)  // SRV
        case 35: young(prefix: 4, texts: 3, 1, mayBeCompressed: true)  // NAPTR
        case 39: young(1)  // DNAME
        case 46: young(prefix: 18, 1, rest: .any)  // RRSIG
        case 47: young(1, rest: .any)  // NSEC
        case 64, 65: young(prefix: 2, 1, rest: .any)  // SVCB, HTTPS
        default: opaque
        }
    }
}
