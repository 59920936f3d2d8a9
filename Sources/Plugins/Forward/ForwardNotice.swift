import LinuxIO
public import SourceText

/// What an operator wants to know of upstreams: each once when it changes, never once for each query.
public enum ForwardNotice: Hashable, Sendable {
    case down(upstream: String, reason: String)
    case up(upstream: String)
    /// Queries go to any upstream now, or fail at once.
    case allDown
    /// A query of ours came back through this upstream; it is not asked any more.
    case loop(upstream: String, at: SourceLocation)
    case loopEnded(upstream: String)
}

extension ForwardNotice {
    /// The same of these settings: a forwarder that goes on through a reload was made for the lines of before.
    public func placed(by settings: ForwardSettings) -> ForwardNotice {
        guard case .loop(let name, _) = self,
            let upstream = settings.upstreams.first(where: { $0.address.description == name })
        else { return self }
        return .loop(upstream: name, at: upstream.location)
    }
}

extension ForwardNotice: CustomStringConvertible {
    public var description: String {
        switch self {
        case .down(let upstream, let reason): "upstream \(upstream) is down: it \(reason)"
        case .up(let upstream): "upstream \(upstream) answers again"
        case .allDown: "all upstreams are down"
        case .loop(let upstream, let location):
            "\(location.place): upstream \(upstream) leads back to this server; it is not asked until that ends"
        case .loopEnded(let upstream): "upstream \(upstream) leads back to this server no more, and is asked again"
        }
    }
}

extension SourceLocation {
    /// "Corefile:7:15"; "/etc/resolv.conf:2" where a whole line is meant.
    fileprivate var place: String { column == 1 ? "\(file):\(line)" : description }
}
