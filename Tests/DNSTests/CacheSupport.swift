import Testing
import WireMessages

@testable import DNS

/// A cache, a clock, and a client.
struct Kept {
    let cache: AnswerCache
    /// Milliseconds.
    var now: UInt64 = 1_000_000
    var date: UInt32 = 1_700_000_000

    init(_ change: (inout CacheLimits) -> Void = { _ in }) {
        var limits = CacheLimits()
        change(&limits)
        cache = AnswerCache(limits)
    }

    func keep(_ wire: WireResponse, wantsSignatures: Bool = false) throws {
        let read = try #require(response(wire, wantsSignatures: wantsSignatures))
        cache.keep(read, for: read.question, now: now, date: date)
    }

    enum Found: Equatable {
        case miss
        case staleOnly
        case answer(WireMessage, wantsRefresh: Bool)

        var message: WireMessage? {
            guard case .answer(let message, _) = self else { return nil }
            return message
        }
        var wantsRefresh: Bool {
            guard case .answer(_, let wants) = self else { return false }
            return wants
        }
    }

    func ask(
        _ query: WireQuery, limits: AnswerLimits = .udp, turn: UInt32 = 0, takesStale: Bool = false
    ) throws -> Found {
        let (outcome, bytes) = inPlace(query, limits) { read, message in
            takesStale
                ? cache.answerStale(read, in: &message, limits: limits, turn: turn, now: now)
                : cache.answer(read, in: &message, limits: limits, turn: turn, now: now)
        }
        switch outcome {
        case .miss:
            #expect(bytes.starts(with: query.bytes))
            return .miss
        case .staleOnly:
            #expect(bytes.starts(with: query.bytes))
            return .staleOnly
        case .answered(let count, let wantsRefresh):
            return .answer(try WireMessage(Array(bytes[..<count])), wantsRefresh: wantsRefresh)
        }
    }

    mutating func pass(seconds: UInt64) {
        now += seconds * 1000
        date += UInt32(seconds)
    }
}
