import Foundation
import Testing

@testable import LinuxIO

/// What the kernel says of this process.
@Suite struct ProcessFactsTests {
    @Test func ofThisProcess() throws {
        let facts = ProcessFacts()
        let resident = try #require(facts.residentByteCount)
        let virtual = try #require(facts.virtualByteCount)
        #expect(resident > 1 << 20 && resident <= virtual)
        #expect(try #require(facts.threadCount) >= 1)
        #expect(try #require(facts.openDescriptorCount) >= 3)
        #expect(try #require(facts.openDescriptorCount) <= descriptorLimit())
        #expect(try #require(facts.cpuNanoseconds) > 0)
        let start = try #require(facts.startTime)
        let now = Date().timeIntervalSince1970
        #expect(start > now - 86_400 && start <= now + 1)
    }

    @Test func anOpenFileIsCounted() throws {
        // Other tests open and close files meanwhile; a hundred are more than they have.
        let before = try #require(ProcessFacts().openDescriptorCount)
        let files = (0..<100).compactMap { _ in FileHandle(forReadingAtPath: "/dev/null") }
        #expect(files.count == 100)
        #expect(try #require(ProcessFacts().openDescriptorCount) > before + 50)
    }

    static let head = "7 (a) b) S 1 7 7 0 -1 4194304 100 0 0 0 12 34 0 0 20 0"

    @Test func theNameMayHoldAnything() throws {
        let status = try #require(ProcessStatus(Self.head + " 5 0 4711 8192000 300 18446744073709551615 1"))
        #expect(status.threadCount == 5)
        #expect(status.startTick == 4711)
        #expect(status.virtualByteCount == 8_192_000)
        #expect(status.residentPageCount == 300)
    }

    @Test(arguments: ["", "7", "7 (a) S 1", head + " 5 0 4711 8192000", head + " x 0 4711 8192000 300"])
    func anotherShapeIsNoStatus(_ text: String) {
        #expect(ProcessStatus(text) == nil)
    }
}
