import Glibc
import SourceText

/// Gives equal texts and equal port lists the same memory, mostly: it remembers a few thousand of them and no more, so
/// that neither its size nor its work grows with the catalog. A text that it knows costs no allocation.
///
/// Not Sendable: one decoder at a time uses it.
final class Interner {
    /// Each text has one place, by its hash; the last one stays.
    private var texts = [String](repeating: "", count: placeCount)
    private var servicePorts = RecentLists<ServicePort>()
    private var endpointPorts = RecentLists<EndpointPort>()
    /// Its memory is used for one object after the other, too.
    var packer = ObjectPacker()

    private static let placeCount = 1 << 11
    /// A String of so many bytes lies inline and takes no memory of its own.
    private static let inlineByteCount = 15

    /// The text of a scalar; empty for everything else.
    func text(of value: Value) -> String {
        unsafe value.withBytes { bytes in
            guard bytes.count > Self.inlineByteCount else { return unsafe String(decoding: bytes, as: UTF8.self) }
            let place = unsafe place(of: bytes)
            if unsafe isEqual(texts[place], bytes) { return texts[place] }
            let text = unsafe String(decoding: bytes, as: UTF8.self)
            texts[place] = text
            return text
        }
    }

    /// Of at least eight bytes.
    private func place(of bytes: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(truncatingIfNeeded: bytes.count)
        var at = 0
        while at < bytes.count {
            // The last word overlaps the one before.
            let word = unsafe bytes.loadUnaligned(fromByteOffset: min(at, bytes.count - 8), as: UInt64.self)
            hash = (hash ^ word) &* 0x9fb2_1c65_1e98_df25
            hash ^= hash >> 29
            at += 8
        }
        return Int(truncatingIfNeeded: hash >> 32) & (Self.placeCount - 1)
    }

    private func isEqual(_ text: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard text.utf8.count == bytes.count, let start = bytes.baseAddress else { return false }
        return unsafe text.utf8.span.withUnsafeBytes { known in
            unsafe known.baseAddress.map { unsafe memcmp($0, start, bytes.count) == 0 } ?? false
        }
    }

    /// The object, if it is an ordinary one.
    ///
    /// - Parameter kind: nil if the object says it itself.
    func packed(
        _ object: Value, _ source: SourceFile, piece: Int32, firstLine: Int, as kind: ObjectKind? = nil
    ) -> CatalogObject? {
        object.withNodes { nodes, index in
            packer.pack(nodes, index, as: kind).map { kind in
                let line = Int32(clamping: object.line - firstLine)
                return CatalogObject(kind, Origin(source, piece: piece, lineInPiece: line), packer.writer)
            }
        }
    }

    func shared(_ ports: [ServicePort]) -> [ServicePort] { servicePorts.shared(ports) }

    func shared(_ ports: [EndpointPort]) -> [EndpointPort] { endpointPorts.shared(ports) }
}

/// The lists that came last; most Services of a cluster have one of a few.
private struct RecentLists<Element: Equatable> {
    private var lists: [[Element]] = []
    private var oldest = 0

    private static var listCount: Int { 8 }

    mutating func shared(_ list: [Element]) -> [Element] {
        guard !list.isEmpty else { return [] }
        for known in lists where known == list { return known }
        if lists.count < Self.listCount {
            lists.append(list)
        } else {
            lists[oldest] = list
            oldest = (oldest + 1) % Self.listCount
        }
        return list
    }
}
