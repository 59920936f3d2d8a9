import Foundation
import Glibc
import Testing

/// Whether this machine lets us make network namespaces: containers may be root and still not be allowed to.
enum PodMachine {
    static let isPossible = getuid() == 0 && Tool.exists("ip") && canMakeNamespaces

    private static let canMakeNamespaces: Bool = {
        let name = "clusterdns-try-\(getpid())"
        let inside = "ip -n \(name)"
        guard shell("ip netns add \(name) 2>/dev/null") else { return false }
        let isAllowed = shell("\(inside) link set lo up && \(inside) link add eth0 type veth peer name host0")
        return shell("ip netns delete \(name)") && isAllowed
    }()

    private static func shell(_ command: String) -> Bool { unsafe system(command) == 0 }
}

/// A Pod of the namespace `shop`, 10.244.1.200: a network namespace with a `resolv.conf` as the kubelet writes it.
struct Pod: Sendable {
    private let name: String

    /// What goes before the words of a program that runs in the Pod.
    var inside: [String] { ["ip", "netns", "exec", name] }

    /// Makes a Pod, and takes it away when `body` is over.
    ///
    /// - Parameter nearNetworks: every address of these is the Pod's own, so that what listens in it listens there.
    static func with<Result>(
        nameserver: String, nearNetworks: [String] = [], _ body: (Pod) async throws -> Result
    ) async throws -> Result {
        let pod = Pod(name: "clusterdns-\(getpid())-\(UInt32.random(in: .min ... .max))")
        let settings = "/etc/netns/\(pod.name)"
        try FileManager.default.createDirectory(atPath: settings, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: settings) }
        let resolv = try await must([
            Place.program, "resolv-conf", "--namespace", "shop", "--nameserver", nameserver,
        ])
        // Nobody shall ask again only because the machine is slow.
        try (resolv + "options timeout:30\n").write(
            toFile: settings + "/resolv.conf", atomically: true, encoding: .utf8)
        // Names come from DNS alone.
        try "hosts: dns\n".write(toFile: settings + "/nsswitch.conf", atomically: true, encoding: .utf8)
        try await must(["ip", "netns", "add", pod.name])
        let outcome: Swift.Result<Result, any Error>
        do {
            try await pod.connect(nearNetworks)
            outcome = .success(try await body(pod))
        } catch {
            outcome = .failure(error)
        }
        try await must(["ip", "netns", "delete", pod.name])
        return try outcome.get()
    }

    private func connect(_ nearNetworks: [String]) async throws {
        let ip = ["ip", "-n", name]
        try await must(ip + ["link", "set", "lo", "up"])
        // Libraries look for addresses of a family only where the machine has one besides loopback.
        try await must(ip + ["link", "add", "eth0", "type", "veth", "peer", "name", "host0"])
        try await must(ip + ["address", "add", "10.244.1.200/32", "dev", "eth0"])
        if nearNetworks.contains(where: { $0.contains(":") }) {
            try await must(ip + ["address", "add", "fd00:10:244::c8/128", "dev", "eth0", "nodad"])
        }
        for link in ["eth0", "host0"] { try await must(ip + ["link", "set", link, "up"]) }
        for network in nearNetworks { try await must(ip + ["route", "add", "local", network, "dev", "lo"]) }
    }
}

/// Runs a program that must end well, and gives what it writes.
@discardableResult
func must(_ words: [String], in folder: String = Place.root) async throws -> String {
    let run = try await Program.run(words, in: folder)
    guard run.code == 0 else { throw Trouble("\(words.joined(separator: " ")): \(run.output)\(run.errors)") }
    return run.output
}
