/// Packs objects one after the other: numbers in as few octets as they need, texts with what they share with the
/// object's name.
///
/// A text begins with one octet: below 127 it is followed by so many octets; the others stand for a longer text, a word
/// that is known anyway, or the beginning of the object's name or namespace (Pods and slices are called after their
/// Service, label values repeat it).
///
/// It keeps its memory, so that whoever packs many objects with one writer allocates only what stays. Texts come as
/// octets, which is how they lie in a document; Strings are for who has an object as a structure already.
@safe struct ObjectWriter: ~Copyable {
    private var room: UnsafeMutableRawBufferPointer
    private var end = 0
    /// Where the names stand that texts are compared with.
    private var name = 0..<0
    private var namespace = 0..<0

    private static let firstByteCount = 512

    init() { unsafe room = .allocate(byteCount: Self.firstByteCount, alignment: 16) }

    init(_ name: ObjectName) {
        self.init()
        unsafe withOctets(of: name.name) { unsafe takeName($0) }
        unsafe withOctets(of: name.namespace) { unsafe takeNamespace($0) }
    }

    deinit { unsafe room.deallocate() }

    /// Begins an object with its name, which every object has; forgets the one before.
    mutating func begin(name: UnsafeRawBufferPointer, namespace: UnsafeRawBufferPointer) {
        end = 0
        unsafe takeName(name)
        unsafe takeNamespace(namespace)
    }

    private mutating func takeName(_ text: UnsafeRawBufferPointer) {
        unsafe plain(text)
        name = end - text.count..<end
    }

    private mutating func takeNamespace(_ text: UnsafeRawBufferPointer) {
        unsafe plain(text)
        namespace = end - text.count..<end
    }

    var byteCount: Int { end }

    /// What is packed so far.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<end]))
    }

    // MARK: Room

    @inline(__always)
    private mutating func reserve(_ byteCount: Int) {
        if unsafe end + byteCount > room.count { grow(byteCount) }
    }

    @inline(never)
    private mutating func grow(_ byteCount: Int) {
        let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(room.count * 2, end + byteCount), alignment: 16)
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<end]))
        unsafe room.deallocate()
        unsafe room = larger
    }

    // MARK: Numbers

    @inline(__always)
    mutating func octet(_ value: UInt8) {
        reserve(1)
        unsafe room[end] = value
        end += 1
    }

    /// Puts another octet in the place of one that is written.
    mutating func replaceOctet(at index: Int, with value: UInt8) {
        precondition(index < end)
        unsafe room[index] = value
    }

    /// Seven bits an octet, the lowest first.
    @inline(__always)
    mutating func count(_ value: Int) {
        var rest = value
        while rest > 127 {
            octet(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        octet(UInt8(rest))
    }

    @inline(__always)
    mutating func fixed<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ value: Integer, byteCount: Int = MemoryLayout<Integer>.size
    ) {
        reserve(MemoryLayout<Integer>.size)
        unsafe room.storeBytes(of: value.littleEndian, toByteOffset: end, as: Integer.self)
        end += byteCount
    }

    // MARK: Texts

    mutating func text(_ text: UnsafeRawBufferPointer) {
        let (mine, theirs) = unsafe (sharedCount(text, name), sharedCount(text, namespace))
        let shared = max(mine, theirs)
        guard shared >= 4 || shared > 0 && shared == text.count else { return unsafe plain(text) }
        octet(mine >= theirs ? TextMark.name : TextMark.namespace)
        count(shared)
        count(text.count - shared)
        unsafe append(text, from: shared)
    }

    mutating func text(_ text: String) { unsafe withOctets(of: text) { unsafe self.text($0) } }

    /// A text that is likely to be one of a few everywhere.
    mutating func word(_ text: UnsafeRawBufferPointer) {
        guard let number = unsafe WellKnownWords.number(of: text) else { return unsafe self.text(text) }
        word(number)
    }

    mutating func word(_ text: String) { unsafe withOctets(of: text) { unsafe word($0) } }

    mutating func word(_ number: UInt8) { octet(TextMark.firstWord + number) }

    mutating func optionalText(_ text: String?) {
        guard let text else { return octet(TextMark.none) }
        self.text(text)
    }

    private mutating func plain(_ text: UnsafeRawBufferPointer) {
        if text.count < TextMark.long {
            octet(UInt8(text.count))
        } else {
            octet(TextMark.long)
            count(text.count)
        }
        unsafe append(text, from: 0)
    }

    @inline(__always)
    private mutating func append(_ text: UnsafeRawBufferPointer, from start: Int) {
        let rest = text.count - start
        guard rest > 0, let source = text.baseAddress else { return }
        reserve(rest)
        guard let target = unsafe room.baseAddress else { return }
        unsafe (target + end).copyMemory(from: source + start, byteCount: rest)
        end += rest
    }

    /// Octets that a text has in common with one of the names at its front.
    @inline(__always)
    private func sharedCount(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        let limit = min(text.count, range.count)
        guard limit > 0, let mine = text.baseAddress, let names = unsafe room.baseAddress else { return 0 }
        let theirs = unsafe names + range.lowerBound
        var count = 0
        while count + 8 <= limit {
            let left = unsafe mine.loadUnaligned(fromByteOffset: count, as: UInt64.self)
            let difference = unsafe left ^ theirs.loadUnaligned(fromByteOffset: count, as: UInt64.self)
            if difference != 0 { return count + difference.littleEndian.trailingZeroBitCount / 8 }
            count += 8
        }
        while count < limit,
            unsafe mine.load(fromByteOffset: count, as: UInt8.self)
                == theirs.load(fromByteOffset: count, as: UInt8.self)
        { count += 1 }
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

private func withOctets(of text: String, _ body: (UnsafeRawBufferPointer) -> Void) {
    unsafe text.utf8.span.withUnsafeBytes { unsafe body($0) }
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
