extension CorefileParser {
    /// What an `import` line brings in, opened but not parsed.
    private struct Opened {
        var name: String
        var lines: [CorefileLine]
        var scope: Scope
    }

    func isImport(_ line: CorefileLine) -> Bool {
        guard let first = line.words.first else { return false }
        return !first.isQuoted && first.text == "import"
    }

    mutating func importBlocks(_ line: CorefileLine, _ scope: Scope, depth: Int) {
        forEachImport(line, scope, depth: depth) { parser, opened in
            var cursor = LineCursor(opened.lines)
            parser.parseBlocks(&cursor, opened.scope, depth: depth + 1)
        }
    }

    mutating func importDirectives(_ line: CorefileLine, _ scope: Scope, depth: Int) -> [Corefile.Directive] {
        var directives: [Corefile.Directive] = []
        forEachImport(line, scope, depth: depth) { parser, opened in
            var cursor = LineCursor(opened.lines)
            directives += parser.parseDirectives(&cursor, opened.scope, until: .endOfImport, depth: depth + 1)
        }
        return directives
    }

    /// `(name) {`: keeps the lines of the block for later.
    mutating func defineSnippet(
        _ key: Corefile.Token, _ brace: Corefile.Token?, _ cursor: inout LineCursor, _ scope: Scope
    ) {
        let name = String(key.text.dropFirst().dropLast())
        guard let brace else {
            return report(key, "a snippet needs braces: write \"\(key.text) {\", its lines, and } on a line of its own")
        }
        let lines = readSnippet(&cursor, scope, opening: brace)
        guard !name.isEmpty else { return report(key, "a snippet needs a name between its parentheses") }
        guard snippets[name] == nil else {
            return report(key, "the snippet \(key.text) exists already; give this one another name")
        }
        snippets[name] = lines
    }

    private mutating func readSnippet(_ cursor: inout LineCursor, _ scope: Scope, opening: Corefile.Token)
        -> [CorefileLine]
    {
        var lines: [CorefileLine] = []
        var depth = 1
        while let line = cursor.next() {
            for (index, word) in line.words.enumerated() {
                if word.isMark("{") { depth += 1 }
                if word.isMark("}") { depth -= 1 }
                guard depth == 0 else { continue }
                if line.words.count > 1 { reportOnce(line, at: word, scope, Self.bracesRule) }
                if index > 0 { lines.append(CorefileLine(words: Array(line.words[..<index]), isCut: true)) }
                cursor.putBack(line.words[(index + 1)...])
                return lines
            }
            lines.append(line)
        }
        report(opening, "this snippet is never closed: add a line with } where it ends")
        return lines
    }

    /// Opens what the line names and hands it over, text by text.
    private mutating func forEachImport(
        _ line: CorefileLine, _ scope: Scope, depth: Int, _ body: (inout CorefileParser, Opened) -> Void
    ) {
        let words = line.words.map { token($0, scope) }
        guard words.count > 1, !words[1].text.isEmpty else {
            return report(words[0], "import needs the name of a snippet or file, as in \"import custom/*.override\"")
        }
        guard !line.words.dropFirst().contains(where: { $0.isMark("{") || $0.isMark("}") }) else {
            return report(words[0], "import takes no block; remove the brace")
        }
        guard depth < Self.depthLimit else {
            return report(words[1], "imports lie more than \(Self.depthLimit) deep here; this one is not read")
        }
        let arguments = words.dropFirst(2)
        usedArguments.append([])
        var isEmpty = true
        for opened in open(words[1], arguments.map(\.text), scope) {
            isEmpty = false
            guard !openNames.contains(opened.name) else {
                report(
                    words[1], "\(opened.name) imports itself: \((openNames + [opened.name]).joined(separator: " → "))")
                continue
            }
            openNames.append(opened.name)
            body(&self, opened)
            openNames.removeLast()
        }
        let used = usedArguments.removeLast()
        guard !isEmpty else { return }
        for (number, argument) in arguments.enumerated() where !used.contains(number) {
            report(
                argument,
                "\"\(argument.text)\" is not used by what is imported; write one import line for each file or snippet")
        }
    }

    private mutating func open(_ pattern: Corefile.Token, _ arguments: [String], _ scope: Scope) -> [Opened] {
        let imports = [pattern.location] + scope.imports
        if let lines = snippets[pattern.text] {
            let inner = Scope(arguments: arguments, imports: imports)
            return [Opened(name: "(\(pattern.text))", lines: lines, scope: inner)]
        }
        return files(pattern).map { file in
            let inner = Scope(arguments: arguments, imports: imports)
            // A loop would read the file again, and say its mistakes again.
            let lines = openNames.contains(file.file) ? [] : lines(file: file.file, text: file.text, imports: imports)
            return Opened(name: file.file, lines: lines, scope: inner)
        }
    }

    /// The files of a pattern. A pattern with wildcards may name none: folders for additions are often empty.
    private mutating func files(_ pattern: Corefile.Token) -> [CorefileImport] {
        let files: [CorefileImport]
        do {
            files = try importing(pattern.text, pattern.location.file)
        } catch {
            report(pattern, "cannot import \"\(pattern.text)\": \(error)")
            return []
        }
        guard files.isEmpty else { return files }
        if pattern.text.contains(where: { "*?[".contains($0) }) {
            diagnostics.append(pattern.diagnostic(.warning, "no file matches \"\(pattern.text)\"; nothing is imported"))
        } else {
            report(pattern, "there is no file \"\(pattern.text)\" and no snippet (\(pattern.text)) above this line")
        }
        return []
    }
}
