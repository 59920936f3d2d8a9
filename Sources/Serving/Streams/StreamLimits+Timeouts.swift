import Plugins

extension StreamLimits {
    /// The server's own, where `timeouts` says nothing else.
    init(_ timeouts: TimeoutSettings) {
        self.init()
        if let read = timeouts.read { messageTime = read }
        if let write = timeouts.write { blockedTime = write }
        if let idle = timeouts.idle { idleTime = idle }
        queryCount = timeouts.maxTCPQueries.map { Int($0) }
    }
}
