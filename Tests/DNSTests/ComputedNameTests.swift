import DNS
import Testing
import WireMessages

/// Names that no table lists (behaviour 3.3, 7; head 13).
struct ComputedNameTests {
    static let pods: [(String, RecordType, String)] = [
        ("10-244-1-7", .a, "10.244.1.7"), ("0-0-0-0", .a, "0.0.0.0"), ("255-255-255-255", .a, "255.255.255.255"),
        ("extra.10-244-1-7", .a, "10.244.1.7"), ("FD00--1", .aaaa, "fd00:0:0:0:0:0:0:1"),
        ("--", .aaaa, "0:0:0:0:0:0:0:0"),
        ("--1", .aaaa, "0:0:0:0:0:0:0:1"), ("fd00--", .aaaa, "fd00:0:0:0:0:0:0:0"),
        ("fd00--0", .aaaa, "fd00:0:0:0:0:0:0:0"),
        ("1-2-3-4-5-6-7-8", .aaaa, "1:2:3:4:5:6:7:8"), ("1-2-3-4-5-6-7--", .aaaa, "1:2:3:4:5:6:7:0"),
        ("--2-3-4-5-6-7-8", .aaaa, "0:2:3:4:5:6:7:8"), ("1--3-4-5-6-7-8", .aaaa, "1:0:3:4:5:6:7:8"),
        ("2001-db8--a-B", .aaaa, "2001:db8:0:0:0:0:a:b"), ("x.2001-db8--1", .aaaa, "2001:db8:0:0:0:0:0:1"),
        ("1-2--3", .aaaa, "1:2:0:0:0:0:0:3"),
    ]

    @Test(arguments: pods)
    func insecurePods(label: String, type: RecordType, address: String) throws {
        let name = "\(label).Shop.POD.cluster.local"
        let message = try dig(name, type, Sample.table)
        #expect(message.code == 0 && message.answers.map(\.owner) == [name + "."] && message.data == [address])
        #expect(message.answers.map(\.ttl) == [5])
        for other in [type == .a ? RecordType.aaaa : .a, .txt, .any] {
            let nothing = try dig(name, other, Sample.table)
            #expect(nothing.code == 0 && nothing.answers.isEmpty && nothing.authorities.count == 1)
        }
    }

    @Test(arguments: [
        "10-244-1-256", "010-1-1-1", "10-1-1", "1-2-3-4-5", "10-244--1-7-", "1---2", "1--2--3", "-1-2-3-4-5-6-7-8",
        "1-2-3-4-5-6-7-8-",
        "1-2-3-4-5-6-7-8-9", "1-2-3-4-5-6-7-8--", "12345--1", "g--1", "1-", "-1", "-", "web", "10-1-1-a", "---",
        "1-2-3-", "-1-2-3",
        "x.y.10-244-1-7", "10-244-1-7.x",
    ])
    func noPodAddress(_ label: String) throws {
        #expect(try dig("\(label).shop.pod.cluster.local", .a, Sample.table).code == 3)
    }

    @Test func podsOfNamespacesThatAreNotThere() throws {
        #expect(try dig("10-244-1-7.nobody.pod.cluster.local", .a, Sample.table).code == 3)
        #expect(try dig("10-244-1-7.pod.cluster.local", .a, Sample.table).code == 3)
        #expect(try dig("10-244-1-7.shop.svc.cluster.local", .a, Sample.table).code == 3)
    }

    @Test func verifiedPods() throws {
        for label in ["10-244-1-7", "x.10-244-1-7"] {
            let message = try dig("\(label).shop.pod.verified.test", .a, Sample.table)
            #expect(
                message.data == ["10.244.1.7"] && message.answers.first?.owner == "\(label).shop.pod.verified.test.")
            #expect(try dig("\(label).shop.pod.verified.test", .aaaa, Sample.table).code == 0)
        }
        for label in ["10-244-1-8", "x.10-244-1-8", "x.y.10-244-1-7", "fd00--1"] {
            #expect(try dig("\(label).shop.pod.verified.test", .a, Sample.table).code == 3)
        }
        #expect(try dig("a.b.shop.pod.verified.test", .a, Sample.table).code == 3)
    }

    /// A name without underscores answers like the one with them, its pointers shifted.
    @Test(arguments: ["http.tcp", "_http.tcp", "http._tcp", "HTTP.Tcp", "_http._tcp"])
    func portNames(_ front: String) throws {
        let name = "\(front).Web.shop.svc.cluster.LOCAL"
        let srv = try dig(name, .srv, Sample.table)
        #expect(srv.data == ["0 50 443 web.shop.svc.cluster.local.", "0 50 80 web.shop.svc.cluster.local."])
        #expect(srv.answers.allSatisfy { $0.owner == name + "." })
        // As the target is written, not as the question is: a stub may compare them byte for byte.
        #expect(srv.additionals.map(\.owner) == Array(repeating: "web.shop.svc.cluster.local.", count: 4))
        #expect(srv.additionals.map(\.data) == ["10.96.0.1", "10.96.0.2", "10.96.0.3", "fd00:0:0:0:0:0:0:1"])
        #expect(try dig(name, .a, Sample.table).data == ["10.96.0.1", "10.96.0.2", "10.96.0.3"])
        let nothing = try dig(name, .mx, Sample.table)
        #expect(nothing.code == 0 && nothing.authorities.first?.owner == "cluster.LOCAL.")
    }

    /// The node above a port name exists with and without its underscore.
    @Test func theProtocolAlone() throws {
        for label in ["_tcp", "tcp"] {
            #expect(try dig("\(label).web.shop.svc.cluster.local", .a, Sample.table).code == 0)
        }
    }

    @Test(arguments: [
        "https.tcp.web.shop", "http.udp.web.shop", "udp.web.shop", "http.icmp.web.shop", "a.http.tcp.web.shop",
        "http.tcp.nobody.shop",
        "http.tcp.shop", "http.xtcp.web.shop", "http._xcp.web.shop",
    ])
    func noPortName(_ front: String) throws {
        #expect(try dig("\(front).svc.cluster.local", .srv, Sample.table).code == 3)
    }

    @Test func aPortNameThatUnderscoresMakeTooLong() throws {
        // 62 and 63 octets: the underscore still fits, then not any more.
        for count in [62, 63] {
            let label = String(repeating: "p", count: count)
            #expect(try dig("\(label).tcp.web.shop.svc.cluster.local", .srv, Sample.table).code == 3)
        }
        let service = [String](repeating: String(repeating: "s", count: 63), count: 2).joined(separator: ".")
        let front = 255 - wireName("\(service).svc.cluster.local").count - wireName("tcp").count
        let name = String(repeating: "p", count: min(63, front)) + ".tcp.\(service).svc.cluster.local"
        #expect(try dig(name, .srv, Sample.table).code == 3)
    }

    @Test func wildcardHosts() throws {
        let message = try dig("A.wild.example", .a, Sample.table)
        #expect(
            message.data == ["192.0.2.2", "192.0.2.3"] && message.answers.allSatisfy { $0.owner == "A.wild.example." })
        let nothing = try dig("A.wild.example", .aaaa, Sample.table)
        #expect(nothing.code == 0 && nothing.authorities.map(\.owner) == ["A.wild.example."])
        #expect(try dig("*.wild.example", .a, Sample.table).data.count == 2)
        for name in ["wild.example", "a.b.wild.example", "x.example"] {
            #expect(try ask(WireQuery(name, 1), Sample.table) == .passed(.outside))
        }
        let long =
            Array(repeating: [63] + Array(repeating: UInt8(ascii: "w"), count: 63), count: 3).joined() + [61]
            + Array(repeating: 0x77, count: 61) + [0]
        #expect(try ask(WireQuery(Array(long), 1), Sample.table) == .passed(.outside))
    }
}
