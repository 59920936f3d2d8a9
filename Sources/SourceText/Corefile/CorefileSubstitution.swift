/// Puts values in the place of `{$NAME}`, `{$NAME:default}`, `{%NAME%}`, `{args[0]}` and `{args.0}`.
struct CorefileSubstitution {
    /// The value of an environment variable.
    let environment: (String) -> String?
    /// What follows the pattern of the `import` line; nil outside of imports.
    let arguments: [String]?
    /// Variables that have no value and no default; nothing takes their place.
    private(set) var unset: [String] = []
    /// Numbers of arguments that the `import` line does not give.
    private(set) var missing: [Int] = []
    /// Numbers of arguments that were asked for.
    private(set) var used: Set<Int> = []

    init(environment: @escaping (String) -> String?, arguments: [String]?) {
        self.environment = environment
        self.arguments = arguments
    }

    /// The text with every reference replaced, from left to right. A value is not searched for references again.
    mutating func apply(to text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard let (value, end) = reference(in: rest) else {
                result += "{"
                rest = rest.dropFirst()
                continue
            }
            result += value
            rest = rest[end...]
        }
        return result + rest
    }

    /// The value of the reference that `text` starts with, and where it ends.
    private mutating func reference(in text: Substring) -> (String, String.Index)? {
        if text.hasPrefix("{$") {
            guard let close = text.firstIndex(of: "}") else { return nil }
            let body = text[..<close].dropFirst(2)
            guard !body.isEmpty else { return nil }
            return (variable(body), text.index(after: close))
        }
        if text.hasPrefix("{%") {
            guard let close = text.firstIndex(of: "}") else { return nil }
            let body = text[..<close].dropFirst(2)
            guard body.count > 1, body.last == "%" else { return nil }
            return (value(of: String(body.dropLast())) ?? "", text.index(after: close))
        }
        return argument(in: text)
    }

    private mutating func variable(_ body: Substring) -> String {
        guard let colon = body.firstIndex(of: ":") else { return value(of: String(body)) ?? "" }
        let fallback = String(body[body.index(after: colon)...])
        return environment(String(body[..<colon])) ?? fallback
    }

    private mutating func value(of name: String) -> String? {
        let value = environment(name)
        if value == nil { unset.append(name) }
        return value
    }

    private mutating func argument(in text: Substring) -> (String, String.Index)? {
        guard let arguments, text.hasPrefix("{args"), let close = text.firstIndex(of: "}") else { return nil }
        let body = text[..<close].dropFirst(5)
        let digits: Substring
        if body.hasPrefix("[") && body.hasSuffix("]") {
            digits = body.dropFirst().dropLast()
        } else if body.hasPrefix(".") {
            digits = body.dropFirst()
        } else {
            return nil
        }
        guard digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), let number = Int(digits) else { return nil }
        used.insert(number)
        if number >= arguments.count { missing.append(number) }
        return (number < arguments.count ? arguments[number] : "", text.index(after: close))
    }
}
