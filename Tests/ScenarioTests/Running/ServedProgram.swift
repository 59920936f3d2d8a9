import ClusterDNSTestKit
import DNS
import LinuxIO
import Testing

/// A Corefile served by the built program, on a loopback address of its own: for what is written to its streams, for
/// signals, and for other programs that ask it.
struct ServedProgram: Sendable {
    let server: RunningServer
    /// The folder of the Corefile.
    let scratch: Scratch
    /// What `{address}` in the Corefile means.
    let address: String

    /// A Corefile with one block for all names. The program must end with code 0.
    static func block(
        _ lines: String..., files: [String: String] = [:], _ body: (ServedProgram) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let address = freshLoopback()
        for (name, text) in files { try scratch.write(name, text.replacing("{address}", with: address)) }
        let text = ".:5300 {\n    bind {address}\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
        try scratch.write("Corefile", text.replacing("{address}", with: address))
        try await withServer(["--config", scratch.path("Corefile")]) { server in
            try await body(ServedProgram(server: server, scratch: scratch, address: address))
        }
    }

    func ask(_ name: String, _ type: RecordType = .a) async throws -> Reply { try await server.ask(name, type) }

    /// What `dig` prints.
    func dig(_ words: String...) async throws -> String {
        let run = try await Program.run(["dig", "@\(address)", "-p", "5300", "+tries=1", "+timeout=30"] + words)
        return run.output + run.errors
    }

    @discardableResult
    func line(containing text: String) async throws -> String { try await server.program.line(containing: text) }
}
