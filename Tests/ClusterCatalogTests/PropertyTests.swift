import Testing

@testable import ClusterCatalog

/// Random edits of a folder: what the folder knows after each is what a fresh load says.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PropertyTests {
    /// A small generator with a seed, so that a failure comes back (xorshift64*).
    struct Random: RandomNumberGenerator {
        private var state: UInt64
        init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }

    /// Few names, so that files often hold the same object.
    private func document(_ random: inout Random) -> String {
        let number = Int.random(in: 0..<6, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "apiVersion: v1\nkind: Namespace\nmetadata: {name: n\(number)}\n"
        case 1: return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d\(number)}\n"
        case 2:
            return """
                # a comment
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: s\(number), namespace: shop, labels: {kubernetes.io/service-name: w\(number)}}
                endpoints: [{addresses: [10.0.0.\(Int.random(in: 1..<4, using: &random))]}]

                """
        default: return serviceText("w\(number)", "10.96.0.\(Int.random(in: 1..<4, using: &random))")
        }
    }

    private func file(_ random: inout Random) -> String {
        (0..<Int.random(in: 1..<6, using: &random)).map { _ in document(&random) }.joined(separator: "---\n")
    }

    private static let names = ["a.yaml", "b.yaml", "sub/c.yaml", "sub/d.yml", "sub/deep/e.yaml", "z.yaml"]

    /// One edit; `texts` is what the files hold.
    private func edit(_ scratch: Scratch, _ texts: inout [String: String], _ random: inout Random) {
        let name = Self.names.randomElement(using: &random) ?? "a.yaml"
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3:
            texts[name] = file(&random)
            scratch.replace(name, texts[name] ?? "")
        case 3..<6:
            texts[name] = file(&random)
            scratch.write(name, texts[name] ?? "")
        case 6..<8:
            // A document in the middle goes, another comes, all others move.
            var documents = (texts[name] ?? file(&random)).split(separator: "---\n").map(String.init).shuffled(
                using: &random)
            documents[0] = document(&random)
            texts[name] = documents.joined(separator: "---\n")
            scratch.write(name, texts[name] ?? "")
        default:
            // The last file of a folder is not missed, so one of each stays.
            guard texts[name] != nil, !["a.yaml", "sub/c.yaml", "sub/deep/e.yaml"].contains(name) else { return }
            texts[name] = nil
            scratch.remove(name)
        }
    }

    @Test(arguments: 1...8) func theStateIsThatOfAFreshLoad(_ seed: Int) async throws {
        var random = Random(seed: UInt64(seed))
        let scratch = Scratch()
        scratch.makeFolder("sub")
        scratch.makeFolder("sub/deep")
        var texts: [String: String] = [:]
        for name in Self.names {
            texts[name] = file(&random)
            scratch.write(name, texts[name] ?? "")
        }
        let clock = try HandClock()
        var edits = random
        try await withFolder([scratch.path], clock: clock) { runner in
            try await runner.update()
            for round in 0..<40 {
                for _ in 0..<Int.random(in: 1..<4, using: &edits) { edit(scratch, &texts, &edits) }
                await clock.settle()
                await clock.advance(.milliseconds(2500))
                let fresh = try loadCatalog(paths: [scratch.path])
                var catalog = Catalog()
                catalog.apply(fresh.change)
                try #require(runner.objects == catalog.everything, "seed \(seed), round \(round)")
                try #require(runner.last?.diagnostics == fresh.diagnostics, "seed \(seed), round \(round)")
                try #require(runner.last?.ignoredKinds == fresh.ignoredKinds, "seed \(seed), round \(round)")
            }
        }
    }
}
