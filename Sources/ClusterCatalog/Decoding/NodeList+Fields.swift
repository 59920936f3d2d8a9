import LinuxIO
import SourceText

// How the packer reads a field. An index of 0 is a field that is not there; null means the same. Aliases and merged
// members are unusual: nobody writes them into a Service.
extension NodeList {
    typealias Unusual = ObjectPacker.Unusual

    /// The pairs of a mapping.
    func pairs(of mapping: Int) -> Pairs { Pairs(nodes: self, at: mapping + 1, end: mapping + Int(self[mapping].span)) }

    struct Pairs {
        fileprivate let nodes: NodeList
        fileprivate var at: Int
        fileprivate let end: Int

        @inline(__always)
        mutating func next() throws(Unusual) -> (key: DocumentNode, value: Int)? {
            guard at < end else { return nil }
            let key = nodes[at]
            guard key.kind == .plain || key.kind == .string else { throw Unusual() }
            let value = at + 1
            at = value + Int(nodes[value].span)
            return (key: key, value: value)
        }
    }

    /// The one member of a mapping that is asked for; 0 where there is none.
    @inline(__always)
    func member(of mapping: Int, _ name: StaticString) throws(Unusual) -> Int {
        var found = 0
        var pairs = pairs(of: mapping)
        while let (key, value) = try pairs.next() {
            if isText(key, name) { found = value }
        }
        return found
    }

    /// The elements of a sequence; none for index 0.
    func elements(of sequence: Int) -> Elements {
        guard sequence != 0 else { return Elements(nodes: self, at: 0, end: 0) }
        return Elements(nodes: self, at: sequence + 1, end: sequence + Int(self[sequence].span))
    }

    struct Elements {
        fileprivate let nodes: NodeList
        fileprivate var at: Int
        fileprivate let end: Int

        @inline(__always)
        mutating func next() -> Int? {
            guard at < end else { return nil }
            let element = at
            at += Int(nodes[element].span)
            return element
        }
    }

    @inline(__always)
    func isPresent(_ index: Int) -> Bool { index != 0 && !isNull(self[index]) }

    /// 0 where there is none.
    @inline(__always)
    func mapping(_ index: Int) throws(Unusual) -> Int {
        guard isPresent(index) else { return 0 }
        guard self[index].kind == .mapping else { throw Unusual() }
        return index
    }

    /// 0 where there is none.
    @inline(__always)
    func sequence(_ index: Int) throws(Unusual) -> Int {
        guard isPresent(index) else { return 0 }
        guard self[index].kind == .sequence else { throw Unusual() }
        return index
    }

    func count(_ sequence: Int) -> Int { sequence == 0 ? 0 : Int(self[sequence].length) }

    /// Whether the field is a scalar whose text is compared with words, which are no numbers, booleans and nulls.
    @inline(__always)
    func isWord(_ index: Int) -> Bool {
        let kind = self[index].kind
        return index != 0 && (kind == .plain || kind == .string)
    }

    /// Nil where there is none.
    func boolean(_ index: Int) throws(Unusual) -> Bool? {
        guard isPresent(index) else { return nil }
        let node = self[index]
        switch node.kind {
        case .true: return true
        case .false: return false
        case .plain where isText(node, "true"): return true
        case .plain where isText(node, "false"): return false
        default: throw Unusual()
        }
    }

    /// A string that is there and not empty; nil for one that is not.
    @inline(__always)
    func string(_ index: Int) throws(Unusual) -> UnsafeRawBufferPointer? {
        guard isPresent(index) else { return nil }
        let node = self[index]
        guard isString(node) else { throw Unusual() }
        return node.length == 0 ? nil : unsafe text(of: node)
    }

    /// A DNS label; nil where there is none, or the empty text.
    func label(_ index: Int) throws(Unusual) -> UnsafeRawBufferPointer? {
        guard let text = unsafe try string(index) else { return nil }
        guard unsafe NameRule.isLabel(Span(_unsafeBytes: text)) else { throw Unusual() }
        return unsafe text
    }

    /// No text of an address is a number or another thing than a string, in quotes or not.
    func address(_ index: Int) throws(Unusual) -> IPAddress {
        guard isWord(index), let address = unsafe IPAddress(utf8: text(of: self[index])) else { throw Unusual() }
        return address
    }

    /// In plain decimal digits.
    func portNumber(_ index: Int) throws(Unusual) -> UInt16 {
        guard let port = decimal(self[index]) else { throw Unusual() }
        return port
    }

    /// 1 to 65535; nil for everything that is not written so.
    func decimal(_ node: DocumentNode) -> UInt16? {
        guard node.kind == .plain || node.kind == .number, 1...5 ~= node.length else { return nil }
        let digits = unsafe text(of: node)
        // A zero in front means octal, or nothing.
        guard unsafe digits[0] != UInt8(ascii: "0") else { return nil }
        var number = 0
        for index in 0..<digits.count {
            let digit = unsafe digits[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return UInt16(exactly: number)
    }

    /// TCP where none is written.
    func proto(_ index: Int) throws(Unusual) -> PortProtocol {
        guard isPresent(index) else { return .tcp }
        guard isWord(index) else { throw Unusual() }
        let node = self[index]
        if isText(node, "TCP") { return .tcp }
        if isText(node, "UDP") { return .udp }
        if isText(node, "SCTP") { return .sctp }
        throw Unusual()
    }
}
