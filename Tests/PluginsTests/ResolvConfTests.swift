import LinuxIO
import Plugins
import SourceText
import Testing

@Suite("resolv.conf") struct ResolvConfTests {
    @Test func aPodsFile() {
        let file = ResolvConf(
            "search shop.svc.cluster.local svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5 edns0\n",
            file: "/etc/resolv.conf")
        #expect(file.servers.map { "\($0.location) \($0.address)" } == ["/etc/resolv.conf:2:12 10.96.0.10"])
        #expect(
            file.search.map { "\($0.location) \($0.text)" } == [
                "/etc/resolv.conf:1:8 shop.svc.cluster.local", "/etc/resolv.conf:1:31 svc.cluster.local",
            ])
        #expect(file.ndots == 5)
        #expect(file.options.map(\.text) == ["ndots:5", "edns0"])
        #expect(file.diagnostics == [])
    }

    @Test func nothingIsADefault() {
        let file = ResolvConf("", file: "r")
        #expect(file.servers == [] && file.search == [] && file.options == [] && file.ndots == 1)
    }

    @Test func theLastSearchCounts() {
        let file = ResolvConf("search a.org b.org\ndomain c.org d.org\n", file: "r")
        #expect(file.search.map(\.text) == ["c.org"])
    }

    static let lines: [(line: String, servers: [String], diagnostics: [String])] = [
        ("nameserver 192.0.2.1", ["192.0.2.1"], []),
        ("  nameserver\t 2001:db8::1  # ours", ["2001:db8::1"], []),
        ("nameserver 192.0.2.1\r\nnameserver 192.0.2.2\r\n", ["192.0.2.1", "192.0.2.2"], []),
        ("# nameserver 192.0.2.1", [], []),
        ("; nameserver 192.0.2.1", [], []),
        ("sortlist 192.0.2.0/24", [], []),
        ("nameserver", [], ["r:1:1: warning: an address is missing; write \"nameserver ADDRESS\""]),
        ("nameserver  a.org", [], ["r:1:13: warning: \"a.org\" is no IP address; this line is passed over"]),
        (
            "nameserver fe80::1%eth0", [],
            [
                "r:1:12: warning: fe80::1%eth0 is a link-local address, which cannot be asked; "
                    + "write an address without an interface; this line is passed over"
            ]
        ),
        (
            "namserver 192.0.2.1", [],
            [
                "r:1:1: warning: \"namserver\" is no word of resolv.conf; this line is passed over"
                    + "; did you mean \"nameserver\"?"
            ]
        ),
        (
            "options ndots:x", [],
            ["r:1:9: warning: ndots must be a whole number, not \"x\"; this word is passed over"]
        ),
    ]

    @Test(arguments: lines) func line(_ line: String, _ servers: [String], _ diagnostics: [String]) {
        let file = ResolvConf(line, file: "r")
        #expect(file.servers.map(\.address.description) == servers)
        #expect(file.diagnostics.map(\.description) == diagnostics)
    }

    @Test(arguments: [("0", 0), ("15", 15), ("99", 15)]) func ndots(_ text: String, _ count: Int) {
        #expect(ResolvConf("options rotate ndots:\(text)", file: "r").ndots == count)
    }
}
