extension Plugin {
    static let minimal = flag(
        "minimal", .minimal, "Leaves out the authority and additional records of answers that hold what was asked for.")
}
