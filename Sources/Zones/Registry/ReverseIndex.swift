import ClusterCatalog
import LinuxIO

/// Which Services claim an address: as cluster IP or as an endpoint. Most addresses are claimed once.
struct ReverseIndex {
    private enum Claim {
        case one(Int32)
        case many([Int32])
    }

    private var claims: [IPAddress: Claim] = [:]
    private var numbers: [ObjectName: Int32] = [:]
    private var names: [ObjectName?] = []
    private var free: [Int32] = []

    /// The Services that claim an address, in no order.
    subscript(address: IPAddress) -> [ObjectName] {
        switch claims[address] {
        case nil: []
        case .one(let number): [names[Int(number)]].compactMap(\.self)
        case .many(let numbers): numbers.compactMap { names[Int($0)] }
        }
    }

    /// Whether one Service alone claims the address.
    func isSingle(_ address: IPAddress) -> Bool {
        if case .one = claims[address] { return true }
        return false
    }

    var addresses: some Sequence<IPAddress> { claims.keys }

    /// Puts what a Service claims now in place of what it claimed before.
    mutating func replace(_ old: [IPAddress], with new: [IPAddress], of service: ObjectName) {
        guard old != new else { return }
        let number = numbers[service] ?? makeNumber(for: service)
        let (before, after) = old.isEmpty ? ([], []) : (Set(old), Set(new))
        for address in old where !after.contains(address) { remove(number, from: address) }
        for address in new where !before.contains(address) { add(number, to: address) }
        if new.isEmpty { forget(service, number) }
    }

    private mutating func makeNumber(for service: ObjectName) -> Int32 {
        let number = free.popLast() ?? Int32(names.count)
        if Int(number) == names.count { names.append(service) } else { names[Int(number)] = service }
        numbers[service] = number
        return number
    }

    private mutating func forget(_ service: ObjectName, _ number: Int32) {
        numbers[service] = nil
        names[Int(number)] = nil
        free.append(number)
    }

    private mutating func add(_ number: Int32, to address: IPAddress) {
        switch claims[address] {
        case nil: claims[address] = .one(number)
        case .one(let other): claims[address] = .many([other, number])
        case .many(let others): claims[address] = .many(others + [number])
        }
    }

    private mutating func remove(_ number: Int32, from address: IPAddress) {
        switch claims[address] {
        case nil: break
        case .one: claims[address] = nil
        case .many(let others):
            let left = others.filter { $0 != number }
            claims[address] = left.count == 1 ? .one(left[0]) : .many(left)
        }
    }
}
