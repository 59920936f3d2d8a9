import ArgumentParser
import DNS
import Glibc
import Logging
import Serving
import SourceText

/// A failure that is told in its own words and ends the program with code 1.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error) { description = "\(error)" }
    init(_ text: String) { description = text }
}

/// Lines for people on standard error, so that standard output stays what a command was asked for.
func makeLogger(level: String) -> Logger {
    var logger = Logger(label: "clusterdns") { _ in LineLog() }
    logger.logLevel = Logger.Level(rawValue: level) ?? .info
    return logger
}

/// The signal handling of the service group has nothing to say that the server does not say itself.
func quietLogger() -> Logger {
    var logger = Logger(label: "lifecycle") { _ in LineLog() }
    logger.logLevel = .error
    return logger
}

func printError(_ text: String) {
    var bytes = Array((text + "\n").utf8)[...]
    while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        // Nobody reads standard error: there is no one to tell.
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
    }
}

/// Makes what was printed visible to whoever reads a pipe.
func flushOutput() { fflush(nil) }

/// Whether every label of the domain can be a label of a Service's name.
func isClusterDomain(_ text: String) -> Bool {
    guard let name = Name(text), name != .root else { return false }
    return name.labels.allSatisfy {
        $0.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) || (97...122).contains($0 | 0x20) }
    }
}

/// `[INFO] text`, one line for each message, as operators of CoreDNS know it.
private struct LineLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        printError("[\(event.level.rawValue.uppercased())] \(event.message)\(facts)")
    }
}
