/// A condition on labels in the language of `kubectl --selector`:
/// `k=v`, `k==v`, `k!=v`, `k in (a, b)`, `k notin (a, b)`, `k`, `!k`, joined by commas that all must hold.
///
/// `!=` and `notin` also hold where the label is absent, as the API server has it.
public struct LabelSelector: Hashable, Sendable {
    enum Requirement: Hashable, Sendable {
        case exists(String)
        case absent(String)
        case oneOf(String, [String])
        case noneOf(String, [String])
    }

    let requirements: [Requirement]

    /// Why a text is no selector, as a sentence that names the part.
    public struct ParseError: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// The empty text selects everything.
    public init(parsing text: String) throws(ParseError) {
        var parser = SelectorParser(text)
        requirements = try parser.requirements()
    }

    public func matches(_ labels: Labels) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .exists(let key): labels[key] != nil
            case .absent(let key): labels[key] == nil
            case .oneOf(let key, let values): labels[key].map(values.contains) ?? false
            case .noneOf(let key, let values): labels[key].map { !values.contains($0) } ?? true
            }
        }
    }
}

/// Reads a selector from left to right, one requirement after the other.
private struct SelectorParser {
    private var rest: Substring
    private let text: String

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    mutating func requirements() throws(LabelSelector.ParseError) -> [LabelSelector.Requirement] {
        var found: [LabelSelector.Requirement] = []
        skipBlanks()
        guard !rest.isEmpty else { return found }
        repeat { found.append(try requirement()) } while take(",")
        guard rest.isEmpty else { throw failure("cannot read \"\(rest)\"") }
        return found
    }

    private mutating func requirement() throws(LabelSelector.ParseError) -> LabelSelector.Requirement {
        if take("!") { return .absent(try key()) }
        let key = try key()
        if take("!=") { return .noneOf(key, [try value()]) }
        if take("==") || take("=") { return .oneOf(key, [try value()]) }
        switch word() {
        case "in": return .oneOf(key, try values())
        case "notin": return .noneOf(key, try values())
        case "": return .exists(key)
        case let other: throw failure("\"\(other)\" is no operator; use =, !=, in or notin")
        }
    }

    private mutating func key() throws(LabelSelector.ParseError) -> String {
        let key = word()
        guard !key.isEmpty else { throw failure("a label key is missing before \"\(rest)\"") }
        guard NameRule.isLabelKey(key.utf8.span) else { throw failure("\"\(key)\" is no label key") }
        return key
    }

    private mutating func values() throws(LabelSelector.ParseError) -> [String] {
        guard take("(") else { throw failure("in and notin need a list in parentheses") }
        var values: [String] = []
        repeat { values.append(try value()) } while take(",")
        guard take(")") else { throw failure("the list of values is not closed by )") }
        return values
    }

    /// May be empty: `k=` is a label with an empty value.
    private mutating func value() throws(LabelSelector.ParseError) -> String {
        let value = word()
        guard NameRule.isLabelValue(value.utf8.span) else { throw failure("\"\(value)\" is no label value") }
        return value
    }

    private mutating func word() -> String {
        skipBlanks()
        let end = rest.firstIndex { " \t\n,=!()".contains($0) } ?? rest.endIndex
        defer {
            rest = rest[end...]
            skipBlanks()
        }
        return String(rest[..<end])
    }

    private mutating func take(_ mark: String) -> Bool {
        guard rest.hasPrefix(mark) else { return false }
        rest = rest.dropFirst(mark.count)
        skipBlanks()
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" }
    }

    private func failure(_ reason: String) -> LabelSelector.ParseError {
        LabelSelector.ParseError(description: "the selector \"\(text)\" is not valid: \(reason)")
    }
}
