import SourceText

extension Plugin {
    static let log = Plugin(
        "log", "[NAMES…] [FORMAT]", "Writes a line for each answered query below these names, by default for all.",
        isRepeatable: true, options: LogRule.properties
    ) { directive, block, reading in
        var rule = LogRule(classes: [], at: directive.location)
        var names = directive.arguments[...]
        // Zones hold no braces, so a last word with one is a format.
        if let format = names.last, format.text.contains("{") {
            names.removeLast()
            rule.format = reading.format(format)
        }
        if !names.isEmpty { rule.zones = reading.zones(names) }
        reading.options(of: directive, into: &rule, by: LogRule.properties)
        if rule.classes.isEmpty { rule.classes = .all }
        block.log.append(rule)
    }
}

extension LogRule {
    static let properties: [Property<LogRule>] = [
        Property(
            name: "class", syntax: "all|denial|error|success…", meaning: "only answers of these kinds",
            isRepeatable: true
        ) { option, rule, reading in
            let syntax = "class all|denial|error|success…"
            for word in reading.arguments(of: option, count: 1...Int.max, syntax: syntax) ?? [] {
                guard let named = classNames.first(where: { $0.name == word.text }) else {
                    let names = classNames.map(\.name)
                    reading.error(
                        word,
                        "\"\(word.text)\" is none of \(listed(names, joinedBy: "and"))"
                            + suggestion(for: word.text, among: names))
                    continue
                }
                rule.classes.formUnion(named.classes)
            }
        },
        .refused("minDuration", "slow answers are not told apart; remove the line"),
    ]

    private static let classNames: [(name: String, classes: Classes)] = [
        ("all", .all), ("denial", .denial), ("error", .error), ("success", .success),
    ]
}

extension Reading {
    fileprivate mutating func format(_ word: Corefile.Token) -> LogFormat {
        let (format, unknown) = LogFormat.cut(word.text)
        for name in unknown {
            if name.hasPrefix("/") {
                warning(
                    word,
                    "{\(name)} has no value here and is written as -"
                        + suggestion(for: name, among: ["/forward/upstream"]))
            } else {
                let known = LogFormat.Placeholder.allCases.map(\.rawValue) + ["common", "combined"]
                warning(
                    word, "{\(name)} stands for nothing and is written as it is" + suggestion(for: name, among: known))
            }
        }
        return format
    }
}
