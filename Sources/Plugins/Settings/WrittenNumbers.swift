import SourceText

/// The smallest and largest duration that an option may have.
struct DurationBounds {
    let range: ClosedRange<Duration>
    /// "1ms–24h"
    let text: String

    /// The lower bound and a day, beyond which no clock of the server counts.
    static let anything = DurationBounds(range: .zero ... .seconds(86400), text: "0s–24h")
    static let positive = DurationBounds(range: .milliseconds(1) ... .seconds(86400), text: "1ms–24h")
}

extension Reading {
    /// The duration written here; nil after reporting why there is none.
    ///
    /// - Parameter name: what it is: "lameduck".
    mutating func duration(_ word: Corefile.Token, _ name: String, in bounds: DurationBounds) -> Duration? {
        guard let value = Duration(written: word.text) else {
            error(word, "\(name) must be a duration such as 5s, 500ms or 1m30s, not \"\(word.text)\"")
            return nil
        }
        guard bounds.range.contains(value) else {
            error(word, "\(name) must be \(bounds.text), not \"\(word.text)\"")
            return nil
        }
        return value
    }

    /// The whole number written here in digits; nil after reporting why there is none.
    mutating func number(_ word: Corefile.Token, _ name: String, in range: ClosedRange<UInt32>) -> UInt32? {
        guard word.text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), let value = UInt32(word.text),
            range.contains(value)
        else {
            let bounds = "\(range.lowerBound)–\(range.upperBound)"
            error(word, "\(name) must be a whole number \(bounds), not \"\(word.text)\"")
            return nil
        }
        return value
    }

    /// The value that one of the words of an enumeration names; nil after reporting that it is none.
    mutating func choice<Value: CaseIterable & RawRepresentable<String>>(
        _ word: Corefile.Token, of type: Value.Type
    ) -> Value? {
        if let value = Value(rawValue: word.text) { return value }
        let words = Value.allCases.map(\.rawValue)
        error(
            word,
            "\"\(word.text)\" is none of \(listed(words, joinedBy: "and"))"
                + suggestion(for: word.text, among: words))
        return nil
    }
}
