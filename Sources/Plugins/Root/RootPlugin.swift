import SourceText

extension Plugin {
    static let root = Plugin(
        "root", "PATH", "Where relative paths in this server block start; without it: in the folder of their file.",
        options: [Property<NoOptions>]()
    ) { directive, _, reading in
        reading.noOptions(of: directive)
        guard let path = reading.arguments(of: directive, count: 1...1, syntax: "root PATH")?.first else { return }
        guard !path.text.isEmpty else { return reading.error(path, "this path is empty; write \"root PATH\"") }
        let whole = pathFrom(folderOf: path.location.file, path.text)
        reading.root = whole.hasSuffix("/") ? whole : whole + "/"
    }
}

extension Reading {
    /// A path as it is, or from `root` of its server block, or else from the folder of the file that it is written in.
    func path(_ token: Corefile.Token) -> String {
        guard !token.text.hasPrefix("/"), let root else {
            return pathFrom(folderOf: token.location.file, token.text)
        }
        return root + token.text
    }
}
