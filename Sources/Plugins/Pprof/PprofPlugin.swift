extension Plugin {
    static let pprof = noted(
        "pprof", "[ADDRESS]", atMost: 1, options: [.noted("block", "[RATE]")],
        because: "profilers of the system, such as perf, see into the process while it runs")
}
