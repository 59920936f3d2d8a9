import LinuxIO
import SourceText

extension Plugin {
    static let prometheus = Plugin(
        "prometheus", "[ADDRESS]", "Serves /metrics over HTTP; on localhost:9153 by default.",
        options: PrometheusSettings.properties
    ) { directive, block, reading in
        let local = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 9153)
        var settings = PrometheusSettings(listen: [local], at: directive.location)
        reading.options(of: directive, into: &settings, by: PrometheusSettings.properties)
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "prometheus [ADDRESS]") else { return }
        if let word = words.first {
            guard let listen = reading.httpAddresses(word) else { return }
            settings.listen = listen
        }
        block.prometheus = settings
    }
}

extension PrometheusSettings {
    static let properties: [Property<PrometheusSettings>] = [
        .ineffective("runtime_metrics", "", "there is no Go runtime to measure"),
        .refused("tls", "metrics are served over HTTP; remove the line, and put a proxy in front where TLS is needed"),
    ]
}
