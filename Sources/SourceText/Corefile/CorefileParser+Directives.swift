extension CorefileParser {
    /// The lines of a block up to its closing brace, or to the end of what has none.
    mutating func parseDirectives(
        _ cursor: inout LineCursor, _ scope: Scope, until ending: Ending, depth: Int
    ) -> [Corefile.Directive] {
        guard depth <= Self.depthLimit else {
            skipBlock(&cursor, ending)
            return []
        }
        var directives: [Corefile.Directive] = []
        while isWithinLimits, let line = cursor.next() {
            guard let first = line.words.first else { continue }
            if isRunOfBraces(first) {
                reportOnce(line, at: first, scope, Self.bracesRule)
                cursor.putBack(first.text.map { _ in first.brace } + line.words.dropFirst())
            } else if first.isMark("}") {
                if closes(line, &cursor, scope, ending) { return directives }
            } else if first.isMark("{") {
                attachBlock(line, &directives, &cursor, scope, depth: depth)
            } else if isImport(line) {
                directives += importDirectives(line, scope, depth: depth)
            } else {
                directives.append(parseDirective(line, &cursor, scope, depth: depth))
            }
        }
        if isWithinLimits, case .brace(let opening) = ending {
            report(opening, "this block is never closed: add a line with } where it ends")
        }
        return directives
    }

    /// `}}`
    private func isRunOfBraces(_ word: CorefileWord) -> Bool {
        !word.isQuoted && word.text.utf8.count > 1 && word.text.utf8.allSatisfy { $0 == UInt8(ascii: "}") }
    }

    /// Whether the brace that this line starts with ends the list; one that cannot is reported.
    private mutating func closes(
        _ line: CorefileLine, _ cursor: inout LineCursor, _ scope: Scope, _ ending: Ending
    ) -> Bool {
        let rest = line.words.dropFirst()
        defer { cursor.putBack(rest) }
        switch ending {
        case .brace:
            if let next = rest.first { reportOnce(line, at: next, scope, Self.bracesRule) }
            return true
        case .endOfFile(let keys):
            let text = "no block is open here: write { at the end of line \(keys.location.line), or remove this brace"
            reportOnce(line, at: line.words[0], scope, text)
            return true
        case .endOfImport:
            reportOnce(line, at: line.words[0], scope, "no block is open in what is imported here; remove this brace")
            return false
        }
    }

    /// One directive with its block. Braces in the wrong place are reported and understood.
    private mutating func parseDirective(
        _ line: CorefileLine, _ cursor: inout LineCursor, _ scope: Scope, depth: Int
    ) -> Corefile.Directive {
        let words = line.words
        let mark = words.firstIndex { $0.isMark("{") || $0.isMark("}") } ?? words.count
        var name = token(words[0], scope)
        let arguments = words[1..<max(mark, 1)].map { token($0, scope) }
        if mark == words.count, words.count == 1, isStuckToBrace(words[0]) {
            name.text.removeLast()
            report(name, "put a blank before the brace: \"\(name.text) {\"")
            let brace = Corefile.Token("{", at: name.location, imports: scope.imports)
            let block = parseDirectives(&cursor, scope, until: .brace(opening: brace), depth: depth + 1)
            return Corefile.Directive(name: name, arguments: [], block: block)
        }
        guard mark < words.count else { return Corefile.Directive(name: name, arguments: arguments) }
        if words[mark].isMark("}") {
            reportOnce(line, at: words[mark], scope, Self.bracesRule)
            cursor.putBack(words[mark...])
            return Corefile.Directive(name: name, arguments: arguments)
        }
        cutAfterBrace(line, mark, &cursor, scope)
        let brace = Corefile.Token("{", at: words[mark].location, imports: scope.imports)
        let block = parseDirectives(&cursor, scope, until: .brace(opening: brace), depth: depth + 1)
        return Corefile.Directive(name: name, arguments: arguments, block: block)
    }

    private func isStuckToBrace(_ word: CorefileWord) -> Bool {
        !word.isQuoted && word.text.count > 1 && word.text.hasSuffix("{")
    }

    /// A block whose brace stands on the line below its word.
    private mutating func attachBlock(
        _ line: CorefileLine, _ directives: inout [Corefile.Directive], _ cursor: inout LineCursor, _ scope: Scope,
        depth: Int
    ) {
        let brace = Corefile.Token("{", at: line.words[0].location, imports: scope.imports)
        let text =
            directives.last.map { "the brace belongs at the end of the line of its word: \"\($0.name.text) {\"" }
            ?? "a word is missing before this brace"
        if !line.isCut { report(brace, text) }
        cursor.putBack(line.words.dropFirst())
        let block = parseDirectives(&cursor, scope, until: .brace(opening: brace), depth: depth + 1)
        guard let last = directives.indices.last, directives[last].block == nil else { return }
        directives[last].block = block
    }

    /// Passes over a block that lies too deep, without recursion.
    private mutating func skipBlock(_ cursor: inout LineCursor, _ ending: Ending) {
        guard case .brace(let opening) = ending else { return }
        report(opening, "blocks lie more than \(Self.depthLimit) deep here; this one is not read")
        var depth = 1
        while let line = cursor.next() {
            for (index, word) in line.words.enumerated() {
                if word.isMark("{") { depth += 1 }
                if word.isMark("}") { depth -= 1 }
                if depth == 0 { return cursor.putBack(line.words[(index + 1)...]) }
            }
        }
    }

    static var bracesRule: String {
        "a block takes several lines: start a new line after {, and write } on a line of its own"
    }

    /// Reports a mistake of a line unless it was reported when the line was cut.
    mutating func reportOnce(_ line: CorefileLine, at word: CorefileWord, _ scope: Scope, _ text: String) {
        guard !line.isCut else { return }
        report(Corefile.Token(word.text, at: word.location, imports: scope.imports), text)
    }

    /// What follows an opening brace on its line becomes a line of its own.
    mutating func cutAfterBrace(_ line: CorefileLine, _ brace: Int, _ cursor: inout LineCursor, _ scope: Scope) {
        let rest = line.words[(brace + 1)...]
        guard let first = rest.first else { return }
        reportOnce(line, at: first, scope, Self.bracesRule)
        cursor.putBack(rest)
    }
}
