extension Plugin {
    static let any = flag(
        "any", .any, "Answers questions of type ANY with one short record that says that ANY is obsolete (RFC 8482).")
}
