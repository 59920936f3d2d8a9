/// A secret of sixteen octets that server cookies are made with (RFC 9018 §5); its octets as two little-endian words.
public struct CookieSecret: Sendable {
    let first: UInt64
    let second: UInt64

    /// - Parameters:
    ///   - first: octets 0 to 7, octet 0 the lowest.
    ///   - second: octets 8 to 15.
    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }

    /// A new secret; the source must be a cryptographic one (`SystemRandomNumberGenerator`).
    public init(using source: inout some RandomNumberGenerator) { self.init(source.next(), source.next()) }
}

/// The secret that cookies are made with, and the one before it, whose cookies are still good (RFC 9018 §5).
public struct CookieSecrets: Sendable {
    public private(set) var current: CookieSecret
    public private(set) var previous: CookieSecret

    public init(current: CookieSecret, previous: CookieSecret) {
        self.current = current
        self.previous = previous
    }

    /// Takes a new secret and keeps the current one for cookies that are on their way. An hour later, all are renewed.
    public mutating func roll(to next: CookieSecret) {
        previous = current
        current = next
    }
}

/// What a client's cookie proved.
public enum CookieVerdict: Sendable {
    /// The client sent none.
    case absent
    /// A client cookie alone: the client is yet to learn ours.
    case fresh
    /// Ours, for this address, and not too old: the sender's address is no invention.
    case valid
    /// Too old, made for another address or by another server, or of another form.
    case wrong
}

/// The COOKIE option of a query, and then of its answer (RFC 7873 §4, RFC 9018 §4), octets as they lie in the message.
struct Cookie: Sendable {
    var client: UInt64 = 0
    /// Version, three reserved octets and the timestamp of a server cookie; zero when it has not our form.
    var head: UInt64 = 0
    var hash: UInt64 = 0

    static let version: UInt64 = 1
    /// Octets of an answer's option: code, length, both cookies.
    static let optionByteCount = 4 + 8 + 16
    /// Seconds that a server cookie is good for, that it may lie in the future, and after which it is renewed (§4.3).
    static let life: Int32 = 3600
    static let lead: Int32 = 300
    static let renewal: Int32 = 1800

    var hasOurForm: Bool { head & 0xff == Self.version }

    /// Seconds since it was made, on a circle (RFC 1982).
    func age(at now: UInt32) -> Int32 {
        Int32(bitPattern: now &- UInt32(truncatingIfNeeded: head >> 32).byteSwapped)
    }

    static func head(at now: UInt32) -> UInt64 { version | UInt64(now.byteSwapped) << 32 }

    /// The hash that a server cookie of this client cookie, head and client address has (§4.4).
    func hash(by secret: CookieSecret, for peer: (high: UInt64, low: UInt64, isIPv4: Bool)) -> UInt64 {
        var hash = SipHash(secret)
        hash.mix(client)
        hash.mix(head)
        if peer.isIPv4 {
            let address = UInt32(truncatingIfNeeded: peer.low).byteSwapped
            return hash.finish(tail: UInt64(address), byteCount: 20)
        }
        hash.mix(peer.high.byteSwapped)
        hash.mix(peer.low.byteSwapped)
        return hash.finish(byteCount: 32)
    }
}

extension Query {
    /// Makes the server cookie that the answer carries, and says what the client's proved. No cookie is demanded: a wrong
    /// one is answered with a good one (RFC 7873 §5.2.3).
    ///
    /// A good cookie comes back as it is until it is half an hour old or its secret has gone.
    /// - Parameters:
    ///   - peer: the client's address in host order; IPv4 in the lower half of `low`.
    ///   - now: seconds since 1970, modulo 2³² (RFC 9018 §4.3).
    @inline(__always)
    public mutating func answerCookie(
        with secrets: CookieSecrets, peer: (high: UInt64, low: UInt64, isIPv4: Bool), now: UInt32
    ) -> CookieVerdict {
        guard let options = edns?.options, options.contains(.cookie) else { return .absent }
        return makeCookie(with: secrets, peer: peer, now: now)
    }

    @inline(never)
    private mutating func makeCookie(
        with secrets: CookieSecrets, peer: (high: UInt64, low: UInt64, isIPv4: Bool), now: UInt32
    ) -> CookieVerdict {
        edns?.options.insert(.answersCookie)
        let isFresh = edns?.options.contains(.serverCookie) != true
        let age = cookie.age(at: now)
        var isValid = false
        if !isFresh, cookie.hasOurForm, age <= Cookie.life, age >= -Cookie.lead {
            if cookie.hash == cookie.hash(by: secrets.current, for: peer) {
                if age < Cookie.renewal { return .valid }
                isValid = true
            } else {
                isValid = cookie.hash == cookie.hash(by: secrets.previous, for: peer)
            }
        }
        cookie.head = Cookie.head(at: now)
        cookie.hash = cookie.hash(by: secrets.current, for: peer)
        return isFresh ? .fresh : isValid ? .valid : .wrong
    }
}
