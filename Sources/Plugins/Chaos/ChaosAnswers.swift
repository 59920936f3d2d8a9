import DNS

/// What the server says of itself in class CH: its version, its host and its authors.
public struct ChaosAnswers: Sendable {
    private let names: [Name: [[UInt8]]]

    /// - Parameter hostName: of this machine.
    public init(_ settings: ChaosSettings, hostName: String) {
        let texts: [String: [String]] = [
            "version.bind": [settings.version], "version.server": [settings.version], "hostname.bind": [hostName],
            "id.server": [hostName], "authors.bind": settings.authors,
        ]
        var names: [Name: [[UInt8]]] = [:]
        for (name, text) in texts {
            if let name = Name(name) { names[name] = text.map { Array($0.utf8) } }
        }
        self.names = names
    }

    /// Nil for every other name and type.
    func answer(_ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits) -> Outcome? {
        guard query.type == .txt, let name = query.name(in: message), let texts = names[name] else { return nil }
        return answerText(query, texts, in: &message, limits: limits)
    }
}
