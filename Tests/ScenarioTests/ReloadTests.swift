import ClusterDNSTestKit
import DNS
import Glibc
import Testing

/// SIGHUP reads the Corefile again; a broken one changes nothing.
@Suite struct ReloadTests {
    @Test func readsTheCorefileAgain() async throws {
        let scratch = try Scratch()
        let address = freshLoopback()
        try scratch.write("catalog.yaml", shop("web", "10.96.0.1"))
        try scratch.write("Corefile", corefile(address, "ttl 5"))
        try await withServer(["--config", scratch.path("Corefile")]) { server in
            #expect(try await server.ask("web.shop.svc.cluster.local", .a).answers.map(\.ttl) == [5])

            try scratch.write("Corefile", corefile(address, "ttl 30"))
            server.program.signal(SIGHUP)
            try await server.program.line(containing: "Corefile: reloaded")
            #expect(try await server.ask("web.shop.svc.cluster.local", .a).answers.map(\.ttl) == [30])

            try scratch.write("Corefile", corefile(address, "ttl forever"))
            server.program.signal(SIGHUP)
            try await server.program.line(containing: "not reloaded, everything stays as it was")
            try await server.program.line(
                containing: "Corefile:9:13: error: ttl must be a whole number 0–3600, not \"forever\"")
            #expect(try await server.ask("web.shop.svc.cluster.local", .a).answers.map(\.ttl) == [30])
        }
    }

    /// A catalog that is served is never replaced by one that cannot be read; the serial never runs backwards.
    @Test func refusesACatalogThatCannotBeRead() async throws {
        let scratch = try Scratch()
        let address = freshLoopback()
        try scratch.write("catalog.yaml", shop("web", "10.96.0.1"))
        try scratch.write("Corefile", corefile(address, "ttl 5"))
        try await withServer(["--config", scratch.path("Corefile")]) { server in
            try scratch.move("catalog.yaml", "away.yaml")
            try scratch.write("Corefile", corefile(address, "ttl 30\nstartup_timeout 5s"))
            server.program.signal(SIGHUP)
            try await server.program.line(containing: "not reloaded, everything stays as it was")
            try await server.program.line(containing: "could not be loaded within 5.0 seconds")
            #expect(try await server.ask("web.shop.svc.cluster.local", .a).answers.map(\.ttl) == [5])

            try scratch.move("away.yaml", "catalog.yaml")
            server.program.signal(SIGHUP)
            try await server.program.line(containing: "Corefile: reloaded")
            #expect(try await server.ask("web.shop.svc.cluster.local", .a).answers.map(\.ttl) == [30])
            let soa = try await server.ask("cluster.local", .soa).answers.map(\.data)
            guard case .authority(_, _, let serial, _) = soa.first else { throw Trouble("no SOA: \(soa)") }
            #expect(serial == 2)
        }
    }

    @Test func takesAnotherAddressAndGivesTheOldOneBack() async throws {
        let scratch = try Scratch()
        let (old, new) = (freshLoopback(), freshLoopback())
        try scratch.write("catalog.yaml", shop("web", "10.96.0.1"))
        try scratch.write("Corefile", corefile(old, "ttl 5"))
        try await withServer(["--config", scratch.path("Corefile")]) { server in
            try scratch.write("Corefile", corefile(new, "ttl 5"))
            server.program.signal(SIGHUP)
            try await server.program.line(containing: "Corefile: reloaded")
            let words = ["-p", "5300", "+short", "+tries=1", "+timeout=30", "web.shop.svc.cluster.local"]
            #expect(try await Program.run(["dig", "@\(new)"] + words).output == "10.96.0.1\n")
            #expect(try await Program.run(["dig", "@\(old)"] + words).code == 9)
        }
    }

    @Test func withoutACorefileThereIsNothingToRead() async throws {
        try await withServer(["zones/demo", "--listen", "127.0.0.1:0"]) { server in
            server.program.signal(SIGHUP)
            try await server.program.line(containing: "there is no Corefile to read again")
            #expect(try await server.addresses("web") == ["10.96.0.10"])
        }
    }
}
