import SourceText

/// The labels of an object or a selector as they lie in the document, sorted by key, each key once: what `Labels` does
/// with Strings. Filled again and again.
@safe struct LabelBuffer: ~Copyable {
    @safe struct Entry {
        let key: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer
        /// The key's number among the words that everybody knows.
        let word: UInt8?
    }

    private var entries: [Entry] = []

    mutating func clear() { entries.removeAll(keepingCapacity: entries.count < 1000) }

    /// Keys are ASCII, so that the order of their octets is that of the Strings.
    mutating func add(_ entry: Entry) {
        guard let last = entries.last, !isLess(last, entry) else { return entries.append(entry) }
        let index = entries.firstIndex { !isLess($0, entry) } ?? entries.endIndex
        if isLess(entry, entries[index]) {
            entries.insert(entry, at: index)
        } else {
            // The last of equal keys counts.
            entries[index] = entry
        }
    }

    func isEqual(to other: borrowing LabelBuffer) -> Bool {
        guard entries.count == other.entries.count else { return false }
        for index in entries.indices {
            let (mine, theirs) = (entries[index], other.entries[index])
            guard unsafe areEqual(mine.key, theirs.key), unsafe areEqual(mine.value, theirs.value) else { return false }
        }
        return true
    }

    func write(into writer: inout ObjectWriter) {
        writer.count(entries.count)
        for entry in entries {
            if let word = entry.word { writer.word(word) } else { unsafe writer.text(entry.key) }
            unsafe writer.text(entry.value)
        }
    }

    private func isLess(_ left: Entry, _ right: Entry) -> Bool {
        for index in 0..<(unsafe min(left.key.count, right.key.count)) {
            let (mine, theirs) = unsafe (left.key[index], right.key[index])
            if mine != theirs { return mine < theirs }
        }
        return unsafe left.key.count < right.key.count
    }
}
