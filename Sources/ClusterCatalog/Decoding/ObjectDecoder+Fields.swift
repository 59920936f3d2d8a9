import LinuxIO
import SourceText

// How a field is read: nil where it is not there or null; nil as well after saying what is wrong with it.
// `path` is the field's place in its object, for the sentence.
extension ObjectDecoder {
    mutating func mapping(_ value: Value?, _ path: StaticString) -> Value? {
        guard let value = present(value) else { return nil }
        guard value.isMapping else {
            error(at: value, "\(path) must be a mapping, not \(value.kindText)")
            return nil
        }
        return value
    }

    mutating func elements(_ value: Value?, _ path: StaticString) -> ValueList {
        guard let value = present(value) else { return ValueList() }
        guard value.isSequence else {
            error(at: value, "\(path) must be a list, not \(value.kindText)")
            return ValueList()
        }
        return ValueList(value)
    }

    /// The elements of a list that must all be mappings.
    mutating func mappings(_ value: Value?, _ path: StaticString) -> ValueList {
        let list = elements(value, path)
        for element in list where !element.isMapping {
            error(at: element, "every element of \(path) must be a mapping, not \(element.kindText)")
        }
        return list.mappingsAlone
    }

    mutating func boolean(_ value: Value?, _ path: StaticString) -> Bool? {
        guard let value = present(value) else { return nil }
        guard let boolean = value.boolean else {
            error(at: value, "\(path) must be true or false, not \(value.quoted)")
            return nil
        }
        return boolean
    }

    mutating func string(_ value: Value?, _ path: @autoclosure () -> String) -> String? {
        text(value, path()).map(\.text)
    }

    /// The value itself if it is a string.
    mutating func text(_ value: Value?, _ path: @autoclosure () -> String) -> Value? {
        guard let value = present(value) else { return nil }
        guard value.kind == .string else {
            let remedy = value.isMapping || value.isSequence ? "" : "; put it in quotes"
            error(at: value, "\(path()) must be a string, not \(value.kindText)\(remedy)")
            return nil
        }
        return value
    }

    func present(_ value: Value?) -> Value? {
        guard let value, !value.isNull else { return nil }
        return value
    }
}

// MARK: Fields with rules

extension ObjectDecoder {
    /// What a name must look like, with the sentence for one that does not.
    enum NameForm {
        case label, subdomain

        func accepts(_ text: Value) -> Bool {
            switch self {
            case .label: text.isText(NameRule.isLabel)
            case .subdomain: text.isText(NameRule.isSubdomain)
            }
        }

        var rule: String {
            switch self {
            case .label: "1 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends"
            case .subdomain:
                "at most 253 lower-case letters, digits, hyphens and dots, a letter or digit around every "
                    + "dot and at both ends"
            }
        }
    }

    /// A name that DNS or the API server restricts. The empty text counts as absent.
    mutating func name(_ value: Value?, _ path: StaticString, _ form: NameForm) -> String? {
        guard let value = text(value, "\(path)"), !value.equals("") else { return nil }
        guard form.accepts(value) else {
            error(at: value, "\(path) must be \(form.rule), not \(value.quoted)")
            return nil
        }
        return interner.text(of: value)
    }

    mutating func address(_ value: Value, _ path: StaticString) -> IPAddress? {
        guard value.kind == .string, let address = unsafe value.withBytes({ bytes in unsafe IPAddress(utf8: bytes) })
        else {
            error(at: value, "\(path) must be an IP address, not \(value.quoted)")
            return nil
        }
        return address
    }

    mutating func portNumber(_ value: Value, _ path: StaticString) -> UInt16? {
        guard let number = value.integer, let port = UInt16(exactly: number), port > 0 else {
            error(at: value, "\(path) must be a port number from 1 to 65535, not \(value.quoted)")
            return nil
        }
        return port
    }

    /// TCP where none is written.
    mutating func proto(_ value: Value?, _ path: StaticString) -> PortProtocol {
        guard let value = present(value) else { return .tcp }
        if value.equals("TCP") { return .tcp }
        if value.equals("UDP") { return .udp }
        if value.equals("SCTP") { return .sctp }
        error(at: value, "\(path) must be TCP, UDP or SCTP, not \(value.quoted)")
        return .tcp
    }

    /// Empty where none is written.
    mutating func portName(_ value: Value?, _ path: StaticString) -> String {
        name(value, path, .label) ?? ""
    }
}

extension Value {
    /// Whether the text of this scalar follows a rule; makes no String.
    func isText(_ rule: (Span<UInt8>) -> Bool) -> Bool {
        unsafe withBytes { bytes in rule(unsafe Span(_unsafeBytes: bytes)) }
    }

    /// Whether two scalars are written alike.
    func hasText(of other: Value) -> Bool {
        unsafe withBytes { mine in unsafe other.withBytes { theirs in unsafe mine.elementsEqual(theirs) } }
    }
}

/// The elements of a list where they lie, or none.
struct ValueList: Sequence {
    private let list: Value?
    /// Passes over everything that is no mapping.
    private var isOfMappings = false

    init(_ list: Value? = nil) { self.list = list }

    /// How many elements there are at most.
    var count: Int { list?.count ?? 0 }

    var isEmpty: Bool { first == nil }

    var first: Value? {
        var iterator = makeIterator()
        return iterator.next()
    }

    var mappingsAlone: ValueList {
        var mappings = self
        mappings.isOfMappings = true
        return mappings
    }

    func makeIterator() -> Iterator { Iterator(elements: list?.elements, isOfMappings: isOfMappings) }

    struct Iterator: IteratorProtocol {
        fileprivate var elements: Value.Elements?
        fileprivate let isOfMappings: Bool

        mutating func next() -> Value? {
            while let element = elements?.next() {
                if !isOfMappings || element.isMapping { return element }
            }
            return nil
        }
    }
}
