import ClusterCatalog
import SourceText

/// Catalogs, read once.
struct LoadedCatalogs {
    private(set) var change = CatalogChange()
    private(set) var diagnostics: [Diagnostic] = []
    private var ignoredKinds: [String: Int] = [:]

    /// Reads the files and folders of one catalog.
    /// - Throws: a `Diagnostic` if one of them is not there or cannot be opened.
    mutating func add(_ paths: [String]) throws(Diagnostic) {
        let (change, diagnostics, ignored) = try loadCatalog(paths: paths)
        self.change.updates += change.updates
        self.diagnostics += diagnostics
        ignoredKinds.merge(ignored, uniquingKeysWith: +)
    }

    /// What was found, for the last line of `check`.
    var summary: [String] {
        guard !change.updates.isEmpty || !ignoredKinds.isEmpty else { return [] }
        let found = ["\(change.updates.count) objects"]
        guard !ignoredKinds.isEmpty else { return found }
        let kinds = ignoredKinds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return found + ["passed over: " + kinds.joined(separator: ", ")]
    }
}
