// WireMessages: DNS messages as tests see them, made and read without a line of the server's own code.
//
//   WireQuery     the bytes of a query, well formed or broken on purpose
//   WireMessage   an answer, read strictly: every name, count and length must be in order

/// The bytes of one query (RFC 1035 §4.1).
public struct WireQuery: Sendable {
    public var id: UInt16 = 0x4a5b
    /// RD is set, as a stub resolver does.
    public var flags: UInt16 = 0x0100
    /// The question's name in wire form.
    public var name: [UInt8]
    public var type: UInt16
    public var questionClass: UInt16 = 1
    /// Records behind the question, in wire form.
    public var additional: [[UInt8]] = []
    /// Octets behind the last record.
    public var tail: [UInt8] = []
    /// Counts to write in place of the true ones.
    public var counts: [UInt16]?

    public init(_ name: String, _ type: UInt16) { self.init(wireName(name), type) }

    public init(_ name: [UInt8], _ type: UInt16) {
        self.name = name
        self.type = type
    }

    /// The same query with an OPT record.
    public func edns(
        udpByteCount: UInt16 = 1232, version: UInt8 = 0, flags: UInt16 = 0, options: [UInt8] = []
    ) -> WireQuery {
        with { $0.additional.append(optRecord(udpByteCount, version: version, flags: flags, options: options)) }
    }

    public func with(_ change: (inout WireQuery) -> Void) -> WireQuery {
        var changed = self
        change(&changed)
        return changed
    }

    public var bytes: [UInt8] {
        let counts = counts ?? [1, 0, 0, UInt16(additional.count)]
        return octets(id) + octets(flags) + counts.flatMap(octets) + name + octets(type) + octets(questionClass)
            + additional.joined() + tail
    }
}

/// `www.example.com` as length-prefixed labels and the root's zero. No escapes: any octet but a dot stands for itself.
public func wireName(_ text: String) -> [UInt8] {
    text.utf8.split(separator: UInt8(ascii: ".")).flatMap { [UInt8($0.count)] + $0 } + [0]
}

/// One OPT record (RFC 6891 §6.1.2) with the root as its owner.
public func optRecord(
    _ udpByteCount: UInt16, version: UInt8 = 0, flags: UInt16 = 0, options: [UInt8] = []
) -> [UInt8] {
    [0] + octets(41) + octets(udpByteCount) + [0, version] + octets(flags) + octets(UInt16(options.count)) + options
}

/// One EDNS option: code, length, data.
public func ednsOption(_ code: UInt16, _ data: [UInt8]) -> [UInt8] { octets(code) + octets(UInt16(data.count)) + data }

/// Two octets in network order.
public func octets(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
