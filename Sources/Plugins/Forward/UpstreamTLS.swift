import NIOCore
import NIOSSL
import SourceText

/// How to speak TLS with one upstream (RFC 7858): certificates are always verified.
struct UpstreamTLS: Sendable {
    private let context: NIOSSLContext
    /// The name that its certificate must have; nil: its address.
    private let serverName: String?

    /// Reads the files of `tls`.
    init(_ upstream: ForwardSettings.Upstream, of settings: ForwardSettings) throws(Diagnostic) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["dot"]
        let files = settings.tls
        do {
            if let authority = files?.authority {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
            }
            if let certificate = files?.certificate {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map {
                    .certificate($0)
                }
            }
            if let key = files?.key {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            let named = [files?.certificate, files?.key, files?.authority].compactMap { $0 }.joined(separator: ", ")
            throw Diagnostic(
                .error, at: settings.location,
                "TLS cannot be set up with \(named.isEmpty ? "the authorities of this machine" : named): \(words(for: error))"
            )
        }
        serverName = upstream.serverName ?? settings.tlsServerName
        do {
            _ = try NIOSSLClientHandler(context: context, serverHostname: serverName)
        } catch {
            throw Diagnostic(.error, at: upstream.location, "\(serverName ?? "") is no name of a TLS server: \(error)")
        }
    }

    func handler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: serverName)
    }
}
