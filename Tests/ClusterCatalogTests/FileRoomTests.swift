import Testing

@testable import ClusterCatalog

/// One file after the other in the same memory, and what must not come of that.
@Suite struct FileRoomTests {
    private let scratch = Scratch()
    private let room = FileRoom()

    private func read(_ path: String) throws(ReadFailure) -> FileBytes {
        try FileBytes.read(path, byteCountLimit: 1 << 20, in: room)
    }

    private func text(_ file: borrowing FileBytes) -> String { unsafe String(decoding: file.bytes, as: UTF8.self) }

    /// True if nobody has the memory now.
    private func isFree() -> Bool {
        guard let memory = unsafe room.take(1) else { return false }
        unsafe room.giveBack(memory)
        return true
    }

    @Test func everyTakerGetsTheSameMemory() throws {
        let first = try unsafe #require(room.take(1))
        unsafe room.giveBack(first)
        let second = try unsafe #require(room.take(first.count))
        #expect(unsafe first.baseAddress == second.baseAddress)
        unsafe room.giveBack(second)
        #expect(unsafe room.take(first.count + 1) == nil, "larger than the room")
        #expect(isFree())
    }

    @Test func aSecondTakerReadsIntoMemoryOfItsOwn() throws {
        scratch.write("a", "first file")
        scratch.write("b", "second")
        let first = try read(scratch.path("a"))
        #expect(!isFree())
        let second = try read(scratch.path("b"))
        let texts = [text(first), text(second)]
        #expect(texts == ["first file", "second"])
        release(second)
        #expect(!isFree(), "it is the first one's still")
        release(first)
        #expect(isFree())
    }

    private func release(_: consuming FileBytes) {}

    @Test func aShorterFileSeesNothingOfALongerOne() throws {
        for content in [String(repeating: "longer ", count: 9000), "short", "", "x"] {
            scratch.write("a", content)
            let file = try read(scratch.path("a"))
            let (text, count) = (text(file), file.count)
            #expect(text == content)
            #expect(count == content.utf8.count)
        }
        #expect(isFree())
    }

    /// Both say that they have no bytes: one has some nevertheless, the other cannot be read at all.
    @Test(arguments: ["/proc/self/status", "/proc/self/mem"]) func aReadThatFailsGivesItBack(_ path: String) {
        #expect(throws: ReadFailure.self) { release(try read(path)) }
        #expect(isFree())
    }
}
