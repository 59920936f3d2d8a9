import DNS
import LinuxIO

/// The empty non-terminals between the reverse names of a zone and its apex, counted by what lies directly below them,
/// so that they come and go with the last name (RFC 8020).
struct NameTree {
    private var childCounts: [Node: Int] = [:]

    /// A node above the names of addresses that begin alike: smaller than its name, and hashed at once.
    private struct Node: Hashable {
        /// With zeros in place of the part that the cut labels stand for.
        var address: IPAddress
        var cutLabelCount: UInt8

        init(_ address: IPAddress, cutLabelCount: UInt8) {
            self.cutLabelCount = cutLabelCount
            guard !address.isIPv4 else {
                let bits = UInt32(cutLabelCount) * 8
                self.address = IPAddress(v4: (address.v4 >> bits) << bits)
                return
            }
            let bits = UInt128(cutLabelCount) * 4
            let whole = UInt128(address.v6.high) << 64 | UInt128(address.v6.low)
            let kept = (whole >> bits) << bits
            self.address = IPAddress(
                v6High: UInt64(truncatingIfNeeded: kept >> 64), low: UInt64(truncatingIfNeeded: kept))
        }
    }

    /// Counts an address whose name was not there; the nodes above it that thereby begin to exist.
    ///
    /// - Parameter name: its name, which lies below `apex`.
    mutating func add(_ address: IPAddress, _ name: Name, apex: Name) -> [Name] {
        var appeared: [Name] = []
        for (node, at) in Self.nodes(above: address, name, apex) {
            guard childCounts.add(1, to: node) == 1 else { break }
            appeared.append(name.suffix(from: at))
        }
        return appeared
    }

    /// Counts an address as gone; the nodes above its name that thereby cease to exist.
    mutating func remove(_ address: IPAddress, _ name: Name, apex: Name) -> [Name] {
        var vanished: [Name] = []
        for (node, at) in Self.nodes(above: address, name, apex) {
            guard childCounts[node] != nil, childCounts.add(-1, to: node) == 0 else { break }
            childCounts[node] = nil
            vanished.append(name.suffix(from: at))
        }
        return vanished
    }

    /// The nodes between a name and the apex, nearest first, and where in the name each of them begins.
    private static func nodes(
        above address: IPAddress, _ name: Name, _ apex: Name
    ) -> some Sequence<(node: Node, at: Int)> {
        sequence(state: (cutLabelCount: 0 as UInt8, at: 0)) { state in
            state.at += Int(name.wire[state.at]) + 1
            state.cutLabelCount += 1
            guard name.wire.count - state.at > apex.wire.count else { return nil }
            return (Node(address, cutLabelCount: state.cutLabelCount), state.at)
        }
    }
}

extension Dictionary where Value == Int {
    /// Adds to the number that stands there, or to 0; the sum.
    fileprivate mutating func add(_ value: Int, to key: Key) -> Int {
        func add(_ sum: inout Int) -> Int {
            sum += value
            return sum
        }
        return add(&self[key, default: 0])
    }
}
