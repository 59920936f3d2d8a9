import LinuxIO
import SourceText

/// What server blocks do to each other.
func findings(among blocks: [ServerBlock], _ ownAddresses: [IPAddress]) -> [Diagnostic] {
    blocks.flatMap { shadows(over: $0, among: blocks) } + deafSockets(blocks) + scatteredMetrics(blocks)
        + circles(among: blocks, ownAddresses)
}

/// "line 3", or with the file where it is another.
private func line(_ place: SourceLocation, from here: SourceLocation) -> String {
    place.file == here.file ? "line \(place.line)" : "\(place.file):\(place.line)"
}

// MARK: Zones

/// Zones of `kubernetes` whose queries another block on the same address gets, since its zone is longer.
private func shadows(over block: ServerBlock, among blocks: [ServerBlock]) -> [Diagnostic] {
    guard let kubernetes = block.kubernetes else { return [] }
    let others = blocks.filter { other in
        other.location != block.location && other.listen.contains { block.listen.contains($0) }
    }
    return kubernetes.zones.compactMap { zone in
        guard let ours = block.zones.filter({ isZone(zone, within: $0) }).max(by: { $0.count < $1.count }) else {
            return nil
        }
        for other in others {
            guard
                let theirs = other.zones.first(where: {
                    $0 != ours && isZone($0, within: ours) && narrower($0, zone) != nil
                })
            else { continue }
            let place = line(other.location, from: kubernetes.location)
            let text =
                isZone(zone, within: theirs)
                ? "\(zone) of kubernetes gets no query: the block at \(place) has \(theirs), which is longer than \(ours); "
                    + "move kubernetes there"
                : "names below \(theirs) do not come to kubernetes: the block at \(place) answers them"
            return Diagnostic(.warning, at: kubernetes.location, text)
        }
        return nil
    }
}

// MARK: Sockets

/// Blocks on every address beside a block of the same port on one of them: that one alone hears what is sent there.
private func deafSockets(_ blocks: [ServerBlock]) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for bound in blocks {
        for address in bound.listen where !address.address.isUnspecified {
            let everywhere = blocks.first { other in
                !other.listen.contains(address)
                    && other.listen.contains { $0.port == address.port && $0.address.isWildcard(for: address.address) }
            }
            guard let everywhere else { continue }
            let place = line(everywhere.location, from: bound.location)
            let text =
                "queries to \(address) come to this block alone, never to the one at \(place), which listens on every "
                + "address; give both the same bind, or neither"
            found.append(Diagnostic(.warning, at: bound.location, text))
        }
    }
    return found
}

private func scatteredMetrics(_ blocks: [ServerBlock]) -> [Diagnostic] {
    let all = blocks.compactMap(\.prometheus)
    guard let first = all.first else { return [] }
    return all.filter { $0.listen != first.listen }.map { other in
        let place = line(first.location, from: other.location)
        let text = "the same metrics are served at another address already (\(place)); write the same address in both"
        return Diagnostic(.warning, at: other.location, text)
    }
}

// MARK: Circles

/// Upstreams that are this server: queries that would come back to the block that sent them.
private func circles(among blocks: [ServerBlock], _ ownAddresses: [IPAddress]) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (index, block) in blocks.enumerated() {
        for forward in block.forward {
            for upstream in forward.upstreams where !upstream.isTLS {
                if comesBack(upstream.address, forward.from, to: index, blocks, ownAddresses) {
                    let text =
                        "\(upstream.address) is this server: every query that is forwarded there comes back; name another one"
                    found.append(Diagnostic(.warning, at: upstream.location, text + remedy(upstream.address.address)))
                } else if isResolvedStub(upstream.address.address), upstream.location.file != forward.location.file {
                    let text =
                        "\(upstream.address.address) is systemd-resolved of this machine; if that asks this server, queries run in "
                        + "circles"
                    found.append(Diagnostic(.warning, at: upstream.location, text + remedy(upstream.address.address)))
                }
            }
        }
    }
    return found
}

private func isResolvedStub(_ address: IPAddress) -> Bool {
    address == IPAddress(v4: 0x7f00_0035) || address == IPAddress(v4: 0x7f00_0036)
}

private func remedy(_ address: IPAddress) -> String {
    isResolvedStub(address) ? ". Its own servers stand in /run/systemd/resolve/resolv.conf: forward to that file" : ""
}

/// Follows a forwarded query through the blocks of this Corefile.
private func comesBack(
    _ address: SocketAddress, _ zones: [String], to first: Int, _ blocks: [ServerBlock], _ ownAddresses: [IPAddress]
) -> Bool {
    var seen: Set<Int> = []
    var next = [address]
    while let address = next.popLast() {
        for zone in zones {
            guard let index = receiver(of: zone, at: address, blocks, ownAddresses) else { continue }
            if index == first { return true }
            guard seen.insert(index).inserted else { continue }
            next += blocks[index].forward.filter { $0.takes(zone) }.flatMap(\.upstreams).filter { !$0.isTLS }.map(
                \.address)
        }
    }
    return false
}

/// The block that gets queries for a zone at an address; nil if this server does not listen there.
private func receiver(
    of zone: String, at address: SocketAddress, _ blocks: [ServerBlock], _ ownAddresses: [IPAddress]
) -> Int? {
    let isOwn = address.address.isLoopback || ownAddresses.contains(address.address)
    var candidates = blocks.indices.filter { blocks[$0].listen.contains(address) }
    if candidates.isEmpty, isOwn {
        candidates = blocks.indices.filter { index in
            blocks[index].listen.contains { $0.port == address.port && $0.address.isWildcard(for: address.address) }
        }
    }
    func length(_ index: Int) -> Int? {
        blocks[index].zones.filter { isZone(zone, within: $0) }.map { $0 == "." ? 0 : $0.count }.max()
    }
    return candidates.filter { length($0) != nil }.max { (length($0) ?? -1) < (length($1) ?? -1) }
}

extension IPAddress {
    fileprivate func isWildcard(for address: IPAddress) -> Bool { isUnspecified && isIPv4 == address.isIPv4 }
}
