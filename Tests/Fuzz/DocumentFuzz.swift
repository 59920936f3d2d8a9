// Fuzz target: any bytes as a catalog file, the first byte says of which format (even: YAML, odd: JSON).
//
// Besides memory errors and traps it finds wrong cuts: text that can be read as a whole must give the same values when it
// is cut into pieces, together or one by one.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDocument(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeRawBufferPointer(start: start, count: count)
    guard let first = unsafe input.first else { return 0 }
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: input[1...])
    let format: TextFormat = first & 1 == 0 ? .yaml : .json
    let document = Document()

    let cutText = unsafe cut(bytes, as: format)
    checkOrder(of: cutText)
    let together = unsafe FuzzReading(of: cutText.pieces, bytes, cutText, document)
    var alone = FuzzReading()
    for piece in cutText.pieces { unsafe alone.add(FuzzReading(of: [piece], bytes, cutText, document)) }
    // Where a `%` line stands, libyaml's complaint about one document depends on the one before it.
    let hasDirectives = unsafe bytes.contains(UInt8(ascii: "%"))
    precondition(together == alone || hasDirectives, "pieces read together differ from pieces read one by one")
    if format == .yaml {
        unsafe checkBlockReader(bytes, isListItem: first & 2 != 0, document)
        for piece in cutText.pieces {
            let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[piece.range])
            unsafe checkBlockReader(text, isListItem: piece.isListItem, document)
        }
    }

    let start = unsafe byteOrderMarkCount(bytes)
    let piece = Piece(start..<bytes.count, at: TextPlace(), index: 0, role: .document, hash: 0)
    let wholeText = CutText(format: format, pieces: [piece], byteCount: bytes.count)
    let whole = unsafe FuzzReading(of: [piece], bytes, wholeText, document)
    // A cut takes an outermost JSON array apart.
    let isArray = format == .json && whole.values.first?.kind == .sequence
    guard whole.problems.isEmpty, format == .yaml || cutText.pieces.count <= 1, !isArray else { return 0 }
    // libyaml lets text in brackets or quotes go on in column 0, and directives follow a document without `...`; YAML does
    // neither (YAML 1.2 sections 8.2 and 9.1.4). There a cut may give a problem, but never another value.
    let mayBreak = format == .yaml && (hasDirectives || cutText.pieces.contains { $0.isListItem })
    precondition(together.problems.isEmpty || mayBreak, "a cut broke the text")
    precondition(!together.problems.isEmpty || together.flat == whole.flat, "a cut changed the values")
    return 0
}

/// Pieces follow each other and stay in the file.
private func checkOrder(of text: CutText) {
    var end = 0
    var line = 1
    for piece in text.pieces {
        precondition(piece.range.lowerBound >= end && piece.range.upperBound <= text.byteCount)
        precondition(piece.line >= line && piece.column >= 1)
        end = piece.range.upperBound
        line = piece.line
    }
}

/// Text that needs no libyaml is on the tape as libyaml puts it there.
private func checkBlockReader(_ bytes: UnsafeRawBufferPointer, isListItem: Bool, _ document: Document) {
    guard unsafe BlockReader.read(bytes, isListItem: isListItem, line: 3, into: document) else { return }
    let found = flatTape(document)
    do throws(DocumentProblem) {
        var reader = YAMLReader(into: document)
        try unsafe reader.begin(bytes, line: 3)
        var entries = YAMLEntries(isList: isListItem)
        var border = try entries.nextBorder(of: &reader)
        if !border.endsEntry { border = try entries.nextBorder(of: &reader) }
        precondition(flatTape(document) == found, "BlockReader and libyaml read different values")
        precondition(border.endsEntry && border.nextLine == nil, "BlockReader has overlooked something")
    } catch {
        preconditionFailure("BlockReader takes what libyaml refuses")
    }
}

/// Every node as numbers, with its text.
private func flatTape(_ document: Document) -> [UInt32] {
    var flat: [UInt32] = []
    for index in 0..<(unsafe document.tape.pointee.nodeCount) {
        let node = unsafe document.tape.pointee[index]
        let isContainer = node.kind == .mapping || node.kind == .sequence
        flat += [UInt32(node.kind.rawValue), node.line, node.column, node.span, node.length]
        if isContainer {
            flat.append(node.offset)
        } else {
            flat += unsafe document.tape.pointee.text(of: node).map(UInt32.init)
        }
    }
    return flat
}

/// What pieces give: every node was visited.
struct FuzzReading: Equatable {
    var values: [FuzzTree] = []
    var problems: [DocumentProblem] = []

    init() {}

    init(_ values: [FuzzTree], _ problems: [DocumentProblem]) {
        self.values = values
        self.problems = problems
    }

    init(of pieces: [Piece], _ bytes: UnsafeRawBufferPointer, _ text: CutText, _ document: Document) {
        var values: [FuzzTree] = []
        var problems: [DocumentProblem] = []
        var budget = 100_000
        unsafe DocumentReader().read(
            pieces, of: bytes, cut: text, into: document,
            found: { value, _ in values.append(FuzzTree(value, &budget)) },
            problem: { problem, _ in
                precondition(problem.line >= 1 && problem.column >= 1 && !problem.text.isEmpty)
                problems.append(problem)
            })
        self.init(values, problems)
    }

    mutating func add(_ other: FuzzReading) {
        values += other.values
        problems += other.problems
    }

    /// The values with each List replaced by its elements, without empty documents: a cut may do both.
    var flat: [FuzzTree] { values.flatMap(\.elementsOfList).filter { $0.text != "" || !$0.children.isEmpty } }
}

/// One node and those below it, without places.
struct FuzzTree: Equatable {
    var kind: Value.Kind
    var text: String
    var number: Int?
    var boolean: Bool?
    var children: [FuzzTree] = []

    /// Aliases can stand for a million nodes; the budget keeps a run short.
    init(_ value: Value, _ budget: inout Int) {
        precondition(value.line >= 1 && value.column >= 1)
        kind = value.kind
        text = value.text
        number = value.integer
        boolean = value.boolean
        precondition((value.string != nil) == (kind == .string) && (boolean != nil) == (kind == .boolean))
        _ = value["items"]?.equals("x")
        budget -= 1
        for member in value.members where budget > 0 {
            children.append(FuzzTree(member.key, &budget))
            children.append(FuzzTree(member.value, &budget))
        }
        for element in value.elements where budget > 0 { children.append(FuzzTree(element, &budget)) }
        if budget > 0 { precondition(children.count == value.count * (kind == .mapping ? 2 : 1)) }
    }

    var elementsOfList: [FuzzTree] {
        guard kind == .mapping else { return [self] }
        var items: FuzzTree?
        var isList = false
        for index in stride(from: 0, to: children.count - 1, by: 2) {
            if children[index].text == "items" { items = children[index + 1] }
            if children[index].text == "kind" {
                isList = children[index + 1].kind == .string && children[index + 1].text.hasSuffix("List")
            }
        }
        guard isList, let items, items.kind == .sequence, !items.children.isEmpty else { return [self] }
        return items.children
    }
}
