/// A word as written, before substitution.
struct CorefileWord: Hashable {
    var text: String
    var location: SourceLocation
    var isQuoted: Bool

    /// `{` and `}` alone are marks; in quotes they are text.
    func isMark(_ mark: String) -> Bool { !isQuoted && text == mark }

    /// A closing brace at the same place.
    var brace: CorefileWord { CorefileWord(text: "}", location: location, isQuoted: false) }
}

/// The words of one line. A quoted word may reach over several lines of the file; what follows it is the same line.
struct CorefileLine {
    var words: [CorefileWord]
    /// True if this line was cut from another one and the mistake in it was reported.
    var isCut = false
}

/// Cuts a text into lines of words.
///
/// Blanks part words; a word that starts with `#` ends its line; a word that starts with `"` goes to the next `"`,
/// over line breaks too, and holds a quote as `\"`.
struct CorefileLexer {
    private let file: String
    private let characters: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var column = 1
    private var lines: [CorefileLine] = []
    private var words: [CorefileWord] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String, text: String) {
        self.file = file
        characters = Array(text.unicodeScalars)
        // A byte order mark is no part of the first word.
        if characters.first == "\u{feff}" { index = 1 }
    }

    mutating func read() -> [CorefileLine] {
        while let next = peek {
            switch next {
            case "\n": endLine()
            case "#": skipComment()
            case "\"": readQuoted()
            case _ where next.properties.isWhitespace: step()
            default: readPlain()
            }
        }
        endWords()
        return lines
    }

    private var peek: Unicode.Scalar? { index < characters.count ? characters[index] : nil }
    private var location: SourceLocation { SourceLocation(file: file, line: line, column: column) }

    private mutating func step() {
        if characters[index] == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        index += 1
    }

    private mutating func endLine() {
        endWords()
        step()
    }

    private mutating func endWords() {
        if !words.isEmpty { lines.append(CorefileLine(words: words)) }
        words = []
    }

    private mutating func skipComment() {
        while let next = peek, next != "\n" { step() }
    }

    private mutating func readPlain() {
        let start = location
        var text = String.UnicodeScalarView()
        while let next = peek, !next.properties.isWhitespace {
            text.append(next)
            step()
        }
        append(String(text), at: start, isQuoted: false)
    }

    private mutating func readQuoted() {
        let start = location
        let (startIndex, startLine, startColumn) = (index, line, column)
        var text = String.UnicodeScalarView()
        step()
        while let next = peek, next != "\"" {
            if next == "\\", index + 1 < characters.count, characters[index + 1] == "\"" { step() }
            text.append(characters[index])
            step()
        }
        guard peek != nil else {
            report(start, "this quote is never closed: add a \" where the text ends")
            (index, line, column) = (startIndex, startLine, startColumn)
            readToEndOfLine()
            return
        }
        step()
        append(String(text), at: start, isQuoted: true)
    }

    /// Takes an unclosed quote as text to the end of its line, so that the lines below are read.
    private mutating func readToEndOfLine() {
        let start = location
        var text = String.UnicodeScalarView()
        step()
        while let next = peek, next != "\n" {
            text.append(next)
            step()
        }
        append(String(text), at: start, isQuoted: true)
    }

    private mutating func append(_ text: String, at start: SourceLocation, isQuoted: Bool) {
        guard let bad = text.unicodeScalars.first(where: isControl) else {
            words.append(CorefileWord(text: text, location: start, isQuoted: isQuoted))
            return
        }
        let digits = String(bad.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        report(start, "this word holds the control character \(code); remove it")
    }

    private func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t" && scalar != "\r"
    }

    private mutating func report(_ location: SourceLocation, _ text: String) {
        diagnostics.append(Diagnostic(.error, at: location, text))
    }
}
