import LinuxIO
import SourceText

/// Which zones are served where so far, and which HTTP endpoints: what no two server blocks may share.
struct Claims {
    private struct Claim {
        let address: SocketAddress
        let token: Corefile.Token
    }

    private struct Endpoint {
        let word: String
        let addresses: [SocketAddress]
        let location: SourceLocation
    }

    private var zones: [String: [Claim]] = [:]
    private var endpoints: [Endpoint] = []

    /// Takes a zone on these addresses, and reports who has it already.
    mutating func claim(
        _ zone: String, on addresses: [SocketAddress], _ token: Corefile.Token, _ reading: inout Reading
    ) {
        let taken = zones[zone, default: []]
        if let (address, other) = firstConflict(addresses, taken) {
            let other = other.token.location
            let place = other.file == token.location.file ? "line \(other.line)" : "\(other.file):\(other.line)"
            let name = zone == "." ? "the root zone" : zone
            let text = "\(name) on port \(address.port) is a duplicate of \(place)"
            reading.error(token, "\(text); every zone is served once on an address")
            return
        }
        zones[zone] = taken + addresses.map { Claim(address: $0, token: token) }
    }

    private func firstConflict(_ addresses: [SocketAddress], _ taken: [Claim]) -> (SocketAddress, Claim)? {
        for address in addresses {
            if let other = taken.first(where: { collide($0.address, address) }) { return (address, other) }
        }
        return nil
    }

    /// Takes the addresses of an HTTP endpoint. `ready` and `prometheus` of several blocks may share one, `health` may not.
    mutating func claim(
        _ word: String, on addresses: [SocketAddress], at directive: Corefile.Token, _ reading: inout Reading
    ) {
        let other = endpoints.first { other in
            guard word == "health" || other.word != word else { return false }
            return addresses.contains { address in other.addresses.contains { collide($0, address) } }
        }
        if let other {
            let port = addresses.first?.port ?? 0
            let place = "\(other.word) at line \(other.location.line)"
            reading.error(directive, "port \(port) is taken by \(place); write \"\(word) :PORT\" with another port")
            return
        }
        endpoints.append(Endpoint(word: word, addresses: addresses, location: directive.location))
    }

    /// Whether two sockets would want the same queries; a wildcard stands for every address of its family.
    private func collide(_ one: SocketAddress, _ other: SocketAddress) -> Bool {
        guard one.port == other.port, one.address.isIPv4 == other.address.isIPv4 else { return false }
        return one.address == other.address || one.address.isUnspecified || other.address.isUnspecified
    }
}
