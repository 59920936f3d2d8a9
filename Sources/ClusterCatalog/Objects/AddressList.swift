public import LinuxIO

/// Addresses in their order; the first lies inline because most lists have just one.
public struct AddressList: Hashable, Sendable {
    private var others: [IPAddress]
    private var head: IPAddress?

    public init() {
        others = []
        head = nil
    }

    public init(_ addresses: some Sequence<IPAddress>) {
        self.init()
        for address in addresses { append(address) }
    }

    public mutating func append(_ address: IPAddress) {
        if head == nil { head = address } else { others.append(address) }
    }
}

extension AddressList: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { head == nil ? 0 : others.count + 1 }

    public subscript(index: Int) -> IPAddress {
        guard let head else { preconditionFailure("an empty list has no address \(index)") }
        return index == 0 ? head : others[index - 1]
    }
}

extension AddressList: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: IPAddress...) { self.init(elements) }
}

extension AddressList: CustomStringConvertible {
    public var description: String { "[" + map(\.description).joined(separator: ", ") + "]" }
}
