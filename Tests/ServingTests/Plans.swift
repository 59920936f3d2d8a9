import DNS
import LinuxIO
import Plugins
import Testing

@testable import Serving

let loopback = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 0)
let loopbackIPv6 = SocketAddress(IPAddress(v6High: 0, low: 1), port: 0)

/// Containers often have none.
let hasIPv6: Bool = {
    do {
        _ = try DatagramSocket(bindingTo: loopbackIPv6)
        return true
    } catch {
        return false
    }
}()

/// A plan whose `web.test` has this address, and whose `big.test` has `bigByteCount` octets of text and more.
func testPlan(_ lastOctet: UInt8, bigByteCount: Int = 250) throws -> QueryPlan {
    let apex = try #require(Name("test"))
    let web = try #require(Name("web.test"))
    let big = try #require(Name("big.test"))
    let text = (0..<bigByteCount / 250).map { Rdata.txt([Array("\($0) ".utf8) + Array(repeating: 120, count: 244)]) }
    var builder = AnswerTableBuilder()
    builder.set(OwnerRecords(apex), zone: 0, isApex: true)
    let address = Rdata.a(0x0a00_0000 | UInt32(lastOctet))
    builder.set(OwnerRecords(web, [try #require(RecordSet(web, ttl: 5, [address]))]), zone: 0)
    builder.set(OwnerRecords(big, [try #require(RecordSet(big, ttl: 5, text))]), zone: 0)
    let zone = ZoneDescription(apex: apex, serial: Serial(rawValue: 1), ttl: 5)
    let table = builder.compile(zones: [zone])
    return QueryPlan([QueryPlan.Block(zone: apex, steps: [.zones(Published(table))])], server: loopback)
}

/// A query for `web.test` A, or `big.test` TXT.
func query(_ id: UInt16 = 7, big: Bool = false) -> [UInt8] {
    let head = [UInt8(id >> 8), UInt8(id & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    return head + [3] + Array((big ? "big" : "web").utf8) + [4] + Array("test".utf8) + [0, 0, big ? 16 : 1, 0, 1]
}

/// What a test looks at in an answer: "7 NOERROR 10.0.0.1".
func summary(_ answer: [UInt8]) -> String {
    guard answer.count >= 12, answer[2] & 0x80 != 0 else { return "no answer: \(answer)" }
    let id = Int(answer[0]) << 8 | Int(answer[1])
    guard answer[3] & 15 == 0 else { return "\(id) rcode \(answer[3] & 15)" }
    return "\(id) " + answer.suffix(4).map(String.init).joined(separator: ".")
}
