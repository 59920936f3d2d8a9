import SourceText

/// What is used for one file after the other. It goes when everything is read: a document keeps up to 4 MiB of its
/// largest one, the room 512 KiB.
struct ReadingTools {
    let interner = Interner()
    let room = FileRoom()
    let document = Document()
}

extension FolderState {
    /// Reads these files, as far as their text changed.
    func readAll(_ files: [(key: String, value: Int)]) {
        guard !files.isEmpty else { return }
        let tools = ReadingTools()
        var total = (files: 0, bytes: 0, pieces: 0)
        for (path, root) in files {
            guard writing[path] == nil else { continue }
            guard let part = read(path, root, tools) else { continue }
            total = (total.files + 1, total.bytes + part.bytes, total.pieces + part.pieces)
        }
        if total.files > 0 {
            notices.append(.read(files: total.files, byteCount: total.bytes, parsedPieces: total.pieces))
        }
    }

    /// - Returns: how many bytes and pieces were parsed; nil if nothing new was there.
    private func read(_ path: String, _ root: Int, _ tools: ReadingTools) -> (bytes: Int, pieces: Int)? {
        let known = record(at: path)
        do throws(ReadFailure) {
            let file = try FileBytes.read(
                known?.readPath ?? path, byteCountLimit: settings.byteCountLimit, in: tools.room)
            let record = known ?? makeRecord(path, root)
            notePresent(record)
            return take(file, into: record, tools)
        } catch {
            note(error, path, root)
            return nil
        }
    }

    private func makeRecord(_ path: String, _ root: Int) -> FileRecord {
        let record = FileRecord(path: path, root: root, readPath: path, index: records.count)
        add(record)
        return record
    }

    private func note(_ failure: ReadFailure, _ path: String, _ root: Int) {
        switch failure {
        case .changing:
            writing[path] = Writing(root: root, deadline: now + settings.quietTime)
        case .missing:
            guard let record = record(at: path) else { return }
            noteNothing(at: path, record, root)
        case .refused(let reason):
            refuse(record(at: path) ?? makeRecord(path, root), reason)
        }
    }

    private func refuse(_ record: FileRecord, _ reason: String) {
        notePresent(record)
        record.identity = nil
        block(record, "\(reason).")
    }

    private func noteNothing(at path: String, _ record: FileRecord, _ root: Int) {
        guard record.readPath == path else {
            // Perhaps the version of a ConfigMap went away while it was read: look again, but not forever.
            if round < 3 {
                dirtyRoots[root] = .complete
            } else {
                refuse(record, "is a link that leads nowhere; correct or delete it")
            }
            return
        }
        // A root that is a file is gone as a root.
        if path == roots[root].path { dirtyRoots[root] = .complete } else { noteMissing(record) }
    }

    /// The present text of the file is not in use; what it gave before stays.
    private func block(_ record: FileRecord, _ reason: String) {
        let kept = record.hasObjects ? " Until then the file's \(record.objectCount.objects) of before stay." : ""
        let obstacle = Diagnostic(.error, at: SourceLocation(file: record.path, line: 1), "the file \(reason)\(kept)")
        if record.obstacle != obstacle { isReportDue = true }
        record.obstacle = obstacle
        record.badSince = record.badSince ?? now
    }

    // MARK: New text

    private func take(_ file: borrowing FileBytes, into record: FileRecord, _ tools: ReadingTools) -> (
        bytes: Int, pieces: Int
    )? {
        record.identity = file.identity.isCertain ? file.identity : nil
        let hash = unsafe contentHash(file.bytes)
        if hash == record.hash {
            unblock(record)
            return nil
        }
        let format = TextFormat(fileName: record.path) ?? .yaml
        let text = unsafe cut(file.bytes, as: format)
        if text.pieces.isEmpty, record.hasObjects, unsafe isBlank(file.bytes) {
            block(record, "is empty. To remove all its objects delete it, or write kind: List with items: [].")
            return nil
        }
        unblock(record)
        record.hash = hash
        let count = unsafe replacePieces(of: record, by: text, file.bytes, tools)
        return (file.count, count)
    }

    private func unblock(_ record: FileRecord) {
        guard record.obstacle != nil else { return }
        record.obstacle = nil
        record.badSince = record.isBroken ? record.badSince : nil
        isReportDue = true
    }

    /// - Returns: how many pieces were parsed.
    private func replacePieces(
        of record: FileRecord, by text: CutText, _ bytes: UnsafeRawBufferPointer, _ tools: ReadingTools
    ) -> Int {
        guard let index = indexes[record.path] else { preconditionFailure("every record has an index") }
        if !record.reports.isEmpty || !ledger.duplicates.isEmpty { isReportDue = true }
        // Pieces that change places may change who counts.
        ledger.touchDuplicates(isFirst)

        let old = record.pieces
        let match = matchPieces(old, text.pieces)
        let new = unsafe parse(match.new, of: text, bytes, record, tools)
        let pieces = text.pieces.indices.map { at in
            match.old[at].map { old[$0] } ?? new[at]
                ?? PieceRecord(hash: text.pieces[at].hash, id: record.makeID(), objects: .none)
        }
        var gone: [ObjectKey: CatalogObject] = [:]
        for piece in match.gone.map({ old[$0] }) {
            for object in piece.objects.all {
                gone[object.key] = object
                ledger.remove(Provider(file: index, piece: piece.id), from: object.key, isFirst)
            }
        }
        countIgnoredKinds(of: match.gone.map { old[$0].id }, in: record, by: -1)
        record.replacePieces(pieces, lines: text.pieces.map { Int32(clamping: $0.line) })
        rereadFiles.append(record)
        for piece in new.lazy.compactMap(\.self) {
            for object in piece.objects.all {
                if !gone.isEmpty { gone[object.key] = nil }
                ledger.add(object, isFirst)
            }
        }
        countIgnoredKinds(of: new.compactMap { $0?.id }, in: record, by: 1)
        retain(gone, in: record, index)
        return match.new.count
    }

    private func countIgnoredKinds(of pieces: [Int32], in record: FileRecord, by step: Int) {
        guard !record.reports.isEmpty else { return }
        for piece in pieces {
            for (kind, count) in record.reports[piece]?.ignoredKinds ?? [:] {
                let sum = ignoredKinds[kind, default: 0] + step * count
                ignoredKinds[kind] = sum == 0 ? nil : sum
            }
        }
    }
}

/// Whether a text that falls into no piece says nothing at all; a List without items does say something.
private func isBlank(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var isInComment = false
    var isLineStart = true
    for at in 0..<bytes.count {
        switch unsafe bytes[at] {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            (isInComment, isLineStart) = (false, true)
        case UInt8(ascii: " "), UInt8(ascii: "\t"), 0xef, 0xbb, 0xbf:
            continue
        case UInt8(ascii: "#"):
            isInComment = true
        case UInt8(ascii: "-") where isLineStart, UInt8(ascii: ".") where isLineStart:
            continue
        default:
            if !isInComment { return false }
        }
    }
    return true
}
