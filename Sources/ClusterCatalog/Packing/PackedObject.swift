/// The octets of one object and the place that it was read from, in one run of memory.
///
/// What the octets mean only `ObjectWriter` and `ObjectReader` know; they never change once they are written.
@safe struct PackedObject: @unchecked Sendable {
    private struct Head {
        let source: SourceFile
        let piece: Int32
        let lineInPiece: Int32
        let byteCount: Int32
        let kind: ObjectKind
    }

    private let storage: ManagedBuffer<Head, UInt8>

    init(_ kind: ObjectKind, _ origin: Origin, _ writer: borrowing ObjectWriter) {
        let place = origin.parts
        let head = Head(
            source: place.source, piece: place.piece, lineInPiece: place.lineInPiece,
            byteCount: Int32(writer.byteCount), kind: kind)
        let storage = ManagedBuffer<Head, UInt8>.create(minimumCapacity: writer.byteCount) { _ in head }
        unsafe writer.withBytes { bytes in
            unsafe storage.withUnsafeMutablePointerToElements { elements in
                unsafe UnsafeMutableRawBufferPointer(start: elements, count: bytes.count).copyMemory(from: bytes)
            }
        }
        self.storage = storage
    }

    var kind: ObjectKind { storage.header.kind }
    /// Of this object as long as somebody keeps it.
    var identifier: ObjectIdentifier { ObjectIdentifier(storage) }
    var file: SourceFile { storage.header.source }
    var piece: Int32 { storage.header.piece }

    var origin: Origin {
        let head = storage.header
        return Origin(head.source, piece: head.piece, lineInPiece: head.lineInPiece)
    }

    /// Reads from the first octet on.
    func read<Result>(_ body: (inout ObjectReader) -> Result) -> Result {
        unsafe storage.withUnsafeMutablePointers { head, elements in
            let bytes = unsafe UnsafeRawBufferPointer(start: elements, count: Int(head.pointee.byteCount))
            var reader = unsafe ObjectReader(bytes)
            return body(&reader)
        }
    }

    func hasSameName(as other: PackedObject) -> Bool {
        read { mine in other.read { theirs in mine.hasSameName(as: theirs) } }
    }

    func hasSameBytes(as other: PackedObject) -> Bool {
        kind == other.kind
            && read { mine in other.read { theirs in mine.hasSameBytes(as: theirs) } }
    }
}
