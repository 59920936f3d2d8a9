import Glibc
import LinuxIO

extension ListenError.Problem {
    /// The reason and the remedy.
    var reason: String {
        if let rival { return "this server already listens on \(rival), which includes it; leave one of them out" }
        switch error.code {
        case EACCES, EPERM:
            return
                "permission denied: ports below 1024 need CAP_NET_BIND_SERVICE or root; choose another port with --listen"
        case EADDRINUSE:
            let option = transport == .udp ? "-lunp" : "-ltnp"
            return "address already in use: another server listens there on \(transport.rawValue)"
                + " (`ss \(option) 'sport = :\(address.port)'` shows which)"
        case EADDRNOTAVAIL:
            return "address not available: no interface of this machine has it (`ip address` shows what they have)"
        case EAFNOSUPPORT:
            return
                "\(address.address.isIPv4 ? "IPv4" : "IPv6") is not available on this machine; leave this address out"
        case EMFILE, ENFILE:
            return "too many open files: raise the limit (`ulimit -n`), or choose fewer addresses or --workers"
        default:
            return "\(transport.rawValue): \(error)"
        }
    }

    /// The machine lacks the address or its family, which an optional address may.
    var meansMissing: Bool { error.code == EADDRNOTAVAIL || error.code == EAFNOSUPPORT }
}
