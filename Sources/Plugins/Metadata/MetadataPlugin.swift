extension Plugin {
    static let metadata = noted(
        "metadata", "[ZONES…]", atMost: .max,
        options: [.refused("map", "no label is made from a query; remove it")],
        because: "log has the label {/forward/upstream} without it, and other labels do not exist")
}
