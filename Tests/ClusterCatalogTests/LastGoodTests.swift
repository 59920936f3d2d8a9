import Glibc
import LinuxIO
import SourceText
import Testing

@testable import ClusterCatalog

/// Input that is half-written, empty, missing or broken never changes an answer.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LastGoodTests {
    let scratch = Scratch()
    let clock: HandClock

    init() throws { clock = try HandClock() }

    private func run(
        _ names: [String] = [""], byteCountLimit: Int = 1 << 20, _ body: (Runner) async throws -> Void
    ) async throws {
        try await withFolder(names.map(scratch.path), byteCountLimit: byteCountLimit, clock: clock, body)
    }

    @Test func aBrokenObjectStaysAsItWasAndAGoodOneChanges() async throws {
        scratch.write("a.yaml", [serviceText("a"), serviceText("b"), serviceText("c")].joined(separator: "---\n"))
        try await run { runner in
            try await runner.update()
            // a changes, b is broken, c is not there.
            scratch.write("a.yaml", serviceText("a", "10.96.0.7") + "---\n" + serviceText("b", "nonsense"))
            let update = try await runner.update { !$0.change.isEmpty }
            #expect(runner.services == ["shop/a=10.96.0.7", "shop/b=10.96.0.1", "shop/c=10.96.0.1"])
            #expect(update.staleSince == clock.now)
            #expect(
                update.said(scratch) == [
                    "a.yaml:1:1: warning: because of the errors in this file objects that it does not hold any more stay as they were: Service shop/b, Service shop/c",
                    "a.yaml:9:19: error: spec.clusterIP must be an IP address, not \"nonsense\"",
                ])
            scratch.write("a.yaml", serviceText("a", "10.96.0.7") + "---\n" + serviceText("b", "10.96.0.8"))
            let healed = try await runner.update { $0.staleSince == nil }
            #expect(healed.diagnostics.isEmpty)
            #expect(runner.services == ["shop/a=10.96.0.7", "shop/b=10.96.0.8"])
        }
    }

    @Test func aBrokenDocumentRemovesNothing() async throws {
        scratch.write("a.yaml", serviceText("a") + "---\n" + serviceText("b"))
        try await run { runner in
            try await runner.update()
            scratch.write("a.yaml", serviceText("a") + "---\nmetadata: [")
            let update = try await runner.update { $0.staleSince != nil }
            #expect(update.change.updates.allSatisfy { $0.object != nil })
            #expect(runner.services.count == 2)
        }
    }

    @Test(arguments: ["", "\n\n", "# nothing yet\n", "---\n---\n"]) func anEmptyFileKeepsItsObjects(_ text: String)
        async throws
    {
        scratch.write("a.yaml", serviceText("a"))
        scratch.write("b.yaml", serviceText("b"))
        try await run { runner in
            try await runner.update()
            scratch.write("a.yaml", text)
            let update = try await runner.update { $0.staleSince != nil }
            #expect(update.change.isEmpty)
            #expect(
                update.said(scratch) == [
                    "a.yaml:1:1: error: the file is empty. To remove all its objects delete it, or write kind: List with items: []. Until then the file's 1 object of before stay."
                ])
            scratch.write("a.yaml", serviceText("a"))
            let healed = try await runner.update { $0.staleSince == nil }
            #expect(healed.change.isEmpty && healed.diagnostics.isEmpty)
        }
    }

    @Test(arguments: [
        ("a.yaml", "apiVersion: v1\nkind: List\nitems: []\n"),
        ("a.json", #"{"apiVersion":"v1","kind":"List","items":[]}"#),
    ])
    func anEmptyListRemovesEverything(_ file: String, _ text: String) async throws {
        scratch.write(file, #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{}}"#)
        try await run([file]) { runner in
            try await runner.update()
            #expect(runner.services.count == 1)
            scratch.write(file, text)
            let update = try await runner.update { !$0.change.isEmpty }
            #expect(update.diagnostics.isEmpty && update.staleSince == nil)
            #expect(runner.services.isEmpty)
        }
    }

    @Test func aFileThatIsBeingWrittenIsReadWhenItIsClosed() async throws {
        scratch.write("a.yaml", serviceText("a") + "---\n" + serviceText("b"))
        scratch.write("z.yaml", serviceText("z"))
        try await run { runner in
            try await runner.update()
            let file = scratch.open("a.yaml")
            scratch.put(file, serviceText("a", "10.96.0.7"))
            // The half-written file is whole YAML; nothing but its writer knows that more comes.
            scratch.write("z.yaml", serviceText("z", "10.96.0.9"))
            let other = try await runner.update { !$0.change.isEmpty }
            #expect(other.change.updates.map(\.key.name.name) == ["z"])
            // A rescan does not read it either.
            await clock.advance(.milliseconds(900))
            scratch.write("z.yaml", serviceText("z", "10.96.0.10"))
            let again = try await runner.update { !$0.change.isEmpty }
            #expect(again.change.updates.map(\.key.name.name) == ["z"])
            scratch.put(file, "---\n" + serviceText("b", "10.96.0.8"))
            close(file)
            let update = try await runner.update { !$0.change.isEmpty }
            #expect(update.change.updates.count == 2)
            #expect(runner.services == ["shop/a=10.96.0.7", "shop/b=10.96.0.8", "shop/z=10.96.0.10"])
        }
    }

    @Test func aWriterThatNeverClosesIsNotWaitedForForever() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.write("z.yaml", serviceText("z"))
        try await run { runner in
            try await runner.update()
            let file = scratch.open("a.yaml")
            scratch.put(file, serviceText("a", "10.96.0.7"))
            scratch.write("z.yaml", serviceText("z", "10.96.0.9"))
            try await runner.update { !$0.change.isEmpty }
            await clock.advance(.seconds(1))
            try await runner.update { !$0.change.isEmpty }
            #expect(runner.services == ["shop/a=10.96.0.7", "shop/z=10.96.0.9"])
            close(file)
        }
    }

    // MARK: What is no catalog file

    @Test func aFIFODoesNotHang() async throws {
        scratch.write("a.yaml", serviceText("a"))
        try #require(unsafe mkfifo(scratch.path("pipe.yaml"), 0o644) == 0)
        try await run { runner in
            let update = try await runner.update()
            #expect(
                update.said(scratch) == [
                    "pipe.yaml:1:1: error: the file is a FIFO, not a regular file; put a file in its place."
                ])
            #expect(update.isComplete && runner.services.count == 1)
        }
    }

    @Test func aFIFOInPlaceOfAFileKeepsItsObjects() async throws {
        scratch.write("a.yaml", serviceText("a"))
        try await run { runner in
            try await runner.update()
            try #require(unsafe mkfifo(scratch.path("pipe"), 0o644) == 0)
            scratch.move("pipe", "a.yaml")
            let update = try await runner.update { $0.staleSince != nil }
            #expect(
                update.said(scratch) == [
                    "a.yaml:1:1: error: the file is a FIFO, not a regular file; put a file in its place. Until then the file's 1 object of before stay."
                ])
            #expect(runner.services.count == 1)
        }
    }

    @Test func aFileThatIsTooLarge() async throws {
        scratch.write("a.yaml", serviceText("a"))
        try await run(byteCountLimit: 500) { runner in
            try await runner.update()
            scratch.write("a.yaml", serviceText("b") + "#" + String(repeating: " ", count: 500))
            let update = try await runner.update { $0.staleSince != nil }
            #expect(update.said(scratch).first?.hasPrefix("a.yaml:1:1: error: the file has 6") == true)
            #expect(
                update.said(scratch).first?.hasSuffix(
                    " bytes, more than the limit of 500; split it. Until then the file's 1 object of before stay.")
                    == true)
            #expect(runner.services == ["shop/a=10.96.0.1"])
        }
    }

    @Test func aLinkThatLeadsNowhere() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.link("nowhere.yaml", "b.yaml")
        try await run { runner in
            let update = try await runner.update()
            #expect(
                update.said(scratch) == [
                    "b.yaml:1:1: error: the file is a link that leads nowhere; correct or delete it."
                ])
        }
    }

    static let bombs = [
        ("deep.yaml", String(repeating: "[", count: 100_000)),
        ("deep.json", String(repeating: "[", count: 100_000)),
        ("mappings.yaml", String(repeating: "a: {", count: 100_000)),
        (
            "aliases.yaml",
            "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
                + (1..<12).map {
                    "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", ") + "]\n"
                }.joined()
                + "kind: Service\napiVersion: v1\nmetadata: *a11\n"
        ),
        ("nul.yaml", "\0\0\0"), ("latin.yaml", "name: \u{fffe}"), ("tabs.yaml", "\t\t- a"),
    ]

    @Test(arguments: bombs) func aHostileFileIsAProblemWithAPlace(_ file: String, _ text: String) async throws {
        scratch.write("good.yaml", serviceText("good"))
        scratch.write(file, text)
        try await run { runner in
            let update = try await runner.update()
            #expect(!update.diagnostics.isEmpty)
            #expect(update.said(scratch).allSatisfy { $0.hasPrefix(file + ":") })
            #expect(runner.services == ["shop/good=10.96.0.1"])
        }
    }

    // MARK: Start

    @Test func aMissingPathOfTheCommandLineIsAnErrorAtOnce() async throws {
        scratch.write("a.yaml", serviceText("a"))
        try await withFolder([scratch.path("a.yaml"), scratch.path("none")], startup: .fail, clock: clock) { runner in
            await #expect(throws: FolderEnded.self) { try await runner.update() }
            #expect(
                (runner.failure as? Diagnostic)?.description
                    == "\(scratch.path("none")):1:1: error: the catalog does not exist; create it or correct the path.")
        }
        #expect(throws: Diagnostic.self) { try loadCatalog(paths: [scratch.path("none")]) }
    }

    @Test func aRootThatIsAFIFOIsAnErrorAtOnce() throws {
        try #require(unsafe mkfifo(scratch.path("pipe"), 0o644) == 0)
        let error = #expect(throws: Diagnostic.self) { try loadCatalog(paths: [scratch.path("pipe")]) }
        #expect(error?.text == "the file is a FIFO, not a regular file; put a file in its place.")
    }

    @Test func aRootThatIsAFIFOIsWaitedFor() async throws {
        try #require(unsafe mkfifo(scratch.path("a.yaml"), 0o644) == 0)
        try await run(["a.yaml"]) { runner in
            #expect(try await !runner.update().isComplete)
            scratch.replace("a.yaml", serviceText("a"))
            try await runner.update(\.isComplete)
            #expect(runner.services == ["shop/a=10.96.0.1"])
        }
    }

    @Test func aMissingPathOfACorefileIsWaitedFor() async throws {
        scratch.write("a.yaml", serviceText("a"))
        try await run(["a.yaml", "late"]) { runner in
            let first = try await runner.update()
            #expect(!first.isComplete)
            #expect(first.notices.contains(.rootMissing(path: scratch.path("late"))))
            scratch.makeFolder("late~")
            scratch.write("late~/b.yaml", serviceText("b"))
            scratch.move("late~", "late")
            let second = try await runner.update(\.isComplete)
            #expect(second.notices.contains(.rootReturned(path: scratch.path("late"))))
            #expect(runner.services.count == 2)
        }
    }
}
