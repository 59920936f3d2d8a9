internal import CYAML

/// libyaml's complaint in words for the person who wrote the file.
@safe struct YAMLProblem {
    /// Where the person should look.
    private var line: Int
    private var column: Int
    /// Line on which the construct began that could not be read.
    private let startLine: Int
    private let complaint: String
    private let context: String
    /// The character at the place, nil at the end of the text.
    private let found: Unicode.Scalar?

    init(_ parser: UnsafePointer<yaml_parser_t>, in text: UnsafeRawBufferPointer, firstLine: Int) {
        let state = unsafe parser.pointee
        complaint = unsafe state.problem.map { unsafe String(cString: $0) } ?? ""
        context = unsafe state.context.map { unsafe String(cString: $0) } ?? ""
        startLine = firstLine + Int(unsafe state.context_mark.line)
        let mark = unsafe Self.pointsAtStart(complaint, context) ? state.context_mark : state.problem_mark
        line = firstLine + Int(mark.line)
        column = Int(mark.column) + 1
        found = unsafe TextPlace.character(in: text, line: Int(mark.line), column: Int(mark.column))
        guard unsafe state.error == YAML_READER_ERROR else { return }
        // The reader counts bytes only.
        var place = TextPlace(line: firstLine, column: 1)
        unsafe place.advance(over: UnsafeRawBufferPointer(rebasing: text[..<min(state.problem_offset, text.count)]))
        line = place.line
        column = place.column
    }

    var problem: DocumentProblem { DocumentProblem(line: line, column: column, sentence) }

    /// The opening quote or the key says more than the end of the file.
    private static func pointsAtStart(_ complaint: String, _ context: String) -> Bool {
        complaint == "could not find expected ':'"
            || (context == "while scanning a quoted scalar" && complaint.hasPrefix("found unexpected"))
    }

    private var sentence: String {
        if let found, found == "\t" { return "a tab cannot indent YAML: use spaces" }
        switch complaint {
        case "found character that cannot start any token":
            return "no value can begin with \(foundText): put it in quotes"
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return "a tab cannot indent YAML: use spaces"
        case "could not find expected ':'":
            return "expected ': ' after this key; a value of several lines needs quotes, '|' or '>'"
        case "mapping values are not allowed in this context":
            return "':' cannot stand here: put the value in quotes, or begin the key on its own line"
        case "block sequence entries are not allowed in this context":
            return "a list cannot begin here: put its first '-' on a line of its own"
        case "mapping keys are not allowed in this context":
            return "a key cannot begin here: put it on a line of its own"
        case "did not find expected key":
            return "expected a key of the mapping that begins on line \(startLine), not \(foundText): "
                + "check the indentation and the quotes"
        case "did not find expected '-' indicator":
            return "expected '- ' of the list that begins on line \(startLine), not \(foundText): check the indentation"
        case "did not find expected ',' or '}'":
            return "expected ',' or '}' in the mapping that begins on line \(startLine), not \(foundText)"
        case "did not find expected ',' or ']'":
            return "expected ',' or ']' in the list that begins on line \(startLine), not \(foundText)"
        case "did not find expected node content":
            return "expected a value, not \(foundText)"
        case "did not find expected <document start>":
            guard found != nil else { return "expected a document, not the end of the text" }
            return "the document has ended, but \(foundText) follows: put '---' between two documents"
        case "found unexpected end of stream":
            return "this quote is never closed"
        case "found unexpected document indicator":
            return "this quote is still open where '---' or '...' ends the document"
        default:
            return rareSentence
        }
    }

    private var rareSentence: String {
        switch complaint {
        case "found unknown escape character":
            return "unknown escape in double quotes: write '\\\\' for a backslash, or use single quotes"
        case "did not find expected hexdecimal number":
            return "expected hexadecimal digits in this escape"
        case "found invalid Unicode character escape code":
            return "this escape is no Unicode character: write one beyond U+FFFF as '\\U' with eight digits"
        case "did not find expected alphabetic or numeric character":
            return "expected a name of letters, digits, '-' and '_' behind '&' or '*', not \(foundText)"
        case "found undefined tag handle":
            return "no %TAG line declares the handle of this tag"
        case "found incompatible YAML document":
            return "this is not YAML 1.1 or 1.2"
        case "did not find expected comment or line break":
            return "expected the end of the line, not \(foundText)"
        case "control characters are not allowed":
            return "a control character is not allowed here: write it as an escape in double quotes"
        case "invalid leading UTF-8 octet", "incomplete UTF-8 octet sequence", "invalid trailing UTF-8 octet",
            "invalid length of a UTF-8 sequence", "invalid Unicode character":
            return "this is not valid UTF-8: save the file as UTF-8"
        default:
            guard !complaint.isEmpty else { return "not enough memory to read YAML" }
            return context.isEmpty ? complaint : "\(complaint) \(context)"
        }
    }

    private var foundText: String {
        guard let found else { return "the end of the text" }
        return TextPlace.describe(found)
    }
}
