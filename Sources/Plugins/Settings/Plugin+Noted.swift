import SourceText

/// For plugins without options.
struct NoOptions {}

extension Plugin {
    /// A plugin of CoreDNS whose line is accepted and changes nothing here; a warning says why.
    ///
    /// - Parameters:
    ///   - arguments: its syntax: "[ADDRESS]".
    ///   - count: the most arguments that it may have.
    ///   - note: why its work is not needed, or done otherwise: half a sentence.
    static func noted(
        _ word: String, _ arguments: String = "", atMost count: Int = 0, options: [Property<NoOptions>] = [],
        because note: String
    ) -> Plugin {
        Plugin(word, arguments, "Accepted; it does nothing here: \(note).", note: note, options: options) {
            directive, _, reading in
            var nothing = NoOptions()
            reading.options(of: directive, into: &nothing, by: options)
            let syntax = arguments.isEmpty ? word : "\(word) \(arguments)"
            guard reading.arguments(of: directive, count: 0...count, syntax: syntax) != nil else { return }
            reading.warning(
                directive.name, "\(word) is accepted and does nothing here: \(note); remove the line to silence this")
        }
    }

    /// A plugin that stands alone in its line.
    static func flag(_ word: String, _ flag: BlockFlags, _ meaning: String) -> Plugin {
        Plugin(word, "", meaning, options: [Property<NoOptions>]()) { directive, block, reading in
            reading.noOptions(of: directive)
            guard reading.arguments(of: directive, count: 0...0, syntax: word) != nil else { return }
            block.flags.insert(flag)
        }
    }
}

extension Property<NoOptions> {
    /// An option of a plugin that does nothing here, whatever it says.
    static func noted(_ name: String, _ syntax: String) -> Property {
        Property(name: name, syntax: syntax, meaning: "does nothing here", isRepeatable: true) { _, _, _ in }
    }
}

extension Reading {
    /// Reports every option of a plugin that has none.
    mutating func noOptions(of plugin: Corefile.Directive) {
        var nothing = NoOptions()
        options(of: plugin, into: &nothing, by: [])
    }
}
