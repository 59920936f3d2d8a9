import Foundation
import Glibc
import Testing

/// A folder of a test's own, deleted with this value. Failures stop the test program: they are no results.
final class Scratch: Sendable {
    /// Lies in another folder of its own, so that nobody else's files make events beside it.
    let path: String

    init() {
        var template = Array("/tmp/clusterdns-catalog-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { preconditionFailure("mkdtemp: \(errno)") }
        path = unsafe String(cString: made) + "/test"
        makeFolder("")
    }

    deinit { remove("..") }

    func path(_ name: String) -> String {
        if name == ".." { return String(path.dropLast("/test".count)) }
        return name.isEmpty ? path : "\(path)/\(name)"
    }

    /// In place, as an editor does that opens, truncates, writes and closes.
    func write(_ name: String, _ text: String) {
        let file = open(name)
        put(file, text)
        close(file)
    }

    /// Opens and truncates; the caller closes.
    func open(_ name: String) -> Int32 {
        let file = unsafe Glibc.open(path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        precondition(file >= 0, "open \(name): \(errno)")
        return file
    }

    func put(_ file: Int32, _ text: String) {
        var text = text
        text.withUTF8 { text in unsafe precondition(Glibc.write(file, text.baseAddress, text.count) == text.count) }
    }

    /// By a rename, as careful editors do.
    func replace(_ name: String, _ text: String) {
        write(name + "~", text)
        move(name + "~", name)
    }

    func move(_ from: String, _ to: String) {
        unsafe precondition(rename(path(from), path(to)) == 0, "rename \(from): \(errno)")
    }

    func makeFolder(_ name: String) { unsafe precondition(mkdir(path(name), 0o755) == 0, "mkdir \(name): \(errno)") }

    func link(_ target: String, _ name: String) {
        unsafe precondition(symlink(target, path(name)) == 0, "symlink \(name): \(errno)")
    }

    func remove(_ name: String) {
        do { try FileManager.default.removeItem(atPath: path(name)) } catch { preconditionFailure("\(error)") }
    }
}

/// A ClusterIP Service with one port.
func serviceText(_ name: String, _ address: String = "10.96.0.1", namespace: String = "shop") -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), namespace: \(namespace)}
    spec: {clusterIP: \(address), ports: [{name: http, port: 80}]}

    """
}
