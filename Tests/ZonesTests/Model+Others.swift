import ClusterCatalog
import DNS
import LinuxIO

@testable import Zones

// Pods, pointers, name servers and hosts, as the rules say.
extension Model {
    // MARK: Pods

    /// `labels` are those in front of `pod`, from the right.
    func lookUpPod(_ labels: [String]) -> [String: [String]]? {
        guard settings.pods != .disabled, isExposed(labels[0]) else { return nil }
        guard labels.count > 1 else { return [:] }
        guard labels.count <= 3 else { return nil }
        if settings.pods == .verified {
            let mine = pods.filter { $0.name.namespace == labels[0] && !$0.isEnded }.flatMap(\.addresses)
            return mine.first { label(of: $0) == labels[1] }.map { data([$0]) }
        }
        let dashes = labels[1].filter { $0 == "-" }.count
        let isIPv4 = dashes == 3 && !labels[1].contains("--")
        let text = String(labels[1].map { $0 == "-" ? (isIPv4 ? "." : ":") : $0 })
        return IPAddress(text).map { data([$0]) }
    }

    // MARK: Pointers

    struct Claim {
        var service: Service
        var target: String
        var isHostname: Bool
        var isClusterIP: Bool
    }

    /// Who an address belongs to, in the order of PTR records.
    func claims(on address: IPAddress, _ zone: String) -> [Claim] {
        var found: [Claim] = []
        for service in services {
            guard let members = visible(service) else { continue }
            let owner = "\(service.name.name).\(service.name.namespace).svc.\(zone)"
            if !service.isHeadless, service.clusterIPs.contains(address) {
                found.append(Claim(service: service, target: owner, isHostname: true, isClusterIP: true))
            } else if let member = members.first(where: { $0.address == address && $0.isHostname })
                ?? members.first(where: { $0.address == address })
            {
                found.append(
                    Claim(
                        service: service, target: "\(member.label).\(owner)", isHostname: member.isHostname,
                        isClusterIP: false))
            }
        }
        return found.sorted { a, b in
            if a.isHostname != b.isHostname { return a.isHostname }
            if a.service.creation != b.service.creation {
                return (a.service.creation ?? "~") < (b.service.creation ?? "~")
            }
            return a.service.name < b.service.name
        }
    }

    private func pointers(to address: IPAddress) -> [String] {
        guard let zone = settings.forwardZones.first?.description else { return [] }
        let claims = claims(on: address, zone)
        if let first = claims.first(where: \.isClusterIP) { return [first.target] }
        return claims.map(\.target)
    }

    func lookUpReverse(_ name: String, _ zone: String) -> [String: [String]]? {
        if name == zone { return ["NS": settings.forwardZones.first.map { nameServers($0.description) } ?? []] }
        var existsAbove = false
        for address in allAddresses {
            let reverse = reverseName(address)
            guard reverse == name || reverse.hasSuffix("." + name), self.zone(of: reverse) == zone else { continue }
            let pointers = pointers(to: address)
            if pointers.isEmpty { continue }
            if reverse == name { return ["PTR": pointers] }
            existsAbove = true
        }
        return existsAbove ? [:] : nil
    }

    /// Every address of the catalog that may have a pointer.
    private var allAddresses: Set<IPAddress> {
        Set(services.flatMap { service in visible(service).map { $0.map(\.address) + service.clusterIPs } ?? [] })
    }

    private func reverseName(_ address: IPAddress) -> String {
        guard !address.isIPv4 else {
            return text(address).split(separator: ".").reversed().joined(separator: ".") + ".in-addr.arpa."
        }
        let nibbles = text(address).split(separator: ":").map { String(repeating: "0", count: 4 - $0.count) + $0 }
            .joined()
        return nibbles.reversed().map(String.init).joined(separator: ".") + ".ip6.arpa."
    }

    // MARK: Name servers

    func nameServers(_ zone: String) -> [String] {
        var names: Set<String> = []
        for address in settings.serverAddresses where !address.isLoopback {
            for claim in claims(on: address, zone) where !claim.isClusterIP {
                let owner = "\(claim.service.name.name).\(claim.service.name.namespace).svc.\(zone)"
                names.insert(claim.service.isHeadless ? claim.target : owner)
            }
        }
        return names.isEmpty ? ["ns.dns.\(zone)"] : names.sorted()
    }

    // MARK: Hosts of Ingresses

    func host(_ name: String, _ type: String) -> Answer? {
        guard let found = hostRecords(name) else { return nil }
        return answer(name, type, found, name)
    }

    /// What the host itself has, or else the wildcard one label above it.
    func hostRecords(_ name: String) -> [String: [String]]? {
        guard zone(of: name) == nil else { return nil }
        if let own = writtenHost(name) { return own }
        guard let dot = name.firstIndex(of: "."), name != "." else { return nil }
        return writtenHost("*" + name[dot...])
    }

    private func writtenHost(_ name: String) -> [String: [String]]? {
        let mine = objects.values.compactMap(Ingress.init).filter { $0.hosts.contains { $0 + "." == name } }.sorted {
            $0.name < $1.name
        }
        let addresses = mine.flatMap { ingress -> [IPAddress] in
            let service = services.first { $0.name == ingress.controllerService }
            let theirs = service.map { Array($0.clusterIPs) } ?? []
            return theirs.isEmpty ? Array(ingress.addresses) : theirs
        }
        if !addresses.isEmpty { return data(addresses) }
        guard let alias = mine.compactMap(\.hostnames.first).first, alias + "." != name else { return nil }
        return ["CNAME": [alias + "."]]
    }
}

/// An address as the tests' reader prints it: all eight groups of an IPv6 address.
func text(_ address: IPAddress) -> String {
    if address.isIPv4 {
        return (0..<4).map { String(address.v4 >> (24 - 8 * UInt32($0)) & 255) }.joined(separator: ".")
    }
    let halves = [address.v6.high, address.v6.low]
    return halves.flatMap { half in (0..<4).map { String(half >> (48 - 16 * UInt64($0)) & 0xffff, radix: 16) } }.joined(
        separator: ":")
}

/// An address as a label.
func label(of address: IPAddress) -> String {
    let label = String(address.description.map { $0 == "." || $0 == ":" ? "-" : $0 })
    return label.hasSuffix("-") ? label + "0" : label
}
