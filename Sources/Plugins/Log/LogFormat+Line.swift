import LinuxIO

extension LogFormat {
    /// The whole line of the log: with CoreDNS's level before it, unless it is an object.
    public func entry(_ fields: LogFields) -> String {
        pieces == [.object] ? line(fields) : "[INFO] " + line(fields)
    }

    /// The text for one answered query, without a line break.
    public func line(_ fields: LogFields) -> String {
        var line = ""
        for piece in pieces {
            switch piece {
            case .text(let text): line += text
            case .field(let field): line += fields.text(of: field)
            case .object: line += fields.object
            }
        }
        return line
    }
}

extension LogFields {
    fileprivate func text(of field: LogFormat.Placeholder) -> String {
        switch field {
        case .remote: bracketed(remote.address)
        case .port: String(remote.port)
        case .local: bracketed(local)
        case .type: type
        case .queryClass: queryClass
        case .name: name
        case .proto: transport
        case .size: String(queryByteCount)
        case .rcode: responseCode
        case .rsize: String(responseByteCount)
        case .duration: seconds(duration)
        case .id: String(id)
        case .opcode: String(opcode)
        case .isDNSSECWanted: isDNSSECWanted ? "true" : "false"
        case .bufferSize: String(bufferByteCount)
        case .responseFlags, .plainResponseFlags: flagNames(responseFlags)
        case .upstream: upstream ?? "-"
        }
    }
}

/// IPv6 in brackets, so that a port may follow.
private func bracketed(_ address: IPAddress) -> String {
    address.isIPv4 ? "\(address)" : "[\(address)]"
}

/// "0.000037251s"
private func seconds(_ duration: Duration) -> String { decimalSeconds(duration) + "s" }

/// "0.000037251": seconds to the nanosecond, no zeros at the end.
func decimalSeconds(_ duration: Duration) -> String {
    let (whole, attoseconds) = duration.components
    var nanoseconds = attoseconds / 1_000_000_000
    guard nanoseconds > 0 else { return "\(whole)" }
    var digits = 9
    while nanoseconds.isMultiple(of: 10) {
        nanoseconds /= 10
        digits -= 1
    }
    let fraction = String(nanoseconds)
    return "\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// The set bits of a header's flags from the front: "qr,aa,rd" (RFC 1035 §4.1.1, RFC 4035 §3).
func flagNames(_ flags: UInt16) -> String {
    let names: [(mask: UInt16, name: String)] = [
        (0x8000, "qr"), (0x0400, "aa"), (0x0200, "tc"), (0x0100, "rd"), (0x0080, "ra"), (0x0040, "z"), (0x0020, "ad"),
        (0x0010, "cd"),
    ]
    return names.filter { flags & $0.mask != 0 }.map(\.name).joined(separator: ",")
}
