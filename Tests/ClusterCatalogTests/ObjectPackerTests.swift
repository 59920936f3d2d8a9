import SourceText
import Testing

@testable import ClusterCatalog

/// The packer beside the decoder: what it packs is what the decoder makes of the same document, octet for octet, and
/// the decoder has nothing to say about it.
@Suite struct ObjectPackerTests {
    /// Where the pieces begin; not where their objects do.
    private static let firstLine = 3
    /// Two lines before the piece, and two of comments in it.
    private static let head = "# nothing\n---\n# about this\n# object\n"

    private struct Outcome {
        /// Nil where the packer left the document to the decoder.
        var packed: CatalogObject?
        var decoded: CatalogObject?
        var diagnostics: [Diagnostic] = []
    }

    /// Reads the one object of a text both ways.
    private func read(_ text: String, _ format: TextFormat, as kind: ObjectKind) -> Outcome? {
        var outcome: Outcome?
        let interner = Interner()
        unsafe Array(text.utf8).withUnsafeBytes { bytes in
            let text = unsafe cut(bytes, as: format)
            unsafe DocumentReader().read(
                text.pieces, of: bytes, cut: text, into: Document(),
                found: { value, _ in outcome = read(value, kind, interner) }, problem: { _, _ in })
        }
        return outcome
    }

    private func read(_ value: Value, _ kind: ObjectKind, _ interner: Interner) -> Outcome {
        let source = SourceFile(path: "test")
        var decoder = ObjectDecoder(source, piece: -1, firstLine: Self.firstLine, interner)
        var outcome = Outcome()
        outcome.packed = interner.packed(value, source, piece: -1, firstLine: Self.firstLine, as: kind)
        outcome.decoded =
            switch kind {
            case .service: decoder.service(value)
            case .endpointSlice: decoder.endpointSlice(value)
            case .pod: decoder.pod(value)
            default: decoder.namespace(value)
            }
        outcome.diagnostics = decoder.result.diagnostics
        return outcome
    }

    private func expectSame(_ outcome: Outcome?, _ text: String) {
        guard let outcome, let packed = outcome.packed else { return }
        #expect(outcome.diagnostics.isEmpty, "\(text)")
        #expect(outcome.decoded.map { packed.packed.hasSameBytes(as: $0.packed) } == true, "\(text)")
        #expect(outcome.decoded?.origin == packed.origin, "\(text)")
    }

    /// The line in the piece, whose own place the file knows.
    @Test func lineCountsFromThePiece() {
        let outcome = read(Self.head + "kind: Namespace\nmetadata: {name: web}\n", .yaml, as: .namespace)
        #expect(outcome?.packed?.origin == Origin(file: "test", line: 2))
        #expect(outcome?.decoded?.origin == Origin(file: "test", line: 2))
    }

    // MARK: Ordinary objects

    @Test(
        arguments: [ManifestTree.service, .sparseService, .headlessService, .externalService],
        ManifestTree.Style.allCases)
    func packsServices(_ tree: ManifestTree, _ style: ManifestTree.Style) {
        expectPacked(tree, style, as: .service)
    }

    @Test(arguments: [ManifestTree.slice, .sparseSlice, .sixSlice, .wideSlice], ManifestTree.Style.allCases)
    func packsSlices(_ tree: ManifestTree, _ style: ManifestTree.Style) {
        expectPacked(tree, style, as: .endpointSlice)
    }

    @Test(arguments: [ManifestTree.pod, .endedPod, .pendingPod], ManifestTree.Style.allCases)
    func packsPods(_ tree: ManifestTree, _ style: ManifestTree.Style) {
        expectPacked(tree, style, as: .pod)
    }

    @Test(arguments: ManifestTree.Style.allCases)
    func packsNamespaces(_ style: ManifestTree.Style) {
        expectPacked(.namespace, style, as: .namespace)
    }

    private func expectPacked(_ tree: ManifestTree, _ style: ManifestTree.Style, as kind: ObjectKind) {
        var random = PropertyTests.Random(seed: 1)
        for _ in 0..<8 {
            let text = head(style) + tree.text(style, &random)
            let outcome = read(text, style.format, as: kind)
            #expect(outcome?.packed != nil, "\(text)")
            expectSame(outcome, text)
        }
    }

    private func head(_ style: ManifestTree.Style) -> String {
        style.format == .yaml ? Self.head : "\n\n\n\n"
    }

    // MARK: All others

    private static let trees: [(ObjectKind, ManifestTree)] =
        [.service, .sparseService, .headlessService, .externalService].map { (.service, $0) }
        + [.slice, .sparseSlice, .sixSlice].map { (.endpointSlice, $0) }
        + [.pod, .endedPod, .pendingPod].map { (.pod, $0) } + [(.namespace, .namespace)]

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func isTheDecoder(seed: UInt64) {
        var random = PropertyTests.Random(seed: seed)
        var packedCount = 0
        for _ in 0..<300 {
            let (kind, tree) = Self.trees[Int.random(in: 0..<Self.trees.count, using: &random)]
            var changed = tree
            for _ in 0..<Int.random(in: 1...3, using: &random) { changed.change(&random) }
            let style = ManifestTree.Style.allCases[Int.random(in: 0..<3, using: &random)]
            let text = head(style) + changed.text(style, &random)
            let outcome = read(text, style.format, as: kind)
            expectSame(outcome, text)
            if outcome?.packed != nil { packedCount += 1 }
        }
        // Else the test would say nothing.
        #expect(packedCount > 30)
    }

    @Test func aliasesAndMergedMembersAreLeftToTheDecoder() {
        let head = "apiVersion: v1\nkind: Service\n"
        for text in [
            head + "metadata: &m {name: web, labels: &l {app: web}}\nspec: {selector: *l}\n",
            head + "metadata: {name: web, labels: &l {app: web}}\nspec: {selector: {<<: *l}}\n",
            // A value that would be right.
            head + "metadata: {name: web, labels: {a: &n NodePort}}\nspec: {type: *n}\n",
        ] {
            let outcome = read(text, .yaml, as: .service)
            #expect(outcome != nil && outcome?.packed == nil, "\(text)")
        }
        // Null, and so no sign of a deletion.
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, uid: &u , deletionTimestamp: *u }\n"
        let outcome = read(pod, .yaml, as: .pod)
        #expect(outcome?.decoded != nil && outcome?.packed == nil)
    }

    // MARK: Which kind

    @Test(arguments: [
        ("v1", "Service", ObjectKind.service), ("discovery.k8s.io/v1", "EndpointSlice", .endpointSlice),
        ("discovery.k8s.io/v1beta1", "EndpointSlice", .endpointSlice), ("v1", "Namespace", .namespace),
        ("v2", "Service", nil), ("v1", "Pod", .pod), ("v1", "Node", nil),
        ("v1", "EndpointSlice", nil), ("discovery.k8s.io/v1", "Service", nil), ("v1", "[Service]", nil),
        ("v1", "~", nil),
    ])
    func kindIsRead(_ apiVersion: String, _ kind: String, _ expected: ObjectKind?) {
        let metadata = "metadata: {name: web, labels: {kubernetes.io/service-name: web}}"
        let text = "apiVersion: \(apiVersion)\nkind: \(kind)\n\(metadata)\nspec: {}\n"
        var found: ObjectKind??
        unsafe Array(text.utf8).withUnsafeBytes { bytes in
            let cutText = unsafe cut(bytes, as: .yaml)
            unsafe DocumentReader().read(
                cutText.pieces, of: bytes, cut: cutText, into: Document(),
                found: { value, _ in
                    found = value.withNodes { nodes, index in
                        var packer = ObjectPacker()
                        return packer.pack(nodes, index)
                    }
                }, problem: { _, _ in })
        }
        #expect(found == .some(expected))
    }
}
