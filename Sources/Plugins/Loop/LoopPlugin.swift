import SourceText

extension Plugin {
    static let loop = Plugin(
        "loop", "", "Finds a server of forward that sends our queries back to us, and no longer asks it.",
        options: [Property<LoopSettings>]()
    ) { directive, block, reading in
        var settings = LoopSettings(at: directive.location)
        reading.options(of: directive, into: &settings, by: [])
        guard reading.arguments(of: directive, count: 0...0, syntax: "loop") != nil else { return }
        block.loop = settings
    }
}
