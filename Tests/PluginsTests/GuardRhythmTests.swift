import Testing

@testable import Plugins

/// The loop guard must find a loop soon after the start, and cost next to nothing later.
@Suite struct GuardRhythmTests {
    static let rows: [(longest: Int, due: [Int])] = [
        (30, [0, 1, 3, 7, 15, 31, 61, 91]), (1, [0, 1, 2, 3, 4, 5, 6, 7]), (3, [0, 1, 3, 6, 9, 12, 15, 18]),
    ]

    @Test(arguments: rows) func looksEverLessOften(_ row: (longest: Int, due: [Int])) {
        var rhythm = GuardRhythm(longestPause: row.longest)
        let due = (0..<100).filter { _ in rhythm.isDue() }
        #expect(Array(due.prefix(8)) == row.due)
    }
}
