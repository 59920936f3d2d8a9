import Plugins
import SourceText
import Synchronization
import Zones

/// A Corefile as it was read at one moment, with everything that it imports or names.
struct CorefileCopy {
    let blocks: [ServerBlock]
    let diagnostics: [Diagnostic]
    /// SHA-512 over every text that went into it, or over why there is none: equal means that nothing was written.
    let hash: [UInt8]

    init(_ path: String, for configuration: Configuration) {
        self.init(path, .machine(defaultPort: configuration.defaultPort))
    }

    init(_ path: String, _ surroundings: CorefileSurroundings) {
        let texts = Texts()
        do {
            let text = try surroundings.reading(path)
            texts.add(path, text)
            (blocks, diagnostics) = compileCorefile(text, file: path, surroundings: texts.watching(surroundings))
        } catch {
            texts.add(path, "\(error)")
            (blocks, diagnostics) = compileCorefile(path: path, surroundings: surroundings)
        }
        hash = sha512(texts.bytes)
    }

    /// The hash as metrics write it.
    var version: String {
        let digits = Array("0123456789abcdef")
        return String(hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// What was read on the way to a plan, in the order of reading.
private final class Texts: Sendable {
    private let all = Mutex<[UInt8]>([])

    var bytes: [UInt8] { all.withLock { $0 } }

    /// Lengths keep the end of one text apart from the beginning of the next.
    func add(_ name: String, _ text: String) {
        all.withLock { all in
            for part in [name, text] {
                unsafe withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { unsafe all.append(contentsOf: $0) }
                all += part.utf8
            }
        }
    }

    /// The same surroundings; what they are asked for goes into the hash.
    func watching(_ surroundings: CorefileSurroundings) -> CorefileSurroundings {
        var watched = surroundings
        watched.importing = { pattern, importer in
            let files = try self.noting(pattern) { try surroundings.importing(pattern, importer) }
            for file in files { self.add(file.file, file.text) }
            return files
        }
        watched.reading = { path in
            let text = try self.noting(path) { try surroundings.reading(path) }
            self.add(path, text)
            return text
        }
        return watched
    }

    /// Why something cannot be read is content too: it is complained about once.
    private func noting<Result>(_ name: String, _ read: () throws -> Result) throws -> Result {
        do { return try read() } catch {
            add(name, "\(error)")
            throw error
        }
    }
}
