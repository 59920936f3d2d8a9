import DNS
import NIOCore
import Testing

@testable import Plugins

@Suite struct TimerQueueTests {
    @Test func theOldestGoesFirstAndNotTooEarly() {
        var queue = TimerQueue<Int>(delay: .seconds(2))
        let start = NIODeadline.uptimeNanoseconds(0)
        #expect(queue.next == nil)
        for number in 0..<200 { queue.append(number, now: start + .seconds(Int64(number))) }
        #expect(queue.next == start + .seconds(2))
        #expect(queue.popDue(start + .seconds(1)) == nil)
        for number in 0..<150 { #expect(queue.popDue(start + .seconds(151)) == number) }
        #expect(queue.popDue(start + .seconds(151)) == nil)
        #expect(queue.next == start + .seconds(152))
    }
}

@Suite struct ForwardCountsTests {
    @Test func timesFallIntoBuckets() {
        var counts = ForwardCounts(names: ["192.0.2.1:53"])
        for time in [Duration.microseconds(250), .microseconds(251), .seconds(9)] {
            counts.addResponse(.noError, after: time, from: 0)
        }
        counts.addResponse(ResponseCode(rawValue: 300), after: .zero, from: 0)
        let histogram = counts.upstreams[0].responses[.noError]
        #expect(histogram?.counts == [1, 1] + [UInt64](repeating: 0, count: 14) + [1])
        #expect(histogram?.count == 3)
        #expect(ForwardCounts.Histogram.bounds.last == .microseconds(8_192_000))
        #expect(counts.upstreams[0].responses[ResponseCode(rawValue: 4095)]?.count == 1)
    }

    @Test func eventLoopsAddUp() {
        var sum = ForwardCounts(names: ["192.0.2.1:53"])
        var part = sum
        part.addResponse(.noError, after: .milliseconds(1), from: 0)
        part.addSocket(.udp, isHit: true, to: 0)
        part.allDown = 1
        sum.add(part)
        sum.add(part)
        #expect(sum.upstreams[0].responses[.noError]?.count == 2)
        #expect(sum.upstreams[0].sockets[.udp]?.hits == 2)
        #expect(sum.allDown == 2)
    }
}
