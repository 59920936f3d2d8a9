import SourceText

extension FolderState {
    /// What an update says besides the change.
    struct Report: Equatable {
        var diagnostics: [Diagnostic] = []
        var isComplete = false
        var staleSince: ContinuousClock.Instant?
        var ignoredKinds: [String: Int] = [:]
    }

    /// Ends the step.
    ///
    /// - Returns: nil if nobody needs to know, unless `always`.
    func takeUpdate(always: Bool) -> CatalogUpdate? {
        let change = takeChange()
        let report = makeReport()
        let isNews = always || !change.isEmpty || report != lastReport || notices.contains(where: \.isNews)
        guard isNews else { return nil }
        lastReport = report
        defer { notices = [] }
        return CatalogUpdate(
            change: change, diagnostics: report.diagnostics, isComplete: report.isComplete,
            staleSince: report.staleSince,
            ignoredKinds: report.ignoredKinds, notices: notices)
    }

    private func takeChange() -> CatalogChange {
        let updates = ledger.takeChanges(isFirst) { key, provider in
            records[Int(provider.file)]?.object(key, ofPiece: provider.piece)
        }
        for index in freedIndexes { records[Int(index)] = nil }
        freedIndexes = []
        for file in rereadFiles { file.releaseIDs() }
        rereadFiles = []
        return CatalogChange(updates: updates)
    }

    private func makeReport() -> Report {
        var report = lastReport
        if isReportDue || ledger.haveDuplicatesChanged {
            ledger.haveDuplicatesChanged = false
            report.diagnostics = makeDiagnostics()
            // Nothing goes bad or well without a report: a change of one file need not look at all others.
            report.staleSince = (roots.compactMap(\.badSince) + records.lazy.compactMap { $0?.badSince }).min()
            isReportDue = false
        }
        isComplete = isComplete || roots.allSatisfy { $0.problem == nil } && !isFirstReadingPending
        report.isComplete = isComplete
        report.ignoredKinds = ignoredKinds
        return report
    }

    /// A file was never read because somebody writes it, or because a root is something else than a file.
    private var isFirstReadingPending: Bool {
        writing.keys.contains { record(at: $0)?.wasRead != true }
            || roots.contains { record(at: $0.path)?.wasRead == false }
    }

    // MARK: Diagnostics

    private func makeDiagnostics() -> [Diagnostic] {
        var diagnostics = roots.compactMap(\.problem) + roots.flatMap { $0.unreadable.map(\.problem) }
        for record in records.lazy.compactMap(\.self) where !record.isMissing {
            if let obstacle = record.obstacle { diagnostics.append(obstacle) }
            if !record.reports.isEmpty { diagnostics += record.pieceDiagnostics }
            if let retained = retainedDiagnostic(record) { diagnostics.append(retained) }
        }
        return (diagnostics + duplicateDiagnostics + keptDiagnostics).sorted()
    }

    private func retainedDiagnostic(_ record: FileRecord) -> Diagnostic? {
        guard !record.retained.isEmpty else { return nil }
        let names = record.retained.keys.sorted().prefix(5).map(\.description).joined(separator: ", ")
        let more = record.retained.count > 5 ? " and \(record.retained.count - 5) more" : ""
        return Diagnostic(
            .warning, at: SourceLocation(file: record.path, line: 1),
            "because of the errors in this file objects that it does not hold any more stay as they were: "
                + "\(names)\(more)"
        )
    }

    private var duplicateDiagnostics: [Diagnostic] {
        ledger.duplicates.flatMap { key in
            let providers = ledger.providers(of: key).sorted(by: isFirst)
            let origins = providers.compactMap { provider in
                records[Int(provider.file)]?.object(key, ofPiece: provider.piece)?.origin
            }
            guard let first = origins.first else { return [Diagnostic]() }
            return origins.dropFirst().map { origin in
                Diagnostic(
                    .error, at: SourceLocation(file: origin.file, line: Int(origin.line)),
                    "\(key) is written already at \(first), which counts; delete one of them")
            }
        }
    }

    /// One for each folder whose files are all gone.
    private var keptDiagnostics: [Diagnostic] {
        let kept = records.lazy.compactMap(\.self).filter {
            $0.isMissing && $0.badSince != nil && self.roots[$0.root].problem == nil
        }
        return Dictionary(grouping: kept) { self.nearestFolder(of: $0) }.map { folder, records in
            let count = records.reduce(0) { $0 + $1.objectCount }
            let remedy = roots.contains { $0.path == folder } ? "" : ", or delete the folder"
            return Diagnostic(
                .error, at: SourceLocation(file: folder, line: 1),
                "the folder holds no catalog file any more; its \(count.objects) of before stay. Put a file "
                    + "back\(remedy)"
            )
        }
    }
}

extension CatalogNotice {
    /// Worth an update of its own.
    fileprivate var isNews: Bool {
        switch self {
        case .read: false
        default: true
        }
    }
}
