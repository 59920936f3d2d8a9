import ClusterDNSTestKit
import DNS
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// Aliases that lead out of our zones are followed through the whole plan (behaviour 6).
@Suite(.timeLimit(.minutes(5))) struct AliasScenarioTests {
    static let web = "web.shop.svc.cluster.local."

    /// A Service `web` of the type ExternalName, and a server behind `forward`.
    private func with(
        _ server: ScriptedUpstream, alias: String = "www.example.org", _ words: String...,
        body: (Served) async throws -> Void
    ) async throws {
        let lines =
            ["kubernetes cluster.local {", "catalog catalog.yaml", "}"] + words + ["forward . \(server.placeAskedOnce)"]
        let catalog = ["catalog.yaml": external("web", alias, in: "shop")]
        try await Served.block(lines.joined(separator: "\n"), files: catalog, body)
        await server.stop()
    }

    @Test(arguments: [RecordType.a, .aaaa]) func theTargetIsAskedFor(_ type: RecordType) async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await with(server) { served async throws in
            for transport in [Conversation.Transport.udp, .tcp] {
                let reply = try await served.ask(Self.web, type, over: transport)
                #expect(reply.code == .noError && reply.names == ["www.example.org."])
                #expect(reply.answers.map(\.type) == [.cname, type])
                #expect(reply.answers.map { "\($0.owner)" } == [Self.web, "www.example.org."])
                #expect(reply.answers.map(\.ttl) == [5, 60])
            }
            #expect(server.count("www.example.org.") == 2)
        }
    }

    @Test func theAliasItselfNeedsNobody() async throws {
        let server = try await ScriptedUpstream(rules: [])
        try await with(server) { served async throws in
            #expect(try await served.ask(Self.web, .cname).names == ["www.example.org."])
            #expect(try await served.ask(Self.web, .srv).isNoData)
            #expect(server.received.isEmpty)
        }
    }

    /// What the target's server says, and what the client hears beside the alias.
    static let endings: [(answer: ScriptedAnswer, code: ResponseCode, types: [RecordType], authority: Int)] = [
        (.address("192.0.2.7").with { $0.alias = "cdn.example.net" }, .noError, [.cname, .cname, .a], 0),
        (.nameError(in: "example.org"), .nameError, [.cname], 1),
        (.noData.with { $0.zone = "example.org" }, .noError, [.cname], 1),
        (.servfail, .noError, [.cname], 0), (.code(5), .noError, [.cname], 0),
    ]

    @Test(arguments: endings.indices) func theEndOfTheAliasIsTold(_ index: Int) async throws {
        let ending = Self.endings[index]
        try await with(try await ScriptedUpstream.saying(ending.answer)) { served async throws in
            for transport in [Conversation.Transport.udp, .tcp] {
                let reply = try await served.ask(Self.web, over: transport)
                #expect(reply.code == ending.code && reply.answers.map(\.type) == ending.types, "\(reply)")
                #expect(reply.authority.count == ending.authority)
                #expect(reply.names.first == "www.example.org.")
            }
        }
    }

    @Test func aTargetWithoutAServerIsNamedAlone() async throws {
        let place = try RefusingPort().place
        let catalog = ["catalog.yaml": external("web", "www.example.org", in: "shop")]
        let lines = "kubernetes cluster.local {\ncatalog catalog.yaml\n}"
        for forward in ["forward . \(place)", ""] {
            try await Served.block(lines, forward, files: catalog) { served async throws in
                let reply = try await served.ask(Self.web)
                #expect(reply.code == .noError && reply.answers.map(\.type) == [.cname], "\(forward): \(reply)")
            }
        }
    }

    /// `cancel`: nobody waits longer for the target than for any other name.
    @Test func aSilentTargetIsNamedAloneInTime() async throws {
        try await with(try await ScriptedUpstream(rules: []), "cancel 200ms") { served async throws in
            let reply = try await served.ask(Self.web)
            #expect(reply.code == .noError && reply.answers.map(\.type) == [.cname], "\(reply)")
        }
    }

    /// What was asked for an alias is a hit, for the alias and for the name itself.
    @Test func theTargetIsKept() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await with(server, "cache") { served async throws in
            for name in [Self.web, Self.web, "www.example.org."] {
                #expect(try await served.ask(name).addresses == ["192.0.2.7"])
            }
            #expect(server.count("www.example.org.") == 1)
        }
    }

    /// TC where there is no room for the target's addresses; TCP has it.
    @Test func aLargeTargetIsCutOverUDP() async throws {
        let many = (1...60).map { "192.0.2.\($0)" }
        let server = try await ScriptedUpstream(
            ScriptedRule(nil, by: .udp, .answer(.truncated)),
            ScriptedRule(nil, by: .tcp, .answer(ScriptedAnswer.noData.with { $0.addresses = many })))
        try await with(server, "cache") { served async throws in
            for _ in 0..<2 {
                let small = try await served.ask(Self.web) { $0 }
                #expect(small.isTruncated && small.bytes.count <= 512 && small.names == ["www.example.org."])
                let whole = try await served.ask(Self.web, over: .tcp) { $0 }
                #expect(!whole.isTruncated && whole.addresses.count == 60)
            }
        }
    }

    /// From one zone of ours into another and back, ten times; the eleventh alias is not followed.
    @Test func chainsLeadThroughTheBlocks() async throws {
        func catalog(_ parity: Int) -> String {
            (1...11).filter { $0 % 2 == parity }.map { index in
                external("c\(index)", "c\(index + 1).shop.svc.\(parity == 1 ? "even" : "odd").local", in: "shop")
            }.joined() + shop("c12", "10.96.0.1")
        }
        let blocks = ["odd", "even"].map { zone in
            """
            \(zone).local:5300 {
                bind {address}
                kubernetes {
                    catalog \(zone).yaml
                }
            }

            """
        }
        let files = ["odd.yaml": catalog(1), "even.yaml": catalog(0)]
        try await Served.corefile(blocks.joined(), files: files) { served async throws in
            // c12 lies in even.local: c2 is ten aliases away, c1 eleven.
            for transport in [Conversation.Transport.udp, .tcp] {
                let ten = try await served.ask("c2.shop.svc.even.local.", over: transport)
                #expect(ten.names.count == 10 && ten.addresses == ["10.96.0.1"], "\(ten)")
                let eleven = try await served.ask("c1.shop.svc.odd.local.", over: transport)
                #expect(eleven.code == .noError && eleven.addresses == [] && eleven.names.count <= 11, "\(eleven)")
            }
        }
    }

    @Test func aCircleEnds() async throws {
        let catalog =
            external("a", "b.shop.svc.two.local", in: "shop") + external("b", "a.shop.svc.one.local", in: "shop")
        let blocks = ["one", "two"].map {
            "\($0).local:5300 {\n    bind {address}\n    kubernetes {\n        catalog catalog.yaml\n    }\n}\n"
        }
        try await Served.corefile(blocks.joined(), files: ["catalog.yaml": catalog]) { served async throws in
            let reply = try await served.ask("a.shop.svc.one.local.")
            #expect(reply.addresses == [] && reply.names.count <= 11, "\(reply)")
            #expect(try await served.ask("a.shop.svc.one.local.", .cname).names == ["b.shop.svc.two.local."])
        }
    }
}

/// A Service of the type ExternalName.
private func external(_ name: String, _ target: String, in namespace: String) -> String {
    """
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: \(name), namespace: \(namespace) }
    spec: { type: ExternalName, externalName: \(target) }

    """
}
