extension Plugin {
    static let trace = noted(
        "trace", "[ENDPOINT-TYPE] [ENDPOINT]", atMost: 2,
        options: [
            .noted("every", "AMOUNT"), .noted("service", "NAME"), .noted("client_server", "[BOOLEAN]"),
            .noted("datadog_analytics_rate", "RATE"), .noted("zipkin_max_backlog_size", "SIZE"),
            .noted("zipkin_max_batch_size", "SIZE"), .noted("zipkin_max_batch_interval", "DURATION"),
        ],
        because: "no spans are sent; log says how long each answer took")
}
