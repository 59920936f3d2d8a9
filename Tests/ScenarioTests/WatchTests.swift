import ClusterDNSTestKit
import DNS
import Foundation
import Testing

/// Changes of files, seen through the running program.
@Suite struct WatchTests {
    /// Serves a folder `catalog` in which `web.yaml` holds 10.96.0.1.
    private func serving(
        _ body: (RunningServer, Scratch) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        try scratch.makeFolder("catalog")
        try scratch.write("catalog/web.yaml", shop("web", "10.96.0.1"))
        try await withServer([scratch.path("catalog"), "--listen", "127.0.0.1:0"]) { server in
            #expect(try await server.addresses("web") == ["10.96.0.1"])
            try await body(server, scratch)
        }
    }

    private func changed(_ server: RunningServer) async throws {
        try await server.program.line(containing: "names changed")
    }

    @Test func anAtomicRename() async throws {
        try await serving { server, scratch in
            try scratch.replace("catalog/web.yaml", shop("web", "10.96.0.2"))
            try await changed(server)
            #expect(try await server.addresses("web") == ["10.96.0.2"])
        }
    }

    @Test func aRewriteInPlace() async throws {
        try await serving { server, scratch in
            try scratch.write("catalog/web.yaml", shop("web", "10.96.0.3"))
            try await changed(server)
            #expect(try await server.addresses("web") == ["10.96.0.3"])
        }
    }

    @Test func aNewFileAndItsRemoval() async throws {
        try await serving { server, scratch in
            try scratch.write("catalog/db.yaml", shop("db", "10.96.0.4"))
            try await changed(server)
            #expect(try await server.addresses("db") == ["10.96.0.4"])
            try scratch.remove("catalog/db.yaml")
            try await changed(server)
            #expect(try await server.ask("db.shop.svc.cluster.local", .a).code == .nameError)
            #expect(try await server.addresses("web") == ["10.96.0.1"])
        }
    }

    /// A file that is deleted and written again is never missed in between.
    @Test func deleteAndRecreate() async throws {
        try await serving { server, scratch in
            try scratch.remove("catalog/web.yaml")
            #expect(try await server.addresses("web") == ["10.96.0.1"])
            try scratch.write("catalog/web.yaml", shop("web", "10.96.0.5"))
            try await changed(server)
            #expect(try await server.addresses("web") == ["10.96.0.5"])
        }
    }

    @Test func aFolderThatVanishesAndReturns() async throws {
        try await serving { server, scratch in
            try scratch.move("catalog", "away")
            try await server.program.line(containing: "catalog: not there; ")
            #expect(try await server.addresses("web") == ["10.96.0.1"])
            try scratch.write("away/web.yaml", shop("web", "10.96.0.6"))
            try scratch.move("away", "catalog")
            try await server.program.line(containing: "is back")
            try await changed(server)
            #expect(try await server.addresses("web") == ["10.96.0.6"])
        }
    }

    /// Broken input keeps the answer and says why and where; mended, it counts.
    @Test(arguments: [
        "", "kind: [\n",
        "apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { clusterIP: x }\n",
    ])
    func brokenInputKeepsTheAnswer(_ text: String) async throws {
        try await serving { server, scratch in
            try scratch.replace("catalog/web.yaml", text)
            try await server.program.line { $0.hasPrefix("[ERROR]") && $0.contains("catalog/web.yaml:") }
            #expect(try await server.addresses("web") == ["10.96.0.1"])
            try scratch.replace("catalog/web.yaml", shop("web", "10.96.0.7"))
            try await server.program.line(containing: "every problem is mended")
            #expect(try await server.addresses("web") == ["10.96.0.7"])
        }
    }

    /// A gauge tells that the catalog cannot be used, and for how long.
    @Test func brokenInputShowsOnThePage() async throws {
        let scratch = try Scratch()
        let address = freshLoopback()
        try scratch.write("catalog.yaml", shop("web", "10.96.0.1"))
        try scratch.write("Corefile", corefile(address, "ttl 5"))
        try await withServer(["--config", scratch.path("Corefile")]) { server in
            let gauge = "clusterdns_catalog_stale{catalog=\"\(scratch.path("catalog.yaml"))\"}"
            #expect(try await pageText("catalog", address).contains("\(gauge) 0\n"))
            try scratch.replace("catalog.yaml", "kind: [\n")
            try await server.program.line(containing: "part of it cannot be used")
            let broken = try await pageText("catalog", address)
            #expect(
                broken.contains("\(gauge) 1\n") && broken.contains("clusterdns_catalog_stale_seconds{"), "\(broken)")
            #expect(broken.contains("# \(scratch.path("catalog.yaml")):2:1: error: "), "\(broken)")
            #expect(try await page("ready", address) == "200", "the old answers are good ones")
            #expect(try await server.addresses("web") == ["10.96.0.1"])
            try scratch.replace("catalog.yaml", shop("web", "10.96.0.2"))
            try await server.program.line(containing: "every problem is mended")
            #expect(try await pageText("catalog", address).contains("\(gauge) 0\n"))
        }
    }

    /// A mounted ConfigMap changes by one rename of `..data`: both files in the same instant.
    @Test func aConfigMapsDataSwap() async throws {
        let scratch = try Scratch()
        try scratch.makeFolder("mount/..v1")
        try scratch.write("mount/..v1/a.yaml", shop("web", "10.96.0.1"))
        try scratch.write("mount/..v1/b.yaml", shop("db", "10.96.0.1"))
        try scratch.link("..v1", "mount/..data")
        try scratch.link("..data/a.yaml", "mount/a.yaml")
        try scratch.link("..data/b.yaml", "mount/b.yaml")
        try await withServer([scratch.path("mount"), "--listen", "127.0.0.1:0"]) { server in
            #expect(try await server.addresses("web") == ["10.96.0.1"])
            try scratch.makeFolder("mount/..v2")
            try scratch.write("mount/..v2/a.yaml", shop("web", "10.96.0.2"))
            try scratch.write("mount/..v2/b.yaml", shop("db", "10.96.0.2"))
            try scratch.link("..v2", "mount/..data_tmp")
            try scratch.move("mount/..data_tmp", "mount/..data")
            try scratch.remove("mount/..v1")
            let line = try await server.program.line(containing: "names changed")
            // Two Services and their ports, forward; two addresses of the reverse zone: one change, one snapshot.
            #expect(try await server.addresses("web") == ["10.96.0.2"], "\(line)")
            #expect(try await server.addresses("db") == ["10.96.0.2"], "\(line)")
        }
    }

    /// A single file as the catalog, replaced by rename.
    @Test func aSingleFile() async throws {
        let scratch = try Scratch()
        try scratch.write("web.yaml", shop("web", "10.96.0.1"))
        try await withServer([scratch.path("web.yaml"), "--listen", "127.0.0.1:0"]) { server in
            try scratch.replace("web.yaml", shop("web", "10.96.0.8"))
            try await server.program.line(containing: "names changed")
            #expect(try await server.addresses("web") == ["10.96.0.8"])
        }
    }

    /// The serial moves when, and only when, a record does (behaviour, head, 2).
    @Test func theSerialMovesWithTheRecords() async throws {
        try await serving { server, scratch in
            let first = try await serial(server)
            try scratch.write("catalog/web.yaml", "# A comment.\n" + shop("web", "10.96.0.1"))
            try scratch.write("catalog/db.yaml", shop("db", "10.96.0.4"))
            try await changed(server)
            #expect(try await serial(server) == first + 1)
        }
    }

    private func serial(_ server: RunningServer) async throws -> UInt32 {
        let reply = try await server.ask("cluster.local", .soa)
        guard case .authority(_, _, let serial, _)? = reply.answers.first?.data else {
            throw Trouble("no SOA: \(reply)")
        }
        return serial
    }
}
