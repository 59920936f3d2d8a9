import Glibc
import LinuxIO
import Testing

@testable import Serving

@Suite struct ListenErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var code: Int32
        var transport: ListenError.Transport
        var address: String
        var rival: String?
        var text: String
        var testDescription: String { text }
    }

    static let cases = [
        Case(
            code: EACCES, transport: .udp, address: "127.0.0.1:53",
            text: "127.0.0.1:53: permission denied: ports below 1024 need CAP_NET_BIND_SERVICE or root; "
                + "choose another port with --listen"),
        Case(
            code: EADDRINUSE, transport: .udp, address: "[::1]:53",
            text: "[::1]:53: address already in use: another server listens there on UDP "
                + "(`ss -lunp 'sport = :53'` shows which)"),
        Case(
            code: EADDRINUSE, transport: .tcp, address: "127.0.0.1:8080",
            text: "127.0.0.1:8080: address already in use: another server listens there on TCP "
                + "(`ss -ltnp 'sport = :8080'` shows which)"),
        Case(
            code: EADDRINUSE, transport: .udp, address: "127.0.0.1:53", rival: "0.0.0.0:53",
            text: "127.0.0.1:53: this server already listens on 0.0.0.0:53, which includes it; leave one of them out"),
        Case(
            code: EADDRNOTAVAIL, transport: .udp, address: "192.0.2.1:53",
            text: "192.0.2.1:53: address not available: no interface of this machine has it "
                + "(`ip address` shows what they have)"),
        Case(
            code: EAFNOSUPPORT, transport: .udp, address: "[::]:53",
            text: "[::]:53: IPv6 is not available on this machine; leave this address out"),
        Case(
            code: EMFILE, transport: .udp, address: "127.0.0.1:53",
            text: "127.0.0.1:53: too many open files: raise the limit (`ulimit -n`), "
                + "or choose fewer addresses or --workers"),
        Case(
            code: ENOMEM, transport: .tcp, address: "127.0.0.1:53",
            text: "127.0.0.1:53: TCP: bind: Cannot allocate memory (ENOMEM)"),
    ]

    @Test(arguments: cases) func saysWhatToDo(_ c: Case) throws {
        let problem = ListenError.Problem(
            address: try #require(SocketAddress(c.address)), transport: c.transport,
            error: SystemError(call: "bind", code: c.code), rival: c.rival.flatMap { SocketAddress($0) })
        #expect(problem.description == c.text)
    }
}
