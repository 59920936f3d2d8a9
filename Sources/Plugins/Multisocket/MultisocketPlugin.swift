import LinuxIO
import SourceText

extension Plugin {
    static let multisocket = Plugin(
        "multisocket", "[COUNT]",
        "Gives each address COUNT sockets with a worker each, 1–1024; one for each usable CPU by default.",
        options: [Property<NoOptions>]()
    ) { directive, block, reading in
        reading.noOptions(of: directive)
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "multisocket [COUNT]") else { return }
        var settings = MultisocketSettings(
            count: UInt32(clamping: usableProcessorCount()), at: directive.location)
        if let word = words.first {
            guard let count = reading.number(word, "multisocket", in: 1...1024) else { return }
            settings.count = count
        }
        block.multisocket = settings
    }
}
