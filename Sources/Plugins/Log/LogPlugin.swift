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
        reading.checkOptions(of: directive, rule)
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
        Property(
            name: "minDuration", syntax: "[DURATION]",
            meaning: "answers that took this long, 100ms by default, are written whatever their kind"
        ) { option, rule, reading in
            guard let words = reading.arguments(of: option, count: 0...1, syntax: "minDuration [DURATION]") else {
                return
            }
            rule.slowFrom = .milliseconds(100)
            guard let word = words.first else { return }
            rule.slowFrom = reading.duration(word, "minDuration", in: .anything)
        },
        .argument("format", "json", "each answer is one JSON object on its line") { word, rule, reading in
            guard word.text == "json" else {
                return reading.error(
                    word, "format knows only json, not \"\(word.text)\"; write other formats behind the names of log")
            }
            rule.format = .json
        },
    ]

    private static let classNames: [(name: String, classes: Classes)] = [
        ("all", .all), ("denial", .denial), ("error", .error), ("success", .success),
    ]
}

extension Reading {
    fileprivate mutating func checkOptions(of directive: Corefile.Directive, _ rule: LogRule) {
        func option(_ name: String) -> Corefile.Token? { directive.block?.last { $0.name.text == name }?.name }
        if let token = option("minDuration"), rule.classes == .all {
            warning(
                token, "minDuration has no effect: every kind is written already; add a line such as \"class error\"")
        }
        if let token = option("format"), directive.arguments.last?.text.contains("{") == true {
            error(token, "a format stands behind the names of log already; remove one of them")
        }
    }

    fileprivate mutating func format(_ word: Corefile.Token) -> LogFormat {
        let (format, unknown) = LogFormat.cut(word.text)
        for name in unknown {
            if name.hasPrefix("/") {
                warning(
                    word, "nothing gives {\(name)} a value here, it is written as -; there is {/forward/upstream}")
            } else {
                let known = LogFormat.Placeholder.allCases.map(\.rawValue) + ["common", "combined"]
                warning(
                    word, "{\(name)} stands for nothing and is written as it is" + suggestion(for: name, among: known))
            }
        }
        return format
    }
}
