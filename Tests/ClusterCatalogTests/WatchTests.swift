import Glibc
import LinuxIO
import Testing

@testable import ClusterCatalog

/// The ways in which catalogs change on disk, each with real files and the kernel's events.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WatchTests {
    let scratch = Scratch()
    let clock: HandClock

    init() throws { clock = try HandClock() }

    private func run(_ names: [String] = [""], _ body: (Runner) async throws -> Void) async throws {
        try await withFolder(names.map(scratch.path), clock: clock, body)
    }

    // MARK: Changes

    @Test func theFirstLoadIsOneCompleteChange() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.makeFolder("more")
        scratch.write("more/b.yml", serviceText("b"))
        scratch.write("c.json", #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}"#)
        scratch.write(".hidden.yaml", serviceText("hidden"))
        scratch.write("notes.txt", "kind: Service")
        try await run { runner in
            let update = try await runner.update()
            #expect(
                update.isComplete && update.change.updates.count == 3 && update.diagnostics.isEmpty
                    && update.staleSince == nil)
            #expect(runner.services == ["shop/a=10.96.0.1", "shop/b=10.96.0.1"])
        }
    }

    @Test(arguments: ["rename", "in place"]) func aChangedFile(_ way: String) async throws {
        scratch.write("a.yaml", serviceText("a") + "---\n" + serviceText("b"))
        scratch.write("c.yaml", serviceText("c"))
        try await run { runner in
            try await runner.update()
            let text = serviceText("a") + "---\n" + serviceText("b", "10.96.0.9")
            if way == "rename" { scratch.replace("a.yaml", text) } else { scratch.write("a.yaml", text) }
            let update = try await runner.update { !$0.change.isEmpty }
            #expect(update.change.updates.map(\.key) == [ObjectKey(.service, name("shop/b"))])
            #expect(update.notices == [.read(files: 1, byteCount: text.utf8.count, parsedPieces: 1)])
            #expect(runner.services == ["shop/a=10.96.0.1", "shop/b=10.96.0.9", "shop/c=10.96.0.1"])
        }
    }

    @Test(arguments: ["rename", "in place"]) func aChangedRootFile(_ way: String) async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.write("b.yaml", serviceText("b"))
        try await run(["a.yaml"]) { runner in
            try await runner.update()
            if way == "rename" {
                scratch.replace("a.yaml", serviceText("new"))
            } else {
                scratch.write("a.yaml", serviceText("new"))
            }
            try await runner.update { !$0.change.isEmpty }
            #expect(runner.services == ["shop/new=10.96.0.1"])
        }
    }

    @Test func newFilesAndFolders() async throws {
        scratch.write("a.yaml", serviceText("a"))
        try await run { runner in
            try await runner.update()
            scratch.write("b.yaml", serviceText("b"))
            try await runner.update { !$0.change.isEmpty }
            scratch.makeFolder("late")
            scratch.write("late/c.yaml", serviceText("c"))
            await clock.settle()
            await clock.advance(.seconds(1))
            try await runner.update { !$0.change.isEmpty }
            scratch.write("late/d.yaml", serviceText("d"))
            try await runner.update { !$0.change.isEmpty }
            scratch.link("a.yaml", "e.yaml")
            try await runner.update { !$0.diagnostics.isEmpty }
            #expect(runner.services.map { $0.prefix(6) } == ["shop/a", "shop/b", "shop/c", "shop/d"])
        }
    }

    @Test func aFolderThatMovesInIsCompleteAtOnce() async throws {
        let outside = Scratch()
        outside.makeFolder("set")
        outside.write("set/b.yaml", serviceText("b"))
        scratch.write("a.yaml", serviceText("a"))
        try await run { runner in
            try await runner.update()
            try #require(unsafe rename(outside.path("set"), scratch.path("set")) == 0)
            try await runner.update { !$0.change.isEmpty }
            #expect(runner.services.count == 2)
        }
    }

    @Test func severalFilesAtOnceAreOneChange() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.write("b.yaml", serviceText("b"))
        var settings = CatalogFolder.Settings()
        settings.debounce = .milliseconds(2)
        let folder = CatalogFolder(paths: [scratch.path], settings: settings) { [clock] () throws(SystemError) in clock
        }
        let runner = Runner()
        let task = Task { try await folder.run { runner.note($0) } }
        try await runner.update()
        // The clock stands still, so no pause between the two is seen.
        scratch.write("a.yaml", serviceText("a", "10.96.0.8"))
        scratch.write("b.yaml", serviceText("b", "10.96.0.9"))
        await clock.settle()
        await clock.advance(.milliseconds(2))
        let update = try await runner.update { !$0.change.isEmpty }
        #expect(update.change.updates.count == 2)
        task.cancel()
        _ = await task.result
    }

    /// As the kubelet does it: the links never change, `..data` is renamed over.
    private func mountConfigMap(_ version: String, _ files: [String: String]) {
        scratch.makeFolder(version)
        for (file, text) in files { scratch.write("\(version)/\(file)", text) }
        scratch.link(version, "..data_tmp")
        scratch.move("..data_tmp", "..data")
    }

    @Test(arguments: [[""], ["a.yaml", "b.yaml"]]) func aConfigMapSwitches(_ roots: [String]) async throws {
        mountConfigMap("..1", ["a.yaml": serviceText("a"), "b.yaml": serviceText("b")])
        scratch.link("..data/a.yaml", "a.yaml")
        scratch.link("..data/b.yaml", "b.yaml")
        try await run(roots) { runner in
            try await runner.update()
            #expect(runner.services == ["shop/a=10.96.0.1", "shop/b=10.96.0.1"])
            mountConfigMap("..2", ["a.yaml": serviceText("a", "10.96.0.8"), "b.yaml": serviceText("b", "10.96.0.9")])
            scratch.remove("..1")
            let update = try await runner.update { !$0.change.isEmpty }
            #expect(update.change.updates.count == 2, "both files in one change")
            #expect(runner.services == ["shop/a=10.96.0.8", "shop/b=10.96.0.9"])
            #expect(runner.origin("shop/a") == scratch.path("a.yaml") + ":1")
        }
    }

    @Test func aLinkToAFolderThatIsSwitched() async throws {
        for version in ["1", "2"] {
            scratch.makeFolder("v\(version)")
            scratch.write("v\(version)/a.yaml", serviceText("a", "10.96.0.\(version)"))
        }
        scratch.makeFolder("root")
        scratch.link("../v1", "root/current")
        try await run(["root"]) { runner in
            try await runner.update()
            scratch.link("../v2", "root/next~")
            scratch.move("root/next~", "root/current")
            try await runner.update { !$0.change.isEmpty }
            #expect(runner.services == ["shop/a=10.96.0.2"])
        }
    }

    @Test func foldersThatLinkInACircle() async throws {
        scratch.makeFolder("a")
        scratch.write("a/s.yaml", serviceText("a"))
        scratch.link("..", "a/up")
        scratch.link(".", "here")
        scratch.link("a", "b")
        try await run { runner in
            let update = try await runner.update()
            #expect(update.change.updates.count == 1 && update.diagnostics.isEmpty)
        }
    }

    @Test func anObjectThatMovesInItsFileKnowsItsNewLine() async throws {
        scratch.write("a.yaml", serviceText("a") + "---\n" + serviceText("b"))
        try await run { runner in
            try await runner.update()
            #expect(runner.origin("shop/b") == scratch.path("a.yaml") + ":6")
            scratch.write(
                "a.yaml",
                "# one\n# two\n" + serviceText("new") + "---\n" + serviceText("a") + "---\n" + serviceText("b"))
            let update = try await runner.update { !$0.change.isEmpty }
            #expect(!update.change.updates.contains { $0.key.name.name == "b" }, "it was not parsed again")
            #expect(runner.origin("shop/b") == scratch.path("a.yaml") + ":13")
        }
    }

    @Test func aDiagnosticMovesWithItsObject() async throws {
        scratch.write("a.yaml", serviceText("a") + "---\n" + serviceText("b", "nonsense"))
        try await run { runner in
            let first = try await runner.update()
            #expect(
                first.said(scratch) == ["a.yaml:9:19: error: spec.clusterIP must be an IP address, not \"nonsense\""])
            scratch.write(
                "a.yaml", serviceText("new") + "---\n" + serviceText("a") + "---\n" + serviceText("b", "nonsense"))
            let second = try await runner.update { !$0.change.isEmpty }
            #expect(
                second.said(scratch) == ["a.yaml:14:19: error: spec.clusterIP must be an IP address, not \"nonsense\""])
        }
    }

    @Test func theFirstOfTwoCountsAndTheSecondTakesOver() async throws {
        scratch.write("a.yaml", serviceText("x", "10.96.0.1"))
        scratch.write("b.yaml", serviceText("x", "10.96.0.2"))
        try await run { runner in
            let first = try await runner.update()
            #expect(
                first.said(scratch) == [
                    "b.yaml:1:1: error: Service shop/x is written already at a.yaml:1, which counts; delete one of them"
                ])
            #expect(runner.services == ["shop/x=10.96.0.1"])
            scratch.remove("a.yaml")
            await clock.settle()
            await clock.advance(.milliseconds(250))
            let second = try await runner.update { !$0.change.isEmpty }
            #expect(second.diagnostics.isEmpty)
            #expect(runner.services == ["shop/x=10.96.0.2"])
            scratch.write("a.yaml", serviceText("x", "10.96.0.3"))
            try await runner.update { !$0.change.isEmpty }
            #expect(runner.services == ["shop/x=10.96.0.3"])
        }
    }

    // MARK: Deletion

    @Test func aDeletedFileTakesItsObjectsAlongAfterTheGrace() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.write("b.yaml", serviceText("b"))
        try await run { runner in
            try await runner.update()
            scratch.remove("b.yaml")
            await clock.settle()
            await clock.advance(.milliseconds(249))
            #expect(runner.services == ["shop/a=10.96.0.1", "shop/b=10.96.0.1"])
            await clock.advance(.milliseconds(1))
            #expect(runner.services == ["shop/a=10.96.0.1"])
        }
    }

    @Test func aFileThatIsDeletedAndWrittenAgainLeavesNoGap() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.write("b.yaml", serviceText("b"))
        try await run { runner in
            try await runner.update()
            scratch.remove("b.yaml")
            await clock.settle()
            await clock.advance(.milliseconds(200))
            scratch.write("b.yaml", serviceText("b", "10.96.0.8"))
            let update = try await runner.update { !$0.change.isEmpty }
            #expect(update.change.updates.map(\.key.name.name) == ["b"])
            #expect(update.change.updates.allSatisfy { $0.object != nil })
            await clock.advance(.seconds(1))
            #expect(runner.services == ["shop/a=10.96.0.1", "shop/b=10.96.0.8"])
            #expect(runner.waiting == 0)
        }
    }

    @Test func aRenamedFileChangesNoAnswer() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.write("z.yaml", serviceText("z"))
        try await run { runner in
            try await runner.update()
            scratch.move("a.yaml", "b.yaml")
            await clock.settle()
            #expect(runner.services.count == 2)
            await clock.advance(.milliseconds(250))
            let update = try await runner.update { !$0.change.isEmpty && $0.diagnostics.isEmpty }
            #expect(update.change.updates.allSatisfy { $0.object != nil })
            #expect(runner.origin("shop/a") == scratch.path("b.yaml") + ":1")
        }
    }

    @Test func theLastFileOfAFolderIsNotMissed() async throws {
        scratch.write("a.yaml", serviceText("a"))
        try await run { runner in
            try await runner.update()
            scratch.remove("a.yaml")
            let update = try await keptUpdate(runner)
            #expect(
                update.said(scratch) == [
                    ".:1:1: error: the folder holds no catalog file any more; its 1 object of before stay. Put a file back"
                ])
            #expect(runner.services == ["shop/a=10.96.0.1"])
            scratch.write("b.yaml", serviceText("b"))
            await clock.settle()
            #expect(runner.services == ["shop/a=10.96.0.1", "shop/b=10.96.0.1"])
            await clock.advance(.milliseconds(250))
            try await runner.update { $0.diagnostics.isEmpty && $0.staleSince == nil }
            #expect(runner.services == ["shop/b=10.96.0.1"])
        }
    }

    @Test func anEmptiedSubfolderKeepsItsObjectsUntilItIsDeleted() async throws {
        scratch.write("a.yaml", serviceText("a"))
        scratch.makeFolder("sub")
        scratch.write("sub/b.yaml", serviceText("b"))
        try await run { runner in
            try await runner.update()
            scratch.remove("sub/b.yaml")
            let update = try await keptUpdate(runner)
            #expect(
                update.said(scratch) == [
                    "sub:1:1: error: the folder holds no catalog file any more; its 1 object of before stay. Put a file back, or delete the folder"
                ])
            scratch.remove("sub")
            await clock.advance(.seconds(5))
            try await runner.update { !$0.change.isEmpty }
            #expect(runner.services == ["shop/a=10.96.0.1"])
        }
    }

    /// Lets time pass until the folder says that it keeps something.
    private func keptUpdate(_ runner: Runner) async throws -> CatalogUpdate {
        await clock.settle()
        await clock.advance(.milliseconds(250))
        return try await runner.update { $0.staleSince != nil }
    }

    @Test(arguments: ["root", "root/a.yaml"]) func aRootThatVanishesAndComesBack(_ root: String) async throws {
        scratch.makeFolder("root")
        scratch.write("root/a.yaml", serviceText("a"))
        try await run([root]) { runner in
            try await runner.update()
            scratch.move("root", "away")
            let gone = try await runner.update { $0.staleSince != nil }
            #expect(gone.change.isEmpty && gone.isComplete)
            #expect(gone.notices.contains(.rootMissing(path: scratch.path(root))))
            #expect(
                gone.said(scratch) == [
                    "\(root):1:1: error: the catalog does not exist; create it or correct the path. Until then its 1 object of before stay."
                ])
            #expect(runner.services == ["shop/a=10.96.0.1"])
            scratch.write("away/a.yaml", serviceText("a", "10.96.0.5"))
            scratch.move("away", "root")
            await clock.settle()
            await clock.advance(.seconds(5))
            await clock.advance(.seconds(1))
            let back = try await runner.update { $0.staleSince == nil && !$0.change.isEmpty }
            #expect(back.diagnostics.isEmpty)
            #expect(runner.services == ["shop/a=10.96.0.5"])
        }
    }

    // MARK: Without events

    @Test func lostEventsAreMadeUpForByLooking() async throws {
        let deaf = try HandClock(isDeaf: true)
        scratch.write("a.yaml", serviceText("a"))
        try await withFolder([scratch.path], clock: deaf) { runner in
            try await runner.update()
            scratch.write("a.yaml", serviceText("a", "10.96.0.5"))
            deaf.inject(.overflow)
            try await runner.update { $0.notices.contains(.eventsLost) }
            await deaf.advance(.seconds(1))
            #expect(runner.services == ["shop/a=10.96.0.5"])
        }
    }

    @Test func aChangeWithoutEventsIsFoundByLooking() async throws {
        let deaf = try HandClock(isDeaf: true)
        scratch.write("a.yaml", serviceText("a"))
        try await withFolder([scratch.path], clock: deaf) { runner in
            let first = try await runner.update()
            #expect(first.notices.contains { if case .noEvents(scratch.path, _) = $0 { true } else { false } })
            scratch.write("a.yaml", serviceText("a", "10.96.0.5"))
            scratch.write("b.yaml", serviceText("b"))
            await deaf.settle()
            #expect(runner.services == ["shop/a=10.96.0.1"])
            // Found by the rescan, read when it looks the same a second later.
            await deaf.advance(.seconds(5))
            #expect(runner.services == ["shop/a=10.96.0.1"])
            await deaf.advance(.seconds(1))
            #expect(runner.services == ["shop/a=10.96.0.5", "shop/b=10.96.0.1"])
        }
    }
}
