/// Which watch of the kernel stands for which paths. Two paths can lead to one folder, and then share a watch.
struct WatchedFolders {
    private var watches: [String: Int32] = [:]
    private var pathsByWatch: [Int32: [String]] = [:]

    var paths: some Sequence<String> { watches.keys }

    func paths(of watch: Int32) -> [String] { pathsByWatch[watch] ?? [] }

    /// - Returns: a watch that nobody needs any more.
    mutating func add(_ path: String, watch: Int32) -> Int32? {
        if watches[path] == watch { return nil }
        let unused = remove(path)
        watches[path] = watch
        pathsByWatch[watch, default: []].append(path)
        return unused
    }

    /// - Returns: a watch that nobody needs any more.
    mutating func remove(_ path: String) -> Int32? {
        guard let watch = watches.removeValue(forKey: path) else { return nil }
        pathsByWatch[watch]?.removeAll { $0 == path }
        guard paths(of: watch).isEmpty else { return nil }
        pathsByWatch[watch] = nil
        return watch
    }

    /// The watch has ended.
    ///
    /// - Returns: the paths that it stood for.
    mutating func forget(_ watch: Int32) -> [String] {
        let paths = pathsByWatch.removeValue(forKey: watch) ?? []
        for path in paths { watches[path] = nil }
        return paths
    }
}
