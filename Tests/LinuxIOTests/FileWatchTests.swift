import Foundation
import Glibc
import Testing

@testable import LinuxIO

/// A folder of its own for one test.
final class TemporaryFolder: Sendable {
    let path: String
    init() throws {
        let url = URL.temporaryDirectory.appending(path: "linuxio-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }
    func rename(_ old: String, _ new: String) throws {
        #expect(unsafe Glibc.rename("\(path)/\(old)", "\(path)/\(new)") == 0)
    }
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: false)
    }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }
}

@Suite(.timeLimit(.minutes(5))) struct FileWatchTests {
    typealias Event = FileWatch.Event

    /// What `change` makes the watch say: everything up to the event of a file created last.
    private func events(
        in folder: TemporaryFolder, watching names: [String] = [""], _ change: (FileWatch) throws -> Void
    ) throws -> [String] {
        let watch = try FileWatch()
        for name in names { try watch.add(name.isEmpty ? folder.path : "\(folder.path)/\(name)") }
        let marker = try TemporaryFolder()
        try watch.add(marker.path)
        try change(watch)
        try marker.makeFolder("end")
        var lines: [String] = []
        while true {
            for event in try watch.next(timeout: .seconds(30)) {
                if event.directory == marker.path { return lines }
                let directory = event.directory.dropFirst(folder.path.count)
                lines.append("\(directory)/\(event.name) \(event.kind)\(event.isDirectory ? " folder" : "")")
            }
        }
    }

    @Test func seesAFileWritten() throws {
        let folder = try TemporaryFolder()
        let lines = try events(in: folder) { _ in
            let number = unsafe open("\(folder.path)/a", O_WRONLY | O_CREAT, 0o600)
            #expect(unsafe Glibc.write(number, "x", 1) == 1)
            #expect(close(number) == 0)
        }
        #expect(lines == ["/a created", "/a modified", "/a written"])
    }

    @Test func seesRenames() throws {
        let folder = try TemporaryFolder()
        try folder.write("new", "x")
        let other = try TemporaryFolder()
        try other.write("incoming", "y")
        let lines = try events(in: folder) { _ in
            try folder.rename("new", "live")
            #expect(unsafe Glibc.rename("\(other.path)/incoming", "\(folder.path)/other") == 0)
            #expect(unsafe Glibc.rename("\(folder.path)/live", "\(other.path)/out") == 0)
        }
        #expect(lines == ["/new movedOut", "/live movedIn", "/other movedIn", "/live movedOut"])
    }

    @Test func seesHardLinksAndDeletions() throws {
        let folder = try TemporaryFolder()
        try folder.write("a", "x")
        let lines = try events(in: folder) { _ in
            #expect(unsafe Glibc.link("\(folder.path)/a", "\(folder.path)/b") == 0)
            try folder.remove("a")
        }
        #expect(lines == ["/b created", "/a deleted"])
    }

    @Test func seesAConfigMapSwap() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("..1")
        try folder.link("..data", to: "..1")
        let lines = try events(in: folder) { _ in
            try folder.makeFolder("..2")
            try folder.link("..data_tmp", to: "..2")
            try folder.rename("..data_tmp", "..data")
            try folder.remove("..1")
        }
        #expect(
            lines == [
                "/..2 created folder", "/..data_tmp created", "/..data_tmp movedOut", "/..data movedIn",
                "/..1 deleted folder",
            ])
    }

    @Test func saysThatAFolderIsGoneAndTakesItBack() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("sub")
        let gone = Event(directory: "\(folder.path)/sub", name: "", kind: .folderGone)
        let lines = try events(in: folder, watching: ["sub"]) { watch in
            try folder.remove("sub")
            #expect(try watch.next(timeout: .seconds(30)) == [gone])
            #expect(!watch.directories.contains(gone.directory))
            try folder.makeFolder("sub")
            try watch.add("\(folder.path)/sub")
            try folder.makeFolder("sub/inner")
        }
        #expect(lines == ["/sub/inner created folder"])
    }

    @Test func saysThatAFolderWasMovedAwayOnce() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("sub")
        let watch = try FileWatch()
        try watch.add("\(folder.path)/sub")
        try folder.rename("sub", "other")
        let gone = Event(directory: "\(folder.path)/sub", name: "", kind: .folderGone)
        #expect(try watch.next(timeout: .seconds(30)) == [gone])
        try folder.makeFolder("other/inner")
        try watch.add("\(folder.path)/other")
        try folder.makeFolder("other/second")
        var rest: [Event] = []
        while rest.isEmpty { rest = try watch.next(timeout: .seconds(30)) }
        #expect(rest.map(\.name) == ["second"])
    }

    @Test func followsALinkAnewWhenAddedAgain() throws {
        let folder = try TemporaryFolder()
        for name in ["one", "two"] { try folder.makeFolder(name) }
        try folder.link("current", to: "one")
        let lines = try events(in: folder, watching: ["current"]) { watch in
            try folder.remove("current")
            try folder.link("current", to: "two")
            try watch.add("\(folder.path)/current")
            try folder.makeFolder("one/unseen")
            try folder.makeFolder("two/seen")
        }
        #expect(lines == ["/current/seen created folder"])
    }

    @Test func twoPathsOfOneFolderBothTell() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("real")
        try folder.link("alias", to: "real")
        let lines = try events(in: folder, watching: ["real", "alias"]) { watch in
            try folder.makeFolder("real/a")
            try folder.remove("real/a")
        }
        #expect(Set(lines).isSuperset(of: ["/real/a created folder", "/alias/a created folder"]))
        let fewer = try events(in: folder, watching: ["real", "alias"]) { watch in
            watch.remove("\(folder.path)/alias")
            try folder.makeFolder("real/b")
        }
        #expect(fewer == ["/real/b created folder"])
    }

    @Test(arguments: [("missing", ENOENT), ("file", ENOTDIR)])
    func refusesWhatIsNoFolder(_ name: String, _ code: Int32) throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "x")
        let watch = try FileWatch()
        let error = #expect(throws: SystemError.self) { try watch.add("\(folder.path)/\(name)") }
        #expect(error == SystemError(call: "inotify_add_watch", code: code))
        #expect(watch.directories == [])
    }

    @Test func returnsAfterTheTimeoutOrAnInterruption() async throws {
        let watch = try FileWatch()
        #expect(try watch.next(timeout: .milliseconds(1)) == [])
        watch.interrupt()
        #expect(try watch.next() == [])
        let thread = try WorkerThread(name: "next") {
            do { #expect(try watch.next() == []) } catch { Issue.record(error) }
        }
        watch.interrupt()
        await thread.wait()
    }

    @Test func streamsUntilItsReaderStops() async throws {
        let folder = try TemporaryFolder()
        let watch = try FileWatch()
        try watch.add(folder.path)
        try folder.makeFolder("a")
        var seen: [Event] = []
        for try await events in try watch.events() {
            seen += events
            if seen.contains(where: { $0.name == "b" }) { break }
            try folder.makeFolder("b")
        }
        #expect(seen.map(\.name) == ["a", "b"])
    }

    @Test func endsTheStreamOfACancelledReader() async throws {
        let watch = try FileWatch()
        let reader = Task { for try await _ in try watch.events() {} }
        reader.cancel()
        try await reader.value
    }
}
