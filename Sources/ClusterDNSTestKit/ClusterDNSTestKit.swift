import LinuxIO
public import Logging
import Serving

// ClusterDNSTestKit: a running server for everyone's tests.
//
//   withCluster      starts a server for a catalog on a free loopback port, and ends it
//   Cluster          the running server: its address, `ask`, and waiting for a change to be visible
//   Reply            what came back, in typed records
//   Conversation     one question over UDP or TCP
//   allocations      how many blocks of heap memory a piece of code asks for

/// Runs a server for the catalog on a free port of 127.0.0.1 while `body` runs.
///
///     try await withCluster(catalog: "fixtures/shop.yaml") { dns in
///         let reply = try await dns.ask("web.shop.svc.cluster.local", .a)
///         #expect(reply.addresses == ["10.96.0.10"])
///     }
///
/// - Parameter catalog: a file or a folder of Kubernetes manifests.
/// - Throws: what is wrong with the catalog's path, and what `body` throws. Problems inside the catalog leave out the
///   object concerned, as they do in a server.
public func withCluster<Result>(
    catalog: String, clusterDomain: String = "cluster.local", workers: Int = 1, logger: Logger = .silent,
    _ body: (Cluster) async throws -> Result
) async throws -> Result {
    let listen = [IPAddress("127.0.0.1")].compactMap(\.self).map { SocketAddress($0, port: 0) }
    let configuration = Configuration.catalogs(
        [catalog], clusterDomain: clusterDomain, listen: listen, workers: workers)
    return try await withCluster(configuration, logger: logger, body)
}

/// Runs a server for a Corefile while `body` runs. Its blocks should `bind` loopback addresses that no other test has
/// (`bind 127.9.8.7`), so that tests can run side by side.
public func withCluster<Result>(
    corefile: String, workers: Int = 1, logger: Logger = .silent, _ body: (Cluster) async throws -> Result
) async throws -> Result {
    try await withCluster(Configuration(.corefile(path: corefile), workers: workers), logger: logger, body)
}

func withCluster<Result>(
    _ configuration: Configuration, logger: Logger, _ body: (Cluster) async throws -> Result
) async throws -> Result {
    let deployment = Deployment(configuration, logger: logger)
    try await deployment.start()
    do {
        let result = try await body(Cluster(deployment: deployment, addresses: await deployment.addresses))
        await deployment.stop()
        return result
    } catch {
        await deployment.stop()
        throw error
    }
}

extension Logger {
    /// Says nothing.
    public static var silent: Logger { Logger(label: "clusterdns") { _ in SwiftLogNoOpLogHandler() } }
}
