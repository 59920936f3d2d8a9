import ClusterCatalog
import SourceText

/// Catalogs, read once.
struct LoadedCatalogs {
    var change: CatalogChange
    var diagnostics: [Diagnostic]
    /// What was found, for the last line of `check`.
    var summary: [String]
}

func load(_ paths: [String]) throws -> LoadedCatalogs {
    do {
        let (change, diagnostics, ignored) = try loadCatalog(paths: paths)
        var summary = ["\(change.updates.count) objects"]
        if !ignored.isEmpty {
            let kinds = ignored.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            summary.append("passed over: " + kinds.joined(separator: ", "))
        }
        return LoadedCatalogs(change: change, diagnostics: diagnostics, summary: summary)
    } catch {
        throw Failure(error)
    }
}
