public import LinuxIO
public import SourceText

/// What a Corefile takes from the machine. Tests give their own.
public struct CorefileSurroundings: Sendable {
    /// The value of an environment variable.
    public var environment: @Sendable (String) -> String?
    /// The files that an `import` line names; the second argument is the file with that line.
    public var importing: @Sendable (_ pattern: String, _ importer: String) throws -> [CorefileImport]
    /// The text of a file that a word names, such as a resolv.conf.
    public var reading: @Sendable (_ path: String) throws -> String
    /// The addresses of a network interface; nil if there is none of that name.
    public var interface: @Sendable (String) throws -> [IPAddress]?
    /// The name of the machine.
    public var hostName: @Sendable () -> String
    /// The port of keys that name none.
    public var defaultPort: UInt16

    public init(
        environment: @escaping @Sendable (String) -> String?,
        importing: @escaping @Sendable (_ pattern: String, _ importer: String) throws -> [CorefileImport],
        reading: @escaping @Sendable (_ path: String) throws -> String,
        interface: @escaping @Sendable (String) throws -> [IPAddress]?,
        hostName: @escaping @Sendable () -> String = { "localhost" },
        defaultPort: UInt16 = 53
    ) {
        self.environment = environment
        self.importing = importing
        self.reading = reading
        self.interface = interface
        self.hostName = hostName
        self.defaultPort = defaultPort
    }
}

/// What every reader of settings is handed: the surroundings, and a place for what is wrong.
struct Reading {
    let surroundings: CorefileSurroundings
    var diagnostics: [Diagnostic] = []
    /// What `root` says in the server block that is read, with a slash at its end.
    var root: String?

    init(surroundings: CorefileSurroundings, diagnostics: [Diagnostic] = []) {
        self.surroundings = surroundings
        self.diagnostics = diagnostics
    }

    mutating func error(_ token: Corefile.Token, _ text: String) {
        diagnostics.append(token.diagnostic(.error, text))
    }

    mutating func warning(_ token: Corefile.Token, _ text: String) {
        diagnostics.append(token.diagnostic(.warning, text))
    }

    /// The arguments, if there are as many as the syntax has; nil after reporting why not.
    ///
    /// - Parameter syntax: the whole line: "ttl SECONDS".
    mutating func arguments(
        of directive: Corefile.Directive, count: ClosedRange<Int>, syntax: String
    ) -> [Corefile.Token]? {
        let arguments = directive.arguments
        if arguments.count < count.lowerBound {
            error(directive.name, "an argument is missing; write \"\(syntax)\"")
            return nil
        }
        if arguments.count > count.upperBound {
            let surplus = arguments[count.upperBound]
            error(surplus, "\"\(surplus.text)\" is one argument too many; write \"\(syntax)\"")
            return nil
        }
        return arguments
    }

    /// Zones written as names or networks; what is none is reported and left out.
    mutating func zones(_ tokens: some Sequence<Corefile.Token>) -> [String] {
        var zones: [String] = []
        for token in tokens {
            for zone in self.zones(token, written: token.text) where !zones.contains(zone) { zones.append(zone) }
        }
        return zones
    }

    mutating func zones(_ token: Corefile.Token, written text: String) -> [String] {
        switch WrittenZone(text) {
        case .name(let zone):
            return [zone]
        case .network(let network):
            if network.hasHostBits { warning(token, "\"\(text)\" has bits behind its prefix; it means \(network)") }
            return network.reverseZones
        case .mistake(let reason):
            error(token, reason)
            return []
        }
    }
}
