import DNS
import LinuxIO
import Logging
import NIOCore
import Plugins
import SourceText

/// The forwarders of a deployment and the answers that are kept of theirs: those that a reload leaves as they were go
/// on with all that they know.
struct Upstreams {
    private(set) var forwarders: [ForwardSettings: Forwarder] = [:]
    private(set) var caches: [CacheKey: AnswerCache] = [:]

    /// What was made for a change, so that it can be taken back.
    struct Opened {
        var forwarders: [ForwardSettings] = []
        var caches: [CacheKey] = []
    }

    /// - Parameter problems: takes what is wrong with the files of `tls`.
    mutating func open(
        for blocks: [ServerBlock], on group: any EventLoopGroup, logger: Logger, problems: inout [Diagnostic]
    ) -> Opened {
        var opened = Opened()
        for settings in blocks.flatMap(\.forward) where forwarders[settings] == nil {
            do throws(Diagnostic) {
                forwarders[settings] = try Forwarder(settings, on: group) { notice in
                    logger.log(level: notice.level, "forward: \(notice)")
                }
                opened.forwarders.append(settings)
            } catch {
                problems.append(error)
            }
        }
        for block in blocks {
            let key = CacheKey(block)
            guard let settings = block.cache, caches[key] == nil else { continue }
            caches[key] = AnswerCache(CacheLimits(settings))
            opened.caches.append(key)
        }
        return opened
    }

    /// Once the server listens.
    func beginGuarding() {
        for forwarder in forwarders.values { forwarder.beginGuarding() }
    }

    /// Takes it back.
    /// - Returns: what is to be stopped.
    mutating func close(_ opened: Opened) -> [Forwarder] {
        for key in opened.caches { caches[key] = nil }
        return opened.forwarders.compactMap { forwarders.removeValue(forKey: $0) }
    }

    /// Gives up what these blocks do not need.
    /// - Returns: what is to be stopped.
    mutating func keep(_ blocks: [ServerBlock]) -> [Forwarder] {
        let wanted = Set(blocks.flatMap(\.forward))
        let keys = Set(blocks.map { CacheKey($0) })
        let gone = forwarders.filter { !wanted.contains($0.key) }.map(\.value)
        forwarders = forwarders.filter { wanted.contains($0.key) }
        caches = caches.filter { keys.contains($0.key) }
        return gone
    }

    /// Together: each waits for its last queries.
    static func stop(_ forwarders: [Forwarder]) async {
        await withTaskGroup(of: Void.self) { group in
            for forwarder in forwarders { group.addTask { await forwarder.stop() } }
        }
    }
}

extension ForwardNotice {
    fileprivate var level: Logger.Level {
        switch self {
        case .down, .loop: .warning
        case .allDown: .error
        case .up, .loopEnded: .notice
        }
    }
}
