extension Plugin {
    static let debug = noted(
        "debug",
        because: "a crash always ends the process with its stack, and \"serve --log-level debug\" writes more lines")
}
