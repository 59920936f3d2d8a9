// Corefile/: from the text of a Corefile to server blocks.
//   CorefileLexer              cuts a text into lines of words that know their place
//   CorefileSubstitution       puts environment variables and import arguments into a word
//   CorefileParser             makes blocks and directives of lines, and collects what is wrong
//   CorefileParser+Directives  reads what stands between braces
//   CorefileParser+Import      opens snippets and files in the place of an `import` line

/// A Corefile after imports, snippets and substitutions: server blocks of directives.
///
/// Which words mean something is not known here.
public struct Corefile: Hashable, Sendable {
    public var blocks: [Block]

    public init(blocks: [Block] = []) {
        self.blocks = blocks
    }

    /// `KEY… { DIRECTIVE… }`
    public struct Block: Hashable, Sendable {
        /// Zones and addresses as written, without the commas between them; at least one.
        public var keys: [Token]
        public var directives: [Directive]

        public init(keys: [Token], directives: [Directive]) {
            self.keys = keys
            self.directives = directives
        }
    }

    /// `NAME ARGUMENT… [{ DIRECTIVE… }]`: a plugin in a server block, or an option in the block of a plugin.
    public struct Directive: Hashable, Sendable {
        public var name: Token
        public var arguments: [Token]
        /// nil without braces.
        public var block: [Directive]?
        public var location: SourceLocation { name.location }

        public init(name: Token, arguments: [Token], block: [Directive]? = nil) {
            self.name = name
            self.arguments = arguments
            self.block = block
        }
    }

    /// One word, after substitution.
    public struct Token: Hashable, Sendable {
        public var text: String
        /// Where it is written, in whichever file that is.
        public var location: SourceLocation
        public var isQuoted: Bool
        /// The `import` lines that it came through, the nearest first.
        public var imports: [SourceLocation]

        public init(_ text: String, at location: SourceLocation, isQuoted: Bool = false, imports: [SourceLocation] = [])
        {
            self.text = text
            self.location = location
            self.isQuoted = isQuoted
            self.imports = imports
        }

        /// A problem at this word; the text ends with the `import` lines that lead here.
        public func diagnostic(_ severity: Diagnostic.Severity, _ text: String) -> Diagnostic {
            guard !imports.isEmpty else { return Diagnostic(severity, at: location, text) }
            let way = imports.map(\.description).joined(separator: ", ")
            return Diagnostic(severity, at: location, "\(text) (imported at \(way))")
        }
    }
}

/// A text that an `import` line brings in.
public struct CorefileImport: Hashable, Sendable {
    public var file: String
    public var text: String

    public init(file: String, text: String) {
        self.file = file
        self.text = text
    }
}

/// Reads a Corefile. What is wrong is reported and left out, and reading goes on.
///
/// - Parameters:
///   - file: the name that places carry; relative imports start from its folder.
///   - environment: the value of a variable, nil if there is none.
///   - importing: the files that a pattern names, in order of their names. The second argument is the file with the
///     `import` line. No file is no error of it; what it throws is reported at the `import` line.
public func parseCorefile(
    file: String, text: String,
    environment: (String) -> String?,
    importing: (_ pattern: String, _ importer: String) throws -> [CorefileImport]
) -> (Corefile, [Diagnostic]) {
    withoutActuallyEscaping(environment) { environment in
        withoutActuallyEscaping(importing) { importing in
            var parser = CorefileParser(environment: environment, importing: importing)
            let blocks = parser.parse(file: file, text: text)
            return (Corefile(blocks: blocks), parser.diagnostics)
        }
    }
}
