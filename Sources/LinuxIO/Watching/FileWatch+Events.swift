import Glibc
import Synchronization

extension FileWatch {
    /// One thing that happened in a watched folder.
    public struct Event: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// A new entry: a file that is still empty, a hard link, a folder.
            case created
            /// Bytes of the file changed; its writer may not be done.
            case modified
            /// A writer closed the file.
            case written
            /// An entry came in by rename, perhaps over an older one.
            case movedIn
            case movedOut
            case deleted
            /// The folder itself was deleted, moved or unmounted and is not watched any more.
            case folderGone
            /// The kernel lost events: look at everything. `directory` and `name` are empty.
            case overflow
        }

        /// The path that was given to `add`.
        public var directory: String
        /// The entry in it; empty for the folder itself.
        public var name: String
        public var kind: Kind
        /// The entry is a folder.
        public var isDirectory: Bool

        public init(directory: String, name: String, kind: Kind, isDirectory: Bool = false) {
            self.directory = directory
            self.name = name
            self.kind = kind
            self.isDirectory = isDirectory
        }

        public static let overflow = Event(directory: "", name: "", kind: .overflow)
    }

    /// What the kernel has queued, as much as fits 16 KiB.
    func readEvents() throws(SystemError) -> [Event] {
        let result = unsafe withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 8) {
            buffer -> Result<[Event], SystemError> in
            do throws(SystemError) {
                let count = try system("read") {
                    unsafe read(notifications.number, buffer.baseAddress, buffer.count)
                }
                return .success(events(in: unsafe RawSpan(_unsafeBytes: buffer[..<count])))
            } catch {
                return error.code == EAGAIN ? .success([]) : .failure(error)
            }
        }
        return try result.get()
    }

    private func events(in bytes: RawSpan) -> [Event] {
        var events: [Event] = []
        var offset = 0
        while offset < bytes.byteCount {
            // struct inotify_event: watch, mask, cookie, byte count of the name; four bytes each. Then the name,
            // padded with zeros.
            let watch = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Int32.self)
            let mask = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
            let nameByteCount = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 12, as: UInt32.self)
            let padded = bytes.extracting(offset + 16..<offset + 16 + Int(nameByteCount))
            let name = unsafe padded.withUnsafeBytes { name in
                unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            append(watch, mask, name, to: &events)
            offset += 16 + padded.byteCount
        }
        return events
    }

    private func append(_ watch: Int32, _ mask: UInt32, _ name: String, to events: inout [Event]) {
        guard let kind = Event.Kind(mask) else { return }
        guard kind != .overflow else {
            events.append(.overflow)
            return
        }
        let paths = folders.withLock { kind == .folderGone ? $0.forget(watch) : $0.paths(of: watch) }
        // A folder that was moved away is still watched under a path that is no longer its own.
        if kind == .folderGone, !paths.isEmpty { stop(watch) }
        for path in paths {
            let isDirectory = mask & UInt32(IN_ISDIR) != 0
            events.append(Event(directory: path, name: name, kind: kind, isDirectory: isDirectory))
        }
    }
}

extension FileWatch.Event.Kind {
    fileprivate init?(_ mask: UInt32) {
        let kinds: [(Int32, Self)] = [
            (IN_Q_OVERFLOW, .overflow), (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED, .folderGone),
            (IN_CREATE, .created), (IN_MODIFY, .modified), (IN_CLOSE_WRITE, .written),
            (IN_MOVED_TO, .movedIn), (IN_MOVED_FROM, .movedOut), (IN_DELETE, .deleted),
        ]
        guard let kind = kinds.first(where: { UInt32(bitPattern: $0.0) & mask != 0 })?.1 else { return nil }
        self = kind
    }
}
