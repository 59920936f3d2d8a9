import SourceText

extension Plugin {
    static let local = Plugin(
        "local", "",
        "Answers localhost and its names, and 0.in-addr.arpa, 127.in-addr.arpa and 255.in-addr.arpa, so that none leaves.",
        options: properties
    ) { directive, block, reading in
        var nothing = NoOptions()
        reading.options(of: directive, into: &nothing, by: properties)
        guard reading.arguments(of: directive, count: 0...0, syntax: "local") != nil else { return }
        block.flags.insert(.local)
    }

    private static let properties: [Property<NoOptions>] = [
        .argument("localhost_prefix", "on", "names such as localhost.example.org are answered; they always are") {
            word, _, reading in
            guard word.text != "on" else { return }
            reading.error(
                word,
                "localhost_prefix is always on here, not \"\(word.text)\": names such as localhost.example.org "
                    + "are answered; remove the line")
        }
    ]
}
