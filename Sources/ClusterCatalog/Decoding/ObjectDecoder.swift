import SourceText

/// Makes objects of one piece of a file and collects what is wrong with them.
///
/// An object with an error is left out as a whole, after everything that is wrong with it was said; its neighbours are
/// not touched.
struct ObjectDecoder {
    /// What one piece gave.
    struct Result {
        var objects: [CatalogObject] = []
        var diagnostics: [Diagnostic] = []
        /// How often each kind was passed over that a catalog does not hold.
        var ignoredKinds: [String: Int] = [:]
        /// Some object was left out.
        var isBroken = false
    }

    private(set) var result = Result()
    let interner: Interner
    private let source: SourceFile
    private let piece: Int32
    private let firstLine: Int
    /// On which lines the objects of this piece are written; the first one only once there is a second.
    private var lines: [ObjectKey: Int] = [:]
    private var firstObjectLine = 0

    /// - Parameter firstLine: the line of the file on which the piece starts.
    init(_ source: SourceFile, piece: Int32, firstLine: Int, _ interner: Interner) {
        self.source = source
        self.piece = piece
        self.firstLine = firstLine
        self.interner = interner
    }

    func origin(of object: Value) -> Origin {
        Origin(source, piece: piece, lineInPiece: Int32(clamping: object.line - firstLine))
    }

    // MARK: Complaints

    mutating func error(at value: Value, _ text: String) {
        result.isBroken = true
        report(.error, at: value, text)
    }

    mutating func warning(at value: Value, _ text: String) { report(.warning, at: value, text) }

    /// A piece that is no document at all.
    mutating func fail(_ problem: DocumentProblem) {
        result.isBroken = true
        result.diagnostics.append(problem.diagnostic(inFile: source.path))
    }

    mutating func report(_ severity: Diagnostic.Severity, at value: Value, _ text: String) {
        let location = SourceLocation(file: source.path, line: value.line, column: value.column)
        result.diagnostics.append(Diagnostic(severity, at: location, text))
    }
}

// MARK: Which kind

extension ObjectDecoder {
    /// The kinds that are read, under every group and version in which they have the same fields.
    private static let kinds: [(apiVersion: StaticString, kind: StaticString, ObjectKind)] = [
        ("v1", "Service", .service),
        ("discovery.k8s.io/v1", "EndpointSlice", .endpointSlice),
        ("v1", "Endpoints", .endpoints),
        ("v1", "Pod", .pod),
        ("v1", "Namespace", .namespace),
        ("v1", "Node", .node),
        ("networking.k8s.io/v1", "Ingress", .ingress),
        ("discovery.k8s.io/v1beta1", "EndpointSlice", .endpointSlice),
        ("networking.k8s.io/v1beta1", "Ingress", .ingress),
        ("extensions/v1beta1", "Ingress", .ingress),
    ]

    /// Reads a document or an element of a list. Nothing at all, as between two `---`, is no object and no mistake.
    mutating func read(_ value: Value) {
        guard !value.isNull else { return }
        guard value.isMapping else {
            return error(
                at: value, "an object must be a mapping with apiVersion, kind and metadata, not \(value.kindText)")
        }
        if let object = packed(value) { return add(object, value) }
        guard let kind = header(value, "kind"), let apiVersion = header(value, "apiVersion") else { return }
        if let known = Self.kinds.first(where: { kind.equals($0.kind) && apiVersion.equals($0.apiVersion) }) {
            return read(value, as: known.2)
        }
        let list = Self.listElements(of: value) ?? .foreign("\(apiVersion.text) \(kind.text)")
        if case .foreign(let kind) = list {
            result.ignoredKinds[kind, default: 0] += 1
        } else {
            for item in elements(value["items"], "items") { read(item, of: list) }
        }
    }

    /// `kind` or `apiVersion`; nil after saying what is wrong with it.
    private mutating func header(_ object: Value, _ key: StaticString) -> Value? {
        guard let value = object[key], !value.isNull else {
            error(at: object, "\(key) is missing; every object needs apiVersion, kind and metadata")
            return nil
        }
        guard value.kind == .string else {
            error(at: value, "\(key) must be a string, not \(value.kindText)")
            return nil
        }
        return value
    }

    /// What is ordinary goes past all that follows.
    private func packed(_ object: Value, as kind: ObjectKind? = nil) -> CatalogObject? {
        interner.packed(object, source, piece: piece, firstLine: firstLine, as: kind)
    }

    /// Takes the first object of the piece, which was packed without a decoder.
    mutating func adopt(_ object: CatalogObject, line: Int) {
        firstObjectLine = line
        result.objects.append(object)
    }

    mutating func change(_ body: (inout ObjectDecoder) -> Void) { body(&self) }

    private mutating func read(_ object: Value, as kind: ObjectKind) {
        let wasBroken = result.isBroken
        result.isBroken = false
        let decoded: CatalogObject? =
            switch kind {
            case .service: service(object)
            case .endpointSlice: endpointSlice(object)
            case .endpoints: endpoints(object)
            case .pod: pod(object)
            case .namespace: namespace(object)
            case .node: node(object)
            case .ingress: ingress(object)
            }
        if let decoded, !result.isBroken { add(decoded, object) }
        result.isBroken = result.isBroken || wasBroken
    }

    private mutating func add(_ decoded: CatalogObject, _ object: Value) {
        guard let only = result.objects.first else {
            // Nearly every piece has one object.
            firstObjectLine = object.line
            return result.objects.append(decoded)
        }
        if lines.isEmpty { lines[only.key] = firstObjectLine }
        let key = decoded.key
        if let first = lines[key] {
            // Left out, but not broken: what it says is said already.
            let place = "\(source.path):\(first)"
            return report(.error, at: object, "\(key) is written already at \(place), which counts; delete one of them")
        }
        lines[key] = object.line
        result.objects.append(decoded)
    }
}

// MARK: Lists

extension ObjectDecoder {
    /// What a list says about its elements.
    enum ListElements {
        /// `kind: List`: every element says what it is.
        case any
        /// `kind: ServiceList`: its elements need not say so.
        case known(ObjectKind)
        /// A list of what a catalog does not hold.
        case foreign(String)
    }

    /// Nil if the value is no list.
    static func listElements(of value: Value) -> ListElements? {
        guard let kind = value["kind"]?.string, kind.hasSuffix("List") else { return nil }
        let apiVersion = value["apiVersion"]?.string ?? ""
        if kind == "List", apiVersion == "v1" { return .any }
        let known = kinds.first { kind == "\($0.kind)List" && apiVersion == $0.apiVersion.description }
        return known.map { .known($0.2) } ?? .foreign("\(apiVersion) \(kind)")
    }

    /// Reads an element of a list, or a document.
    mutating func read(_ value: Value, of list: ListElements) {
        guard value.isMapping, value["kind"] == nil else { return read(value) }
        switch list {
        case .any: read(value)
        case .known(let kind):
            if let object = packed(value, as: kind) { add(object, value) } else { read(value, as: kind) }
        case .foreign(let kind): result.ignoredKinds[kind, default: 0] += 1
        }
    }
}

extension Value {
    /// For sentences: "a list".
    var kindText: String {
        switch kind {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .string: "a string"
        case .integer, .float: "a number"
        case .boolean: "a boolean"
        case .null: "nothing"
        }
    }

    /// For sentences: the text in quotes, cut where it is long.
    var quoted: String {
        guard !isMapping, !isSequence else { return kindText }
        let text = text
        return text.utf8.count <= 80 ? "\"\(text)\"" : "\"\(text.prefix(60))…\""
    }
}
