import Foundation
import Glibc

/// A folder of a test's own, deleted with this value.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("\(NSTemporaryDirectory())/clusterdns-scenario-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw Trouble("mkdtemp: \(errno)") }
        path = unsafe String(cString: made)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) stays behind: \(error)") }
    }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// In place: opens, truncates, writes, closes.
    func write(_ name: String, _ text: String) throws {
        guard let file = unsafe fopen(path(name), "w") else { throw Trouble("\(name): \(errno)") }
        defer { unsafe fclose(file) }
        guard unsafe fputs(text, file) >= 0 else { throw Trouble("\(name): \(errno)") }
    }

    /// By a rename, as careful editors do.
    func replace(_ name: String, _ text: String) throws {
        try write(name + "~", text)
        try move(name + "~", name)
    }

    func move(_ from: String, _ to: String) throws {
        guard unsafe rename(path(from), path(to)) == 0 else { throw Trouble("rename \(from): \(errno)") }
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    func link(_ target: String, _ name: String) throws {
        guard unsafe symlink(target, path(name)) == 0 else { throw Trouble("symlink \(name): \(errno)") }
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }
}
