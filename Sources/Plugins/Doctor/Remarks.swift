/// What a word or an option of the Corefile is to this version.
enum Standing: Equatable {
    case supported
    /// Works, but not as in CoreDNS: how.
    case different(String)
    /// Accepted, and does nothing: why.
    case ignored(String)
    /// An error: what to do without it.
    case refused(String)

    /// - Parameter word: a plugin; nil stands for a word that nobody knows.
    init(of word: String) {
        guard let plugin = PluginList.plugin(word) else {
            self = .refused("no plugin has this name")
            return
        }
        if !plugin.isSupported {
            self = .refused(plugin.meaning)
        } else if let note = plugin.note {
            self = .ignored(note)
        } else {
            self = differences[word].map { .different($0) } ?? .supported
        }
    }

    /// Of one column.
    var name: String {
        switch self {
        case .supported: "supported"
        case .different: "different"
        case .ignored: "ignored"
        case .refused: "refused"
        }
    }

    var remark: String? {
        switch self {
        case .supported: nil
        case .different(let text), .ignored(let text), .refused(let text): text
        }
    }
}

/// What an operator who knows CoreDNS must know.
let differences: [String: String] = [
    "kubernetes": "objects come from the files and folders of catalog, not from an API server",
    "cache": "behind kubernetes: keeps what forward brings, and never hides a new name of our own zones",
    "loop": "looks for its own queries all the time, and cuts the upstream that they come back from; never exits",
    "reload": "SIGHUP does the same at once; a Corefile with an error changes nothing",
    "health": "the page /catalog stands beside it",
    "loadbalance": "addresses rotate from query to query, with this word and without it",
    "prometheus": "without the metrics of Go's runtime",
    "forward":
        "a silent server gets company after 0.7s at most, SERVFAIL asks the next; max_concurrent is 1000 by default",
    "cancel": "the client gets SERVFAIL, and the cache keeps an answer that comes later",
    "errors": "the texts are our own; patterns of consolidate for those of CoreDNS do not fit them",
    "local": "its answers are authoritative, and the reverse name of ::1 has one too",
    "timeouts": "read is 3s by default, and among many connections silent ones end before idle",
    "bufsize": "answers over UDP have 1232 octets at most, with and without it; upstreams are not concerned",
    "multisocket": "every worker has a socket of its own anyway; this sets their number",
]
