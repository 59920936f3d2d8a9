import Testing

@testable import Plugins

@Suite("Words and durations") struct WordingTests {
    static let durations: [(String, Duration?)] = [
        ("5s", .seconds(5)), ("0", .zero), ("0s", .zero), ("500ms", .milliseconds(500)), ("1m30s", .seconds(90)),
        ("1h", .seconds(3600)),
        ("1.5h", .seconds(5400)), (".5s", .milliseconds(500)), ("2.s", .seconds(2)), ("10us", .microseconds(10)),
        ("10µs", .microseconds(10)),
        ("7ns", .nanoseconds(7)), ("999999999h", .seconds(3600) * 999_999_999),
        ("", nil), ("5", nil), ("s", nil), ("-5s", nil), ("+5s", nil), ("5 s", nil), ("5d", nil), ("1.2.3s", nil),
        (".s", nil),
        ("1234567890s", nil), ("5S", nil), ("٥s", nil), ("5s3", nil),
    ]

    @Test(arguments: durations) func duration(_ text: String, _ value: Duration?) {
        #expect(Duration(written: text) == value)
    }

    static let goTexts: [(Duration, String)] = [
        (.zero, "0s"), (.nanoseconds(1), "1ns"), (.nanoseconds(1_500), "1.5µs"), (.microseconds(20), "20µs"),
        (.milliseconds(500), "500ms"), (.microseconds(1_001), "1.001ms"), (.seconds(1), "1s"),
        (.milliseconds(1_500), "1.5s"), (.milliseconds(10_050), "10.05s"), (.seconds(30), "30s"),
        (.seconds(60), "1m0s"),
        (.seconds(300), "5m0s"), (.milliseconds(90_500), "1m30.5s"), (.seconds(3600), "1h0m0s"),
        (.seconds(3661), "1h1m1s"), (.seconds(86_400), "24h0m0s"), (.seconds(60) + .nanoseconds(7), "1m0.000000007s"),
        (.milliseconds(-1_500), "-1.5s"),
    ]

    @Test(arguments: goTexts) func goWritesDurationsSo(_ value: Duration, _ text: String) {
        #expect(value.goText == text)
        #expect(value < .zero || Duration(written: text) == value)
    }

    static let words: [(String, String?)] = [
        ("kubernets", "kubernetes"), ("kuberentes", "kubernetes"), ("fowrard", "forward"), ("Log", "log"),
        ("redy", "ready"),
        ("cahce", "cache"), ("", nil), ("x", nil), ("zzzzzz", nil), ("lo", "log"), ("ab", nil), ("ready", "ready"),
    ]

    @Test(arguments: words) func suggests(_ word: String, _ meant: String?) {
        #expect(closest(to: word, among: ["kubernetes", "forward", "log", "ready", "cache"]) == meant)
    }
}
