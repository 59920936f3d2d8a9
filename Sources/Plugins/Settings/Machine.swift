import Glibc
import LinuxIO
public import SourceText

extension CorefileSurroundings {
    /// The process's environment, the files of the machine and its interfaces.
    public static func machine(defaultPort: UInt16 = 53) -> CorefileSurroundings {
        CorefileSurroundings(
            environment: { name in unsafe getenv(name).map { unsafe String(cString: $0) } },
            importing: { pattern, importer in try importedFiles(pattern, from: importer) },
            reading: { path in try corefileText(path) },
            interface: { name in try interfaceAddresses(name) },
            hostName: { machineName() },
            defaultPort: defaultPort)
    }
}

/// Reads a Corefile from the disk. That it cannot be read is a diagnostic, too.
public func compileCorefile(
    path: String, surroundings: CorefileSurroundings = .machine()
) -> (blocks: [ServerBlock], diagnostics: [Diagnostic]) {
    do throws(CorefileReadError) {
        return compileCorefile(try corefileText(path), file: path, surroundings: surroundings)
    } catch {
        return (
            [],
            [Diagnostic(.error, at: SourceLocation(file: path, line: 1), "cannot read this Corefile: \(error.reason)")]
        )
    }
}
