public import DNS

/// How a query to others ended.
public enum ForwardResult: Sendable {
    case answered(Response, by: String)
    /// An answer that `next` or `next_on_nodata` hands to the next `forward` of the block; without one it is the answer.
    case next(Response, by: String)
    case failed(ForwardFailure)
}

/// Why no upstream has answered.
public enum ForwardFailure: Hashable, Sendable {
    /// As many clients wait as may, or every socket is in use.
    case tooMany
    /// All upstreams are down, and `failfast_all_unhealthy_upstreams` asks none of them.
    case noneHealthy
    /// All upstreams send our own queries back to us.
    case loop(upstream: String)
    /// The last upstream that failed, and what happened there.
    case unreachable(upstream: String, reason: String)
    /// The server takes no new queries.
    case stopped
}

extension ForwardFailure {
    /// What the client is told beside the response code (RFC 8914): the code of the extended error, and a sentence.
    public var explanation: (code: UInt16, text: String) {
        switch self {
        case .tooMany: (0, "too many queries wait for an upstream")
        case .noneHealthy: (22, "all upstreams are down")
        case .loop(let upstream): (22, "\(upstream) leads back to this server")
        case .unreachable(let upstream, let reason): (22, "\(upstream) \(reason)")
        case .stopped: (14, "the server stops")
        }
    }
}
