import ClusterCatalog
import LinuxIO

/// Which Services claim an address: as cluster IP or as an endpoint. Most addresses are claimed once.
struct ReverseIndex {
    private enum Claim {
        case one(Int32)
        case many([Int32])
    }

    /// IPv4 addresses with one claim: nearly all there are.
    private var single = AddressTable()
    /// All others.
    private var claims: [IPAddress: Claim] = [:]
    /// The Services by number, as objects that had the name: a word, where a name takes eighty octets.
    private var services: [CatalogObject?] = []
    private var free: [Int32] = []

    /// The Services that claim an address, in no order.
    subscript(address: IPAddress) -> [ObjectName] { numbers(address).compactMap { services[Int($0)]?.key.name } }

    private func numbers(_ address: IPAddress) -> [Int32] {
        if address.isIPv4, let number = single[address.v4] { return [number] }
        switch claims[address] {
        case nil: return []
        case .one(let number): return [number]
        case .many(let numbers): return numbers
        }
    }

    /// Whether one Service alone claims the address.
    func isSingle(_ address: IPAddress) -> Bool {
        if address.isIPv4, single[address.v4] != nil { return true }
        if case .one = claims[address] { return true }
        return false
    }

    var addresses: [IPAddress] { single.addresses.map { IPAddress(v4: $0) } + claims.keys }

    /// Puts what a Service claims now in place of what it claimed before.
    ///
    /// - Parameter object: the Service as it is now; nil where it claims nothing.
    mutating func replace(
        _ old: [IPAddress], with new: [IPAddress], of service: ObjectName, _ object: CatalogObject?
    ) {
        guard old != new else { return renew(service, object, claiming: new) }
        guard let number = number(of: service, claiming: old) ?? object.map({ makeNumber(for: $0) }) else { return }
        let (before, after) = old.isEmpty ? ([], []) : (Set(old), Set(new))
        for address in old where !after.contains(address) { remove(number, from: address) }
        for address in new where !before.contains(address) { add(number, to: address) }
        services[Int(number)] = new.isEmpty ? nil : object
        if new.isEmpty { free.append(number) }
    }

    /// The object as it is now stands for its Service; the old one would stay for its name alone.
    private mutating func renew(_ service: ObjectName, _ object: CatalogObject?, claiming addresses: [IPAddress]) {
        guard let object, let number = number(of: service, claiming: addresses) else { return }
        services[Int(number)] = object
    }

    /// The number under which a Service claims its addresses.
    private func number(of service: ObjectName, claiming addresses: [IPAddress]) -> Int32? {
        guard let first = addresses.first else { return nil }
        return numbers(first).first { services[Int($0)]?.key.name == service }
    }

    private mutating func makeNumber(for service: CatalogObject) -> Int32 {
        let number = free.popLast() ?? Int32(services.count)
        if Int(number) == services.count { services.append(service) } else { services[Int(number)] = service }
        return number
    }

    private mutating func add(_ number: Int32, to address: IPAddress) {
        let others = numbers(address)
        guard others.isEmpty else {
            if address.isIPv4 { single.remove(address.v4) }
            claims[address] = .many(others + [number])
            return
        }
        if address.isIPv4 { single.set(number, for: address.v4) } else { claims[address] = .one(number) }
    }

    private mutating func remove(_ number: Int32, from address: IPAddress) {
        let left = numbers(address).filter { $0 != number }
        if address.isIPv4 { single.remove(address.v4) }
        claims[address] = nil
        if left.count > 1 {
            claims[address] = .many(left)
        } else {
            for number in left { add(number, to: address) }
        }
    }
}
