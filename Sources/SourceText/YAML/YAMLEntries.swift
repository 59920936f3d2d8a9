/// Finds the entries of a run: its documents, or the elements of the one sequence that a run of List items is.
///
/// An entry ends when the next one begins or the text ends, not when its value is complete: only then is it sure that
/// nothing wrong follows on the same lines.
struct YAMLEntries {
    private let isList: Bool
    /// The sequence around the elements has begun.
    private var sequenceHasBegun = false
    /// The reader stands at an element's first event, which is not written yet.
    private var isWaiting = false
    private var hasEntry = false

    /// A place between two entries, before the first or behind the last one.
    struct Border {
        /// A whole entry stands on the tape.
        let endsEntry: Bool
        /// Line of the file on which the next entry begins; nil at the end of the text.
        let nextLine: Int?
    }

    init(isList: Bool) {
        self.isList = isList
    }

    /// Writes events to the tape until the next border. The tape must be cleared before the next call.
    mutating func nextBorder(of reader: inout YAMLReader) throws(DocumentProblem) -> Border {
        if isWaiting {
            isWaiting = false
            try reader.write()
        }
        while true {
            switch try reader.next() {
            case .streamStart, .documentEnd:
                continue
            case .documentStart:
                if !isList { return border(nextLine: reader.place.line) }
            case .streamEnd:
                return border(nextLine: nil)
            case .containerEnd:
                // At depth 0 this is the end of the sequence around the elements.
                if reader.depth > 0 { try reader.write() }
            case .sequenceStart where isList && !sequenceHasBegun:
                sequenceHasBegun = true
            case .leaf, .mappingStart, .sequenceStart:
                guard isList, reader.depth == 0 else {
                    try reader.write()
                    continue
                }
                guard sequenceHasBegun else {
                    throw DocumentProblem(
                        line: reader.place.line, column: reader.place.column, "expected an element of a list")
                }
                isWaiting = true
                return border(nextLine: reader.place.line)
            }
        }
    }

    private mutating func border(nextLine: Int?) -> Border {
        defer { hasEntry = true }
        return Border(endsEntry: hasEntry, nextLine: nextLine)
    }
}
