import LinuxIO
import SourceText

// Which objects stay although their text is gone.
extension FolderState {
    // MARK: Broken text

    /// A file with a broken piece removes nothing: what it does not give any more stays, until the file is whole again.
    ///
    /// - Parameter gone: what the text of before gave and the new one does not.
    func retain(_ gone: [ObjectKey: CatalogObject], in record: FileRecord, _ index: Int32) {
        let provider = Provider(file: index, piece: Provider.retained)
        let isBroken = record.isBroken
        record.badSince = isBroken ? record.badSince ?? now : nil
        if isBroken || !record.retained.isEmpty { isReportDue = true }
        for key in record.retained.keys where !isBroken || isGiven(key, index) {
            ledger.remove(provider, from: key, isFirst)
            record.retained[key] = nil
        }
        guard isBroken else { return }
        for (key, object) in gone where !isGiven(key, index) {
            record.retained[key] = object
            ledger.addRetained(provider, to: key, isFirst)
        }
    }

    private func isGiven(_ key: ObjectKey, _ file: Int32) -> Bool {
        ledger.providers(of: key).contains { $0.file == file && $0.piece != Provider.retained }
    }

    // MARK: Missing files

    func noteMissing(_ record: FileRecord) {
        guard !record.isMissing else { return }
        record.presence = .missing(since: now)
        writing[record.path] = nil
        isPresenceDue = true
    }

    func notePresent(_ record: FileRecord) {
        guard record.isMissing else { return }
        record.presence = .present
        if !record.isBroken, record.obstacle == nil { record.badSince = nil }
        isPresenceDue = true
        isReportDue = true
    }

    /// When to decide about files that went away; none for those that stay until something comes.
    var missingDeadlines: [ContinuousClock.Instant] {
        guard isPresenceDue else { return [] }
        return records.lazy.compactMap(\.self).compactMap { self.deletionDeadline(of: $0) }
    }

    /// A folder in which something goes on may be about to bring the file back.
    private func deletionDeadline(of record: FileRecord) -> ContinuousClock.Instant? {
        guard case .missing(let since) = record.presence else { return nil }
        let lastSign = max(since, roots[record.root].lastEvent ?? since)
        return min(lastSign + settings.deletionGrace, since + settings.longestDeletionGrace)
    }

    /// Lets go of files that are surely deleted: their objects go. See `isKept`.
    func decideAboutMissingFiles() {
        guard isPresenceDue else { return }
        var isWaiting = false
        var presentFolders: [String: Bool] = [:]
        for record in records.lazy.compactMap(\.self) {
            guard let deadline = deletionDeadline(of: record) else { continue }
            if deadline > now {
                isWaiting = true
            } else if isBack(record) {
                dirtyFiles[record.path] = record.root
            } else if isKept(record, &presentFolders) {
                record.badSince = record.badSince ?? now
                isReportDue = true
            } else {
                forget(record)
            }
        }
        isPresenceDue = isWaiting
        if !dirtyFiles.isEmpty { markForNextStep() }
    }

    private func markForNextStep() {
        firstEvent = firstEvent ?? now
        lastEvent = lastEvent ?? now
    }

    private func isBack(_ record: FileRecord) -> Bool {
        do throws(SystemError) { return try FileStatus(path: record.path).kind != .folder } catch { return false }
    }

    /// Whether the objects of a missing file stay: its root is gone, or the nearest folder that is still there holds no
    /// catalog file any more. Both look more like an accident or an empty mount than like a wish.
    private func isKept(_ record: FileRecord, _ presentFolders: inout [String: Bool]) -> Bool {
        let root = roots[record.root]
        guard record.hasObjects else { return false }
        guard root.problem == nil, root.path != record.path else { return true }
        let folder = nearestFolder(of: record)
        if let known = presentFolders[folder] { return !known }
        let hasFile = records.lazy.compactMap(\.self).contains { !$0.isMissing && PathText.isInside($0.path, folder) }
        presentFolders[folder] = hasFile
        return !hasFile
    }

    /// The nearest folder above the file that is still there; not above the root.
    func nearestFolder(of record: FileRecord) -> String {
        let root = roots[record.root].path
        var folder = PathText.parent(of: record.path)
        while PathText.isInside(folder, root), watchedOrPresent(folder) == false {
            folder = PathText.parent(of: folder)
        }
        return PathText.isInside(folder, root) ? folder : root
    }

    private func watchedOrPresent(_ folder: String) -> Bool {
        do throws(SystemError) { return try FileStatus(path: folder).kind == .folder } catch { return false }
    }

    private func forget(_ record: FileRecord) {
        guard let index = indexes.removeValue(forKey: record.path) else { return }
        for piece in record.pieces {
            for object in piece.objects.all {
                ledger.remove(Provider(file: index, piece: piece.id), from: object.key, isFirst)
            }
            for (kind, count) in record.reports[piece.id]?.ignoredKinds ?? [:] {
                let sum = ignoredKinds[kind, default: 0] - count
                ignoredKinds[kind] = sum == 0 ? nil : sum
            }
        }
        for key in record.retained.keys {
            ledger.remove(Provider(file: index, piece: Provider.retained), from: key, isFirst)
        }
        freedIndexes.append(index)
        isReportDue = true
    }
}
