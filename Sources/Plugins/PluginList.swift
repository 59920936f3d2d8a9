import SourceText

/// Every word that a server block may hold, in the one order in which plugins see a query.
///
/// The order of the Corefile means nothing. This one is CoreDNS's of July 2026, where rewriting and access rules come
/// before the cache. The words that this version does not have stand in it too: they are refused by name.
public enum PluginList {
    public static let all: [Plugin] = [
        .root,
        .metadata,
        .refused("geoip", "clients are not told apart by country; remove the line"),
        .cancel,
        .refused(
            "tls",
            "it answers over UDP and TCP; remove the line, and put a TLS proxy in front where one is needed"),
        .refused("proxyproto", "remove the line, and let clients connect without the PROXY protocol"),
        .refused("quic", "it answers over UDP and TCP; remove the line"),
        .refused("grpc_server", "it answers over UDP and TCP; remove the line"),
        .refused("https", "it answers over UDP and TCP; remove the line"),
        .refused("https3", "it answers over UDP and TCP; remove the line"),
        .timeouts,
        .multisocket,
        .refused("shed", "remove the line; a full socket drops queries by itself"),
        .reload,
        .nsid,
        .bufsize,
        .bind,
        .debug,
        .trace,
        .ready,
        .health,
        .pprof,
        .prometheus,
        .errors,
        .log,
        .refused("dnstap", "remove the line, and use log to see queries"),
        .local,
        .refused(
            "dns64", "it comes with a later version; until then forward to a server that makes AAAA records itself"),
        .any,
        .chaos,
        .loadbalance,
        .refused("tsig", "remove the line; transfers are refused"),
        .refused(
            "rewrite",
            "it comes with a later version; until then remove it, and let clients ask for the names that exist"),
        .refused("autopath", "remove the line; clients walk their search list themselves"),
        .refused("acl", "remove it, and filter clients with a firewall or network policy"),
        .cache,
        .refused("header", "remove it; the flags of answers are those of the protocol"),
        .refused("dnssec", "remove it; zones are not signed"),
        .minimal,
        .refused("template", "it comes with a later version; until then remove it, and let forward find such names"),
        .refused("transfer", "remove it; transfers are refused"),
        .refused(
            "hosts",
            "it comes with a later version; until then write the names as Services with externalName or hand-made EndpointSlices"
        ),
        .refused("route53", "remove it, and forward the zone to its name servers"),
        .refused("azure", "remove it, and forward the zone to its name servers"),
        .refused("clouddns", "remove it, and forward the zone to its name servers"),
        .refused("k8s_external", "remove it; names outside of the cluster's zones are not made"),
        .kubernetes,
        .refused("file", "remove it, serve the zone file with a server of its own, and forward the zone to that"),
        .refused("auto", "remove it, serve the zone files with a server of their own, and forward the zones to that"),
        .refused("secondary", "remove it, and forward the zone to a server that has it"),
        .refused("etcd", "remove it, and forward the zone to a server that has it"),
        .loop,
        .forward,
        .refused("grpc", "remove it, and use forward, which asks over UDP, TCP and TLS"),
        .refused("erratic", "remove the line"),
        .whoami,
        .refused("on", "remove it; run commands from the unit that starts the server"),
        .refused("sign", "remove it; zones are not signed"),
        .refused("view", "remove it; every client sees the same names"),
        .refused("nomad", "remove it, and forward the zone to a server that has it"),
        .refused("proxy", "it is the old name of forward; write forward FROM TO… instead"),
        .refused("federation", "federations of clusters are gone from Kubernetes; remove it"),
    ]

    private static let positions: [String: Int] = Dictionary(
        uniqueKeysWithValues: all.enumerated().map { ($0.element.word, $0.offset) })

    /// Where a plugin stands on the way of a query; nil for an unknown word.
    public static func position(of word: String) -> Int? { positions[word] }

    /// The plugin of a word; nil for an unknown one.
    public static func plugin(_ word: String) -> Plugin? { positions[word].map { all[$0] } }
}
