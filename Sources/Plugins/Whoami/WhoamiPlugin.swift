extension Plugin {
    static let whoami = flag(
        "whoami", .whoami,
        "Answers what nothing else in its server block answered with the client's own address, port and transport.")
}
