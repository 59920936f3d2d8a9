import LinuxIO

extension FolderState {
    /// Takes events in. Nothing is read yet, but what is asked about a new name is asked at once.
    func note(_ events: [FileWatch.Event]) {
        for event in events { note(event) }
    }

    private func note(_ event: FileWatch.Event) {
        guard event.kind != .overflow else {
            notices.append(.eventsLost)
            for index in roots.indices { markRoot(index, .unsure) }
            return
        }
        for role in watched[event.directory] ?? [] {
            switch role {
            case .contents(let root): noteContents(event, root)
            case .parent(let root): noteParent(event, root)
            }
        }
    }

    /// Something happened beside a root; only the root itself is of interest, or the switch of a ConfigMap that it lies
    /// in.
    private func noteParent(_ event: FileWatch.Event, _ root: Int) {
        let path = roots[root].path
        guard event.kind != .folderGone, event.name != "..data" else { return markRoot(root, event.kind.trust) }
        guard event.name == PathText.lastName(of: path) else { return }
        if indexes[path] != nil, !event.isDirectory {
            noteFile(path, event.kind, root)
        } else if event.kind != .modified {
            // A new file is about to be written: `noteFile` waits for that, also where none was known.
            event.isDirectory ? markRoot(root, event.kind.trust) : noteFile(path, event.kind, root)
        }
    }

    private func noteContents(_ event: FileWatch.Event, _ root: Int) {
        guard event.kind != .folderGone, event.name != "..data" else { return markRoot(root, event.kind.trust) }
        guard !event.name.hasPrefix(".") else { return }
        let path = PathText.join(event.directory, event.name)
        if event.isDirectory { return markRoot(root, event.kind.trust) }
        if PathText.isCatalogFile(path) { return noteFile(path, event.kind, root) }
        noteOther(path, event.kind, root)
    }

    /// A name without a catalog extension: only a link to a folder is of interest.
    private func noteOther(_ path: String, _ kind: FileWatch.Event.Kind, _ root: Int) {
        switch kind {
        case .created, .movedIn: if status(path)?.kind == .link { markRoot(root, kind.trust) }
        case .deleted, .movedOut: if watched[path] != nil { markRoot(root, kind.trust) }
        default: return
        }
    }

    private func noteFile(_ path: String, _ kind: FileWatch.Event.Kind, _ root: Int) {
        switch kind {
        case .modified:
            writing[path] = Writing(root: root, deadline: now + settings.quietTime)
            roots[root].lastEvent = now
        case .created:
            noteCreation(path, root)
        default:
            writing[path] = nil
            markFile(path, root)
        }
    }

    /// A new file is read when its writer closes it. A hard link or a symbolic one is complete.
    private func noteCreation(_ path: String, _ root: Int) {
        if let status = status(path), status.kind == .regular, status.linkCount == 1 {
            writing[path] = Writing(root: root, deadline: now + settings.quietTime)
            roots[root].lastEvent = now
        } else {
            markFile(path, root)
        }
    }

    private func status(_ path: String) -> FileStatus? {
        do throws(SystemError) { return try FileStatus(path: path, followsLinks: false) } catch { return nil }
    }

    /// The file is to be read; one that lies behind a link is looked for anew.
    private func markFile(_ path: String, _ root: Int) {
        // The event counts more than what the status of the file says.
        record(at: path)?.identity = nil
        let isPlain = record(at: path).map { $0.readPath == path } ?? true
        guard isPlain, path != roots[root].path, status(path)?.kind != .link else { return markRoot(root, .complete) }
        dirtyFiles[path] = root
        noteTime(root)
    }

    func markRoot(_ root: Int, _ trust: Trust) {
        dirtyRoots[root] = max(dirtyRoots[root] ?? trust, trust)
        noteTime(root)
    }

    private func noteTime(_ root: Int) {
        firstEvent = firstEvent ?? now
        lastEvent = now
        roots[root].lastEvent = now
    }

    /// Files whose writers have been quiet for long enough are read as they are.
    func takeQuietFiles() {
        for (path, entry) in writing where entry.deadline <= now {
            let current = entry.identity == nil ? nil : identity(path)
            if let known = entry.identity, let current, current != known {
                writing[path]?.deadline = now + settings.quietTime
                writing[path]?.identity = current
            } else {
                writing[path] = nil
                dirtyFiles[path] = entry.root
            }
        }
    }

    private func identity(_ path: String) -> FileIdentity? {
        do throws(SystemError) { return try FileStatus(path: path).identity } catch { return nil }
    }
}

extension FileWatch.Event.Kind {
    /// What comes in by a rename is complete.
    fileprivate var trust: FolderState.Trust { self == .movedIn ? .complete : .unsure }
}
