/// Packs one object: numbers in as few octets as they need, texts with what they share with the object's name.
///
/// A text begins with one octet: below 127 it is followed by so many octets; the others stand for a longer text, a word
/// that is known anyway, or the beginning of the object's name or namespace (Pods and slices are called after their
/// Service, label values repeat it).
struct ObjectWriter {
    private(set) var bytes: [UInt8] = []
    private let name: ObjectName

    /// Begins with the name, which every object has.
    init(_ name: ObjectName) {
        self.name = name
        bytes.reserveCapacity(192)
        plain(name.name)
        plain(name.namespace)
    }

    // MARK: Numbers

    mutating func octet(_ value: UInt8) { bytes.append(value) }

    /// Seven bits an octet, the lowest first.
    mutating func count(_ value: Int) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func fixed<Integer: FixedWidthInteger>(_ value: Integer, byteCount: Int = MemoryLayout<Integer>.size) {
        for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> Integer(8 * index))) }
    }

    // MARK: Texts

    mutating func text(_ text: String) {
        let (mine, theirs) = (sharedCount(text, name.name), sharedCount(text, name.namespace))
        let (shared, count) = (max(mine, theirs), text.utf8.count)
        guard shared >= 4 || shared > 0 && shared == count else { return plain(text) }
        bytes.append(mine >= theirs ? TextMark.name : TextMark.namespace)
        self.count(shared)
        self.count(count - shared)
        bytes += text.utf8.dropFirst(shared)
    }

    /// A text that is likely to be one of a few everywhere.
    mutating func word(_ text: String) {
        guard let number = WellKnownWords.numbers[text] else { return self.text(text) }
        bytes.append(TextMark.firstWord + number)
    }

    mutating func optionalText(_ text: String?) {
        guard let text else { return bytes.append(TextMark.none) }
        self.text(text)
    }

    private mutating func plain(_ text: String) {
        let count = text.utf8.count
        if count < TextMark.long {
            bytes.append(UInt8(count))
        } else {
            bytes.append(TextMark.long)
            self.count(count)
        }
        bytes += text.utf8
    }

    /// Octets that two texts have in common at their front.
    private func sharedCount(_ left: String, _ right: String) -> Int {
        let (left, right) = (left.utf8, right.utf8)
        let (mine, theirs) = (left.span, right.span)
        var count = 0
        while count < mine.count, count < theirs.count, mine[count] == theirs[count] { count += 1 }
        return count
    }

    // MARK: Lists

    mutating func list<Element>(_ elements: some Collection<Element>, _ body: (inout ObjectWriter, Element) -> Void) {
        count(elements.count)
        for element in elements { body(&self, element) }
    }

    mutating func labels(_ labels: Labels) {
        list(labels) { writer, label in
            writer.word(label.key)
            writer.text(label.value)
        }
    }
}

/// The first octet of a text, where it is no length.
enum TextMark {
    /// A length of more than 126 follows.
    static let long: UInt8 = 127
    static let firstWord: UInt8 = 128
    static let name: UInt8 = 192
    static let namespace: UInt8 = 193
    static let none: UInt8 = 194
    /// A time as in `timestamp`.
    static let time: UInt8 = 195
}
