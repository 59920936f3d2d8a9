/// The two languages in which catalogs are written.
public enum TextFormat: Hashable, Sendable {
    case yaml, json

    /// By the file's extension: `.yaml`, `.yml`, `.json` in any case; nil for every other file.
    public init?(fileName: String) {
        let name = fileName.lowercased()
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            self = .yaml
        } else if name.hasSuffix(".json") {
            self = .json
        } else {
            return nil
        }
    }
}
