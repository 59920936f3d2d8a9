import LinuxIO
import Plugins
import SourceText

/// A machine for tests: two interfaces, one variable, no files but these.
func surroundings(files: [String: String] = [:], defaultPort: UInt16 = 53) -> CorefileSurroundings {
    CorefileSurroundings(
        environment: { $0 == "PORT" ? "5300" : nil },
        importing: { pattern, _ in files[pattern].map { [CorefileImport(file: pattern, text: $0)] } ?? [] },
        reading: { path in
            guard let text = files[path] else { throw MissingFile() }
            return text
        },
        interface: { name in
            switch name {
            case "lo": ["127.0.0.1", "::1"].compactMap(IPAddress.init)
            case "eth0": ["192.0.2.7", "2001:db8::7", "169.254.3.4", "fe80::7"].compactMap(IPAddress.init)
            case "tun0": []
            default: nil
            }
        },
        hostName: { "test-machine" },
        defaultPort: defaultPort)
}

struct MissingFile: Error, CustomStringConvertible {
    var description: String { "No such file or directory" }
}

func compile(_ text: String, files: [String: String] = [:]) -> (blocks: [ServerBlock], diagnostics: [Diagnostic]) {
    compileCorefile(text, file: "Corefile", surroundings: surroundings(files: files))
}

/// The lines as the block of `.`, the first of them on line 2 in column 5.
func block(_ lines: String...) -> String {
    ". {\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
}

/// The lines as the block of `kubernetes cluster.local`, with a catalog; the first of them on line 4 in column 9.
func kubernetes(_ lines: String...) -> String {
    ". {\n    kubernetes cluster.local {\n        catalog c\n" + lines.map { "        \($0)\n" }.joined() + "    }\n}\n"
}
