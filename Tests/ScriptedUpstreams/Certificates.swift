import Foundation
import NIOSSL

/// A certificate and its key, as PEM files.
public struct CertificateFiles: Sendable {
    public let certificate: String
    public let key: String
    /// Clients must show a certificate of this authority.
    public var clientAuthority: String?

    var serverConfiguration: TLSConfiguration {
        get throws {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            if let clientAuthority {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(clientAuthority))
                configuration.certificateVerification = .noHostnameVerification
            }
            return configuration
        }
    }
}

/// An authority that lives as long as a test, in a folder of its own. The command `openssl` makes the certificates.
public final class TestAuthority: Sendable {
    public let folder: String
    /// The authority's own certificate.
    public var certificate: String { folder + "/ca.pem" }

    public init() throws {
        folder = NSTemporaryDirectory() + "/authority-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// - Parameter names: of subjectAltName: "DNS:dns.test", "IP:127.0.0.1".
    public func certificate(for names: String) throws -> CertificateFiles {
        let name = UUID().uuidString
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=test",
            "-keyout", "\(name).key", "-out", "\(name).csr")
        try "subjectAltName=\(names)\n".write(toFile: "\(folder)/\(name).ext", atomically: true, encoding: .utf8)
        try openssl(
            "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial",
            String(UInt32.random(in: 1...UInt32.max)),
            "-days", "2", "-extfile", "\(name).ext", "-out", "\(name).pem")
        return CertificateFiles(certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key")
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CocoaError(.executableLoad, userInfo: [NSLocalizedDescriptionKey: "openssl \(arguments) failed"])
        }
    }
}
