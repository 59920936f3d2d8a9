/// Makes server blocks of lines. One value reads one Corefile with everything that it imports.
struct CorefileParser {
    /// Deeper blocks and imports are a mistake or an attack on the stack.
    static let depthLimit = 100
    /// Words after all imports; snippets that import each other twice would double without end.
    static let wordLimit = 200_000

    /// Where lines come from: the substitution of their words depends on it.
    struct Scope {
        /// What follows the pattern of the import line; nil outside of imports.
        var arguments: [String]?
        /// The import lines that lead here, the nearest first.
        var imports: [SourceLocation] = []
    }

    struct LineCursor {
        private var lines: [CorefileLine]
        private var index = 0

        init(_ lines: [CorefileLine]) {
            self.lines = lines
        }

        var peek: CorefileLine? { index < lines.count ? lines[index] : nil }

        mutating func next() -> CorefileLine? {
            guard let line = peek else { return nil }
            index += 1
            return line
        }

        /// What is left of the line that `next` gave. Its mistake is reported already.
        mutating func putBack(_ words: some Sequence<CorefileWord>) {
            let rest = Array(words)
            guard !rest.isEmpty else { return }
            index -= 1
            lines[index] = CorefileLine(words: rest, isCut: true)
        }
    }

    /// What ends a list of directives.
    enum Ending {
        case brace(opening: Corefile.Token)
        /// The only block of a file may do without braces.
        case endOfFile(keys: Corefile.Token)
        case endOfImport
    }

    let environment: (String) -> String?
    let importing: (_ pattern: String, _ importer: String) throws -> [CorefileImport]
    var blocks: [Corefile.Block] = []
    var diagnostics: [Diagnostic] = []
    var snippets: [String: [CorefileLine]] = [:]
    /// The files and snippets that are open, the innermost last.
    var openNames: [String] = []
    /// The arguments that each open import was asked for.
    var usedArguments: [Set<Int>] = []
    private var wordCount = 0

    init(
        environment: @escaping (String) -> String?,
        importing: @escaping (_ pattern: String, _ importer: String) throws -> [CorefileImport]
    ) {
        self.environment = environment
        self.importing = importing
    }

    mutating func parse(file: String, text: String) -> [Corefile.Block] {
        var cursor = LineCursor(lines(file: file, text: text, imports: []))
        openNames = [file]
        parseBlocks(&cursor, Scope(), depth: 0)
        return blocks
    }

    mutating func lines(file: String, text: String, imports: [SourceLocation]) -> [CorefileLine] {
        var lexer = CorefileLexer(file: file, text: text)
        let lines = lexer.read()
        for problem in lexer.diagnostics {
            report(Corefile.Token("", at: problem.location, imports: imports), problem.text)
        }
        return lines
    }

    mutating func report(_ token: Corefile.Token, _ text: String) {
        diagnostics.append(token.diagnostic(.error, text))
    }

    /// False once imports have made more words than any Corefile has; said once.
    var isWithinLimits: Bool { wordCount <= Self.wordLimit }

    /// The word with its references replaced.
    mutating func token(_ word: CorefileWord, _ scope: Scope) -> Corefile.Token {
        var token = Corefile.Token(word.text, at: word.location, isQuoted: word.isQuoted, imports: scope.imports)
        wordCount += 1
        if wordCount == Self.wordLimit + 1 {
            report(token, "imports make more than \(Self.wordLimit) words of this Corefile; the rest is not read")
        }
        var substitution = CorefileSubstitution(environment: environment, arguments: scope.arguments)
        token.text = substitution.apply(to: word.text)
        for name in substitution.unset {
            let text =
                "the environment variable \(name) is not set; nothing takes its place. "
                + "Set it, or write a default: {$\(name):default}"
            diagnostics.append(token.diagnostic(.warning, text))
        }
        for number in substitution.missing {
            report(
                token,
                "{args[\(number)]} has no value: this import gives \(counted(scope.arguments?.count ?? 0, "argument"))")
        }
        if !usedArguments.isEmpty { usedArguments[usedArguments.count - 1].formUnion(substitution.used) }
        return token
    }
}

extension CorefileParser {
    /// Server blocks, snippets and imports, to the end of the lines.
    mutating func parseBlocks(_ cursor: inout LineCursor, _ scope: Scope, depth: Int) {
        while isWithinLimits, let line = cursor.next() {
            guard let first = line.words.first else { continue }
            if first.isMark("}") {
                reportOnce(line, at: first, scope, "no block is open here; remove this brace")
                cursor.putBack(line.words.dropFirst())
            } else if isImport(line) {
                importBlocks(line, scope, depth: depth)
            } else {
                parseBlock(line, &cursor, scope, depth: depth)
            }
        }
    }

    private mutating func parseBlock(_ line: CorefileLine, _ cursor: inout LineCursor, _ scope: Scope, depth: Int) {
        let (keys, brace) = readKeys(line, &cursor, scope)
        guard let firstKey = keys.first else {
            guard let brace else { return }
            report(
                brace, "a server block starts with its zones: write them before the brace, as in \"cluster.local {\"")
            _ = parseDirectives(&cursor, scope, until: .brace(opening: brace), depth: depth + 1)
            return
        }
        if keys.count == 1, !firstKey.isQuoted, firstKey.text.hasPrefix("("), firstKey.text.hasSuffix(")") {
            return defineSnippet(firstKey, brace, &cursor, scope)
        }
        let ending = brace.map { Ending.brace(opening: $0) } ?? .endOfFile(keys: firstKey)
        let directives = parseDirectives(&cursor, scope, until: ending, depth: depth + 1)
        blocks.append(Corefile.Block(keys: keys, directives: directives))
    }

    /// The keys of a server block, and the brace behind them. A comma at the end of a line takes the next line with it.
    private mutating func readKeys(
        _ line: CorefileLine, _ cursor: inout LineCursor, _ scope: Scope
    ) -> (keys: [Corefile.Token], brace: Corefile.Token?) {
        var keys: [Corefile.Token] = []
        var line = line
        var comma: Corefile.Token?
        while true {
            for (index, word) in line.words.enumerated() {
                var key = token(word, scope)
                if let brace = openingBrace(word, scope) {
                    if let comma { report(comma, "a zone is missing after this comma; write it, or remove the comma") }
                    key.text.removeLast()
                    if !key.text.isEmpty { keys.append(key) }
                    cutAfterBrace(line, index, &cursor, scope)
                    return (keys, brace)
                }
                comma = !word.isQuoted && key.text.hasSuffix(",") ? key : nil
                if comma != nil { key.text.removeLast() }
                if comma == nil || !key.text.isEmpty { keys.append(key) }
            }
            guard let next = cursor.peek, comma != nil || next.words.first?.isMark("{") == true else { break }
            line = next
            _ = cursor.next()
        }
        if let comma { report(comma, "a zone is missing after this comma; write it, or remove the comma") }
        return (keys, nil)
    }

    /// `{`, or a key with a brace stuck to it, which is reported.
    private mutating func openingBrace(_ word: CorefileWord, _ scope: Scope) -> Corefile.Token? {
        guard !word.isQuoted, word.text.hasSuffix("{") else { return nil }
        let brace = Corefile.Token("{", at: word.location, imports: scope.imports)
        if word.text.count > 1 { report(brace, "put a blank before the brace: \"\(word.text.dropLast()) {\"") }
        return brace
    }
}

/// "1 argument", "2 arguments"
func counted(_ number: Int, _ noun: String) -> String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
