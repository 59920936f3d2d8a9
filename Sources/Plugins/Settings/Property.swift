import ClusterCatalog
import SourceText

/// One option in the block of a plugin, as one line of its table.
///
/// Reading, `check` and the page in docs/ have it from there.
struct Property<Settings>: Sendable {
    let name: String
    /// What follows the name: "SECONDS", "[ZONES…]"; nil for an option that is refused.
    let syntax: String?
    /// A sentence for the page; for a refused option what to do without it.
    let meaning: String
    var isRepeatable = false
    let read: @Sendable (_ option: Corefile.Directive, _ settings: inout Settings, _ reading: inout Reading) -> Void

    /// "ttl SECONDS"
    var line: String { syntax.map { $0.isEmpty ? name : "\(name) \($0)" } ?? name }
}

extension Property {
    typealias Path<Value> = any WritableKeyPath<Settings, Value> & Sendable

    /// A word that stands alone.
    static func flag(_ name: String, _ path: Path<Bool>, is value: Bool = true, _ meaning: String) -> Property {
        Property(name: name, syntax: "", meaning: meaning) { option, settings, reading in
            guard reading.arguments(of: option, count: 0...0, syntax: name) != nil else { return }
            settings[keyPath: path] = value
        }
    }

    /// One of the words of an enumeration.
    static func choice<Value: CaseIterable & RawRepresentable<String> & Sendable>(
        _ name: String, _ path: Path<Value>, _ meaning: String
    ) -> Property {
        let words = Value.allCases.map(\.rawValue)
        return .argument(name, words.joined(separator: "|"), meaning) { word, settings, reading in
            guard let value = reading.choice(word, of: Value.self) else { return }
            settings[keyPath: path] = value
        }
    }

    static func number(
        _ name: String, _ syntax: String, in range: ClosedRange<UInt32>, _ path: Path<UInt32>, _ meaning: String
    ) -> Property {
        .argument(name, syntax, meaning) { word, settings, reading in
            guard let value = reading.number(word, name, in: range) else { return }
            settings[keyPath: path] = value
        }
    }

    /// - Parameter bounds: the smallest and largest value, and how they are written: "1ms–1h".
    static func duration(
        _ name: String, in bounds: DurationBounds = .anything, _ path: Path<Duration>, _ meaning: String
    ) -> Property {
        .argument(name, "DURATION", meaning) { word, settings, reading in
            guard let value = reading.duration(word, name, in: bounds) else { return }
            settings[keyPath: path] = value
        }
    }

    /// Zones as names or networks; none means every zone.
    static func zones(_ name: String, _ path: Path<[String]>, _ meaning: String) -> Property {
        Property(name: name, syntax: "[ZONES…]", meaning: meaning) { option, settings, reading in
            settings[keyPath: path] = option.arguments.isEmpty ? ["."] : reading.zones(option.arguments)
        }
    }

    /// A label selector, which may be written with blanks.
    static func selector(_ name: String, _ path: Path<LabelSelector?>, _ meaning: String) -> Property {
        Property(name: name, syntax: "SELECTOR", meaning: meaning) { option, settings, reading in
            guard let words = reading.arguments(of: option, count: 1...Int.max, syntax: "\(name) SELECTOR") else {
                return
            }
            do throws(LabelSelector.ParseError) {
                settings[keyPath: path] = try LabelSelector(parsing: words.map(\.text).joined(separator: " "))
            } catch {
                reading.error(words[0], error.description)
            }
        }
    }

    /// One word that `read` understands.
    static func argument(
        _ name: String, _ syntax: String, _ meaning: String,
        read: @escaping @Sendable (_ word: Corefile.Token, inout Settings, inout Reading) -> Void
    ) -> Property {
        Property(name: name, syntax: syntax, meaning: meaning) { option, settings, reading in
            guard let words = reading.arguments(of: option, count: 1...1, syntax: "\(name) \(syntax)") else { return }
            read(words[0], &settings, &reading)
        }
    }

    /// An option of CoreDNS that is accepted and means nothing here; the warning says so.
    ///
    /// - Parameter remark: why not: "a crash writes its stack by itself".
    static func ineffective(_ name: String, _ syntax: String, _ remark: String) -> Property {
        Property(name: name, syntax: syntax, meaning: "without effect: \(remark)", isRepeatable: true) {
            option, _, reading in
            reading.warning(option.name, "\(name) has no effect; \(remark). Remove the line")
        }
    }

    /// An option of CoreDNS that we do not have, with what to do instead.
    static func refused(_ name: String, _ remedy: String) -> Property {
        Property(name: name, syntax: nil, meaning: remedy, isRepeatable: true) { option, _, reading in
            reading.error(option.name, "\(name) is not supported by this version of ClusterDNS; \(remedy)")
        }
    }
}

extension Reading {
    /// Reads the block of a plugin by its table.
    mutating func options<Settings>(
        of plugin: Corefile.Directive, into settings: inout Settings, by table: [Property<Settings>]
    ) {
        var seen: [String: Int] = [:]
        for option in plugin.block ?? [] {
            let name = option.name.text
            guard let property = table.first(where: { $0.name == name }) else {
                let known = table.filter { $0.syntax != nil }.map(\.name)
                let rest = known.isEmpty ? "; it takes no options" : suggestion(for: name, among: known)
                error(option.name, "\"\(name)\" is no option of \(plugin.name.text)" + rest)
                continue
            }
            if property.syntax != nil, option.block != nil {
                error(option.name, "\(name) takes no block; remove the braces")
            }
            if !property.isRepeatable, let line = seen.updateValue(option.location.line, forKey: name) {
                warning(option.name, "\(name) is set again; line \(line) no longer counts, remove it")
            }
            property.read(option, &settings, &self)
        }
    }
}
