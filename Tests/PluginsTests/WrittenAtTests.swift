import LinuxIO
import Plugins
import SourceText
import Testing

/// What goes on through a reload is found by its settings: where they stand must not count, all that they say must.
@Suite struct WrittenAtTests {
    private static let lines =
        ["kubernetes cluster.local {", "catalog c", "}", "forward . /etc/resolv.conf 192.0.2.1", "cache 30"]
    private static let files = ["/etc/resolv.conf": "nameserver 192.0.2.53\n"]

    private func first(_ text: String, files: [String: String] = files) throws -> ServerBlock {
        try #require(compile(text, files: files).blocks.first)
    }

    private func text(_ lines: [String]) -> String { ". {\n" + lines.map { "    \($0)\n" }.joined() + "}\n" }

    @Test func settingsThatHaveMovedAreTheSame() throws {
        let here = try first(text(Self.lines))
        let there = try first(
            "# moved\n" + text(Self.lines.map { "  " + $0 }),
            files: ["/etc/resolv.conf": "# moved\nnameserver 192.0.2.53\n"])
        #expect(here.kubernetes == there.kubernetes && here.kubernetes.hashValue == there.kubernetes.hashValue)
        #expect(here.forward == there.forward && here.forward.hashValue == there.forward.hashValue)
        #expect(here.cache == there.cache && here.cache.hashValue == there.cache.hashValue)
        #expect(
            here.cache?.location.description == "Corefile:6:5" && there.cache?.location.description == "Corefile:7:7")
        #expect(there.kubernetes?.location.description == "Corefile:3:7")
        #expect(there.forward.map(\.location.description) == ["Corefile:6:7"])
        let places = there.forward.flatMap(\.upstreams).map(\.location.description)
        #expect(places == ["/etc/resolv.conf:2:12", "Corefile:6:34"])
    }

    @Test func settingsThatSaySomethingElseAreOthers() throws {
        let here = try first(text(Self.lines))
        let there = try first(
            text(Self.lines.map { $0.replacing("30", with: "31").replacing("2.1", with: "2.2") + " d" }))
        #expect(here.kubernetes != there.kubernetes)
        #expect(here.forward != there.forward)
        #expect(here.cache != there.cache)
    }

    /// A forwarder that goes on reports the line of today.
    @Test func aLoopIsToldAtItsNewPlace() throws {
        let settings = try #require(first("# moved\n" + text(Self.lines)).forward.first)
        let old = SourceLocation(file: "Corefile", line: 5, column: 32)
        let notice = ForwardNotice.loop(upstream: "192.0.2.1:53", at: old)
        #expect(notice.placed(by: settings).description.hasPrefix("Corefile:6:32: "))
        let stranger = ForwardNotice.loop(upstream: "192.0.2.2:53", at: old)
        #expect(stranger.placed(by: settings) == stranger)
        #expect(ForwardNotice.allDown.placed(by: settings) == .allDown)
    }
}
