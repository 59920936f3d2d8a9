import Glibc
import LinuxIO

/// What a look through one root found: every catalog file, and every folder that must be watched.
struct FolderListing {
    struct File {
        /// As the operator would write it.
        var path: String
        /// Where to read it: for the file of a ConfigMap mount a path in the version that the whole look went by.
        var readPath: String
        /// Nil for what cannot be looked at; the reason will show when it is read.
        var identity: FileIdentity?
    }

    var files: [File] = []
    var folders: [String] = []
    /// Folders that could not be looked through, with the reason: nothing is known about what lies in them.
    var unreadable: [(path: String, error: SystemError)] = []
    private var visited: Set<FolderNumber> = []

    private struct FolderNumber: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    /// Called for every folder before its names are read, so that a watch misses nothing that comes later.
    private let willLook: (String) -> Void

    /// Looks through a file or a folder.
    ///
    /// Throws if the root itself is not there or cannot be opened.
    init(root: String, willLook: @escaping (String) -> Void = { _ in }) throws(SystemError) {
        self.willLook = willLook
        let status = try FileStatus(path: root)
        guard status.kind == .folder else {
            files = [try Self.rootFile(root, status)]
            return
        }
        try look(into: root, readPath: root, status.identity)
        files.sort { $0.path < $1.path }
    }

    /// A root that is a link into a ConfigMap mount is read from the version that `..data` leads to now.
    private static func rootFile(_ root: String, _ status: FileStatus) throws(SystemError) -> File {
        let folder = PathText.parent(of: root)
        var readPath = root
        if let version = configMapVersion(in: folder), let target = linkTarget(root), target.hasPrefix(dataPrefix) {
            readPath = PathText.join(version, String(target.dropFirst(dataPrefix.count)))
        }
        return File(path: root, readPath: readPath, identity: status.identity)
    }

    // MARK: Folders

    private mutating func look(into folder: String, readPath: String, _ identity: FileIdentity) throws(SystemError) {
        // A folder that links lead to twice, or in a circle, is looked through once.
        guard visited.insert(FolderNumber(device: identity.device, inode: identity.inode)).inserted else { return }
        folders.append(folder)
        willLook(folder)
        let version = configMapVersion(in: readPath)
        for name in try entries(of: readPath).sorted() where !name.hasPrefix(".") {
            let path = PathText.join(folder, name)
            var target = PathText.join(readPath, name)
            if let version, let link = linkTarget(target), link.hasPrefix(dataPrefix) {
                target = PathText.join(version, String(link.dropFirst(dataPrefix.count)))
            }
            look(at: path, readPath: target)
        }
    }

    private mutating func look(at path: String, readPath: String) {
        let isNamed = PathText.isCatalogFile(path)
        do throws(SystemError) {
            let status = try FileStatus(path: readPath)
            if status.kind == .folder { return lookInside(path, readPath, status.identity) }
            if isNamed { files.append(File(path: path, readPath: readPath, identity: status.identity)) }
        } catch {
            // Gone since it was listed, or a link that leads nowhere: reading it will tell.
            if isNamed { files.append(File(path: path, readPath: readPath, identity: nil)) }
        }
    }

    private mutating func lookInside(_ path: String, _ readPath: String, _ identity: FileIdentity) {
        do throws(SystemError) {
            try look(into: path, readPath: readPath, identity)
        } catch  where !error.isMissing {
            unreadable.append((path, error))
        } catch {
            // Deleted since it was listed: as if it had never been there.
        }
    }
}

/// How the kubelet links files of a ConfigMap: `web.yaml -> ..data/web.yaml`, `..data -> ..2026_11_23_10_00_00.123`.
/// One rename of `..data` changes all files at once.
private let dataPrefix = "..data/"

/// The folder that `..data` leads to now; nil in an ordinary folder.
private func configMapVersion(in folder: String) -> String? {
    linkTarget(PathText.join(folder, "..data")).map { PathText.join(folder, $0) }
}

/// Nil if there is no link at the path.
private func linkTarget(_ path: String) -> String? {
    var room = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &room, room.count)
    guard count > 0, count < room.count else { return nil }
    return String(decoding: room[..<count].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The names in a folder, without `.` and `..`.
private func entries(of folder: String) throws(SystemError) -> [String] {
    guard let stream = unsafe opendir(folder) else { throw SystemError(call: "opendir", code: errno) }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
        errno = 0
        guard let entry = unsafe readdir(stream) else { break }
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
            unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw SystemError(call: "readdir", code: errno) }
    return names
}
