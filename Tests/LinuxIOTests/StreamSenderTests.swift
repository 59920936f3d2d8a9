import Glibc
import Testing

@testable import LinuxIO

@Suite struct StreamSenderTests {
    private struct Pair: ~Copyable {
        let near: Descriptor
        let far: Descriptor

        init() throws {
            var numbers: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            try system("socketpair") { unsafe socketpair(AF_UNIX, kind, 0, &numbers) }
            near = Descriptor(owning: numbers[0])
            far = Descriptor(owning: numbers[1])
        }

        consuming func closeFar() -> Descriptor { near }
    }

    private func send(_ bytes: [UInt8], over end: borrowing Descriptor) -> Int {
        unsafe bytes.withUnsafeBytes { unsafe StreamSender(borrowing: end.number).send($0) }
    }

    @Test func sendsWhatFits() throws {
        let pair = try Pair()
        #expect(send([1, 2, 3], over: pair.near) == 3)
        var arrived: [UInt8] = [0, 0, 0, 0]
        #expect(unsafe recv(pair.far.number, &arrived, 4, 0) == 3)
        #expect(arrived == [1, 2, 3, 0])
    }

    @Test func leavesTheRestOfWhatDoesNotFit() throws {
        let pair = try Pair()
        let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let count = send(bytes, over: pair.near)
        #expect(count > 0 && count < bytes.count)
        #expect(send([9], over: pair.near) == 0)
        var arrived = [UInt8](repeating: 0, count: bytes.count)
        var arrivedCount = 0
        while arrivedCount < count {
            let more = unsafe arrived.withUnsafeMutableBytes {
                unsafe recv(pair.far.number, $0.baseAddress?.advanced(by: arrivedCount), $0.count - arrivedCount, 0)
            }
            guard more > 0 else { break }
            arrivedCount += more
        }
        #expect(arrivedCount == count)
        #expect(arrived[..<count] == bytes[..<count])
    }

    /// No signal ends the program either.
    @Test func sendsNothingToAPeerThatIsGone() throws {
        let near = try Pair().closeFar()
        #expect(send([1], over: near) == 0)
    }
}
