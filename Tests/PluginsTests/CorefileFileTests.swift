import Foundation
import LinuxIO
import Plugins
import SourceText
import Testing

/// Corefiles on the disk: imports, globs, and what is no file.
@Suite("Corefiles on the disk") struct CorefileFileTests {
    let folder: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "corefile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url.appending(path: "custom"), withIntermediateDirectories: true)
        folder = url.path
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func globsAreReadInOrder() throws {
        defer { removeFolder() }
        _ = try write("custom/b.override", "log b.org\n")
        _ = try write("custom/a.override", "log a.org\n")
        _ = try write("custom/c.server", "c.org {\n}\n")
        let path = try write(
            "Corefile", ". {\n import custom/*.override\n}\nimport custom/*.server\nimport custom/*.none\n")
        let (blocks, diagnostics) = compileCorefile(path: path)
        #expect(blocks.map(\.zones) == [["."], ["c.org"]])
        #expect(blocks.first?.log.map(\.zones) == [["a.org"], ["b.org"]])
        #expect(
            diagnostics.map(\.description) == [
                "\(path):5:8: warning: no file matches \"custom/*.none\"; nothing is imported"
            ])
    }

    @Test func interfacesAreThoseOfTheMachine() throws {
        defer { removeFolder() }
        let path = try write("Corefile", ".:5300 {\n bind lo {\n  except ::1\n }\n}\n")
        let (blocks, diagnostics) = compileCorefile(path: path)
        #expect(diagnostics == [])
        #expect(blocks.first?.listen.map(\.description) == ["127.0.0.1:5300"])
    }

    @Test func aMissingFile() {
        defer { removeFolder() }
        let (blocks, diagnostics) = compileCorefile(path: folder + "/none")
        #expect(blocks == [])
        #expect(
            diagnostics.map(\.description) == [
                "\(folder)/none:1:1: error: cannot read this Corefile: No such file or directory"
            ])
    }

    @Test func aFIFOIsNotWaitedFor() throws {
        defer { removeFolder() }
        let path = folder + "/custom/pipe"
        #expect(unsafe mkfifo(path, 0o600) == 0)
        #expect(
            compileCorefile(path: path).diagnostics.map(\.text) == ["cannot read this Corefile: it is no regular file"])
        let corefile = try write("Corefile", ". {\n import custom/pipe\n}\n")
        #expect(
            compileCorefile(path: corefile).diagnostics.map(\.description) == [
                "\(corefile):2:9: error: cannot import \"custom/pipe\": \(path): it is no regular file"
            ])
    }

    @Test func bytesThatAreNoText() throws {
        defer { removeFolder() }
        let path = folder + "/Corefile"
        try Data([0x2e, 0xff, 0xfe]).write(to: URL(filePath: path))
        #expect(
            compileCorefile(path: path).diagnostics.map(\.text) == ["cannot read this Corefile: it is not UTF-8 text"])
    }
}
