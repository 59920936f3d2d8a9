import Glibc
import LinuxIO
import NIOCore
import NIOPosix
import NIOSSL

/// What went wrong with an upstream's socket, to be read behind its name: "refuses connections".
func words(for error: any Error) -> String {
    switch error {
    case let error as IOError: return words(for: error.errnoCode)
    case let error as NIOConnectionError:
        guard let first = error.connectionErrors.first else { return "cannot be connected to" }
        return words(for: first.error)
    case let error as NIOSSLError: return words(for: error)
    case let error as NIOSSLExtraError: return words(for: error)
    case ChannelError.connectTimeout: return "does not accept the connection"
    case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.eof: return "closed the connection"
    default: return "failed: \(error)"
    }
}

private func words(for code: Int32) -> String {
    switch code {
    case ECONNREFUSED: "refuses connections"
    case ECONNRESET, EPIPE: "reset the connection"
    default: "cannot be reached: \(SystemError(call: "", code: code).reason)"
    }
}

private func words(for error: NIOSSLError) -> String {
    switch error {
    case .handshakeFailed(let cause):
        let text = "\(cause)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "shows a certificate that no trusted authority signed" }
        if text.contains("EOF during handshake") { return "closed the connection during the TLS handshake" }
        return "fails in the TLS handshake: \(text)"
    case .uncleanShutdown: return "closed the connection"
    case .unableToValidateCertificate: return "shows a certificate that cannot be verified"
    default: return "fails in TLS: \(error)"
    }
}

private func words(for error: NIOSSLExtraError) -> String {
    error == .failedToValidateHostname
        ? "shows a certificate for another name or address" : "fails in TLS: \(error)"
}

/// Faults of this machine, which say nothing about an upstream: no descriptor or memory is left. That there is no way
/// to an address (EADDRNOTAVAIL, ENETUNREACH) is not among them: there may be one to the next upstream.
func isOurFault(_ error: any Error) -> Bool {
    let codes: Set<Int32> = [EMFILE, ENFILE, ENOMEM, ENOBUFS]
    switch error {
    case let error as IOError: return codes.contains(error.errnoCode)
    case let error as NIOConnectionError: return error.connectionErrors.contains { isOurFault($0.error) }
    default: return false
    }
}
