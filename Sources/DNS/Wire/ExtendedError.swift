/// Why an answer is not the plain truth (RFC 8914): a code and a sentence for the one who reads `dig`.
public struct ExtendedError: Hashable, Sendable {
    public let code: UInt16
    private let words: Words

    /// A sentence of our own is in the program; one that names an upstream is made when it is needed.
    private enum Words: Sendable {
        case fixed(StaticString)
        case made([UInt8])
    }

    /// Octets of a sentence at most: it must leave room for records.
    public static let longestText = 100

    public static let stale = ExtendedError(3, "the upstreams do not answer; this is an old answer")
    public static let cachedError = ExtendedError(13, "no upstream answered a moment ago")
    public static let notReady = ExtendedError(14, "the catalog has not been loaded yet")
    public static let prohibited = ExtendedError(18, "this server does not answer such queries of this client")
    public static let staleNameError = ExtendedError(19, "the upstreams do not answer; this is an old denial")
    public static let notAuthoritative = ExtendedError(20, "no zone of this server has the name, and nobody is asked")

    public init(_ code: UInt16, _ text: StaticString) {
        self.code = code
        words = .fixed(text)
    }

    /// The same code with other words, such as an upstream's name; cut to `longestText` octets of whole characters.
    /// Allocates: not for the query path.
    public func saying(_ text: String) -> ExtendedError {
        ExtendedError(code: code, words: .made(Array(text.utf8.prefix(wholeCharacters(of: text)))))
    }

    private init(code: UInt16, words: Words) {
        self.code = code
        self.words = words
    }

    /// Octets of the sentence.
    var textByteCount: Int {
        switch words {
        case .fixed(let text): text.utf8CodeUnitCount
        case .made(let octets): octets.count
        }
    }

    public var text: String {
        switch words {
        case .fixed(let text): "\(text)"
        case .made(let octets): String(decoding: octets, as: UTF8.self)
        }
    }

    func writeText(into bytes: MessageBytes, at offset: Int) {
        switch words {
        case .fixed(let text): bytes.store(text, at: offset)
        case .made(let octets): bytes.store(octets, at: offset)
        }
    }

    public static func == (a: ExtendedError, b: ExtendedError) -> Bool { a.code == b.code && a.text == b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// Octets of the longest beginning of `text` that ends with a character and holds `ExtendedError.longestText` at most.
private func wholeCharacters(of text: String) -> Int {
    var byteCount = 0
    for scalar in text.unicodeScalars {
        let longer = byteCount + UTF8.width(scalar)
        guard longer <= ExtendedError.longestText else { break }
        byteCount = longer
    }
    return byteCount
}
