import LinuxIO

extension LogFields {
    /// Every value as one JSON object (RFC 8259), with the names that CoreDNS has for some of them.
    var object: String {
        var members = [
            "\"level\":\"info\"",
            "\"client_ip\":\(quoted("\(remote.address)"))", "\"client_port\":\(remote.port)",
            "\"server_ip\":\(quoted("\(local)"))", "\"proto\":\(quoted(transport))",
            "\"id\":\(id)", "\"opcode\":\(opcode)",
            "\"qname\":\(quoted(name))", "\"qtype\":\(quoted(type))", "\"qclass\":\(quoted(queryClass))",
            "\"dnssec_ok\":\(isDNSSECWanted)", "\"bufsize\":\(bufferByteCount)", "\"request_size\":\(queryByteCount)",
            "\"rcode\":\(quoted(responseCode))", "\"rflags\":\(quoted(flagNames(responseFlags)))",
            "\"response_size\":\(responseByteCount)", "\"duration_seconds\":\(decimalSeconds(duration))",
        ]
        if let upstream { members.append("\"upstream\":\(quoted(upstream))") }
        return "{" + members.joined(separator: ",") + "}"
    }
}

/// A JSON string (RFC 8259 §7).
private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": quoted += "\\\(scalar)"
        case _ where scalar.value < 0x20: quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + hex(scalar.value)
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}

private func hex(_ value: UInt32) -> String { String(value, radix: 16) }
