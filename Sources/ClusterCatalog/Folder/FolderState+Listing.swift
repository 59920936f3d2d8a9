import LinuxIO
import SourceText

extension FolderState {
    /// Finds out which files there are in a root, and marks those that must be read.
    func lookThrough(root index: Int, _ trust: Trust) {
        let path = roots[index].path
        var folders: Set<String> = []
        // It may be another folder by now, or there again.
        watchParent(ofRoot: index)
        do throws(SystemError) {
            let listing = try FolderListing(root: path) { folder in
                folders.insert(folder)
                self.watch(folder, as: .contents(root: index))
            }
            noteReachable(index, listing)
            forgetFolders(of: index, except: folders)
            for file in listing.files { compare(file, index, roots[index].wasSeen ? trust : .complete) }
            noteMissing(in: index, listing)
            roots[index].wasSeen = true
        } catch {
            noteUnreachable(index, error)
        }
    }

    /// Marks a file that is new or looks different.
    private func compare(_ file: FolderListing.File, _ root: Int, _ trust: Trust) {
        if let record = record(at: file.path) {
            let isMoved = record.readPath != file.readPath
            record.readPath = file.readPath
            guard isMoved || record.isMissing || record.identity == nil || record.identity != file.identity else {
                return
            }
        } else {
            add(FileRecord(path: file.path, root: root, readPath: file.readPath, index: records.count))
        }
        // What a mounted ConfigMap or a rename brings is complete; anything else may be half-written.
        let isComplete = trust == .complete || file.readPath != file.path || file.identity == nil
        if isComplete {
            // Events know better than a look whether somebody writes.
            guard writing[file.path] == nil || writing[file.path]?.identity != nil else { return }
            writing[file.path] = nil
            dirtyFiles[file.path] = root
        } else if writing[file.path] == nil, dirtyFiles[file.path] == nil {
            // Not where an event has just said that the file is complete.
            writing[file.path] = Writing(root: root, deadline: now + settings.quietTime, identity: file.identity)
        }
    }

    func add(_ record: FileRecord) {
        isPresenceDue = true
        indexes[record.path] = Int32(records.count)
        records.append(record)
    }

    private func noteMissing(in root: Int, _ listing: FolderListing) {
        let found = Set(listing.files.lazy.map(\.path))
        for record in records.lazy.compactMap(\.self) where record.root == root && !found.contains(record.path) {
            let isUnknown = listing.unreadable.contains { PathText.isInside(record.path, $0.path) }
            guard !isUnknown else { continue }
            noteMissing(record)
            // The folder that it lay in may be gone by now.
            isPresenceDue = true
        }
    }

    // MARK: The root itself

    private func noteReachable(_ index: Int, _ listing: FolderListing) {
        if roots[index].problem != nil {
            notices.append(.rootReturned(path: roots[index].path))
            isReportDue = true
        }
        let unreadable = listing.unreadable.map { entry in
            (
                path: entry.path,
                problem: Diagnostic(
                    .error, at: SourceLocation(file: entry.path, line: 1),
                    "the folder cannot be opened: \(entry.error.reason) (\(entry.error.name)); what is "
                        + "known of its files stays. Make it readable"
                )
            )
        }
        if unreadable.map(\.problem) != roots[index].unreadable.map(\.problem) { isReportDue = true }
        roots[index].problem = nil
        roots[index].unreadable = unreadable
        roots[index].badSince = unreadable.isEmpty ? nil : roots[index].badSince ?? now
    }

    private func noteUnreachable(_ index: Int, _ error: SystemError) {
        let path = roots[index].path
        let count = records.lazy.compactMap(\.self).filter { $0.root == index }.reduce(0) { $0 + $1.objectCount }
        let kept = count == 0 ? "" : " Until then its \(count.objects) of before stay."
        let text =
            error.isMissing
            ? "does not exist; create it or correct the path."
            : "cannot be opened: \(error.reason) (\(error.name)); make it readable."
        let problem = Diagnostic(.error, at: SourceLocation(file: path, line: 1), "the catalog \(text)\(kept)")
        if roots[index].problem == nil, error.isMissing { notices.append(.rootMissing(path: path)) }
        if roots[index].problem != problem { isReportDue = true }
        roots[index].problem = problem
        roots[index].badSince = roots[index].badSince ?? now
    }

    // MARK: Watches

    private func watchParent(ofRoot index: Int) {
        let parent = PathText.parent(of: roots[index].path)
        watch(parent, as: .parent(root: index))
    }

    private func watch(_ folder: String, as role: WatchRole) {
        guard let surroundings else { return }
        do throws(SystemError) {
            try surroundings.watch(folder)
            watched[folder, default: []].insert(role)
            unwatchable.remove(folder)
        } catch {
            // A missing folder is reported as such.
            guard !error.isMissing, unwatchable.insert(folder).inserted else { return }
            notices.append(.noEvents(path: folder, reason: error.description))
        }
    }

    private func forgetFolders(of root: Int, except kept: Set<String>) {
        for (folder, roles) in watched where roles.contains(.contents(root: root)) && !kept.contains(folder) {
            watched[folder]?.remove(.contents(root: root))
            guard watched[folder]?.isEmpty == true else { continue }
            watched[folder] = nil
            surroundings?.unwatch(folder)
        }
    }
}

extension Int {
    /// "1 object", "2 objects".
    var objects: String { self == 1 ? "1 object" : "\(self) objects" }
}
