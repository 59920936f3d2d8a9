import SourceText

/// Paths as text.
enum PathText {
    /// Whether a file of this name is part of a catalog: by extension, and not hidden.
    static func isCatalogFile(_ path: String) -> Bool {
        !lastName(of: path).hasPrefix(".") && TextFormat(fileName: path) != nil
    }

    static func join(_ folder: String, _ name: String) -> String {
        guard !name.hasPrefix("/") else { return name }
        return folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// `.` for a name without a folder.
    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func lastName(of path: String) -> Substring {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
        return path[path.utf8.index(after: slash)...]
    }

    /// Without slashes at its end.
    static func root(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.last == "/" { path.removeLast() }
        return String(path)
    }

    /// Whether `path` lies somewhere below `folder`.
    static func isInside(_ path: String, _ folder: String) -> Bool {
        path.utf8.count > folder.utf8.count && path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }
}
