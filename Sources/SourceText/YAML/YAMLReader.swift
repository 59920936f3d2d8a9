internal import CYAML

/// Copies libyaml's events into a tape. One reader reads many runs of text, one after the other.
@safe struct YAMLReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>
    private let tape: UnsafeMutablePointer<Tape>
    /// Nodes that have a name, in the document that is read at the moment.
    private var anchors: [String: Int] = [:]
    /// Line of the file on which the text begins.
    private var firstLine = 1
    private var text = unsafe UnsafeRawBufferPointer(start: nil, count: 0)

    /// What comes next in the text.
    enum Event {
        case streamStart, documentStart, documentEnd, streamEnd
        /// A scalar or an alias.
        case leaf
        case mappingStart, sequenceStart
        case containerEnd
    }

    init(into document: Document) {
        unsafe parser = .allocate(capacity: 1)
        unsafe event = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        unsafe event.initialize(to: yaml_event_t())
        unsafe tape = unsafe document.tape
    }

    deinit {
        unsafe yaml_event_delete(event)
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe event.deallocate()
    }

    /// Begins to read `text`, whose first line is the given line of the file. The bytes must stay until the end.
    mutating func begin(_ text: UnsafeRawBufferPointer, line: Int) throws(DocumentProblem) {
        unsafe yaml_event_delete(event)
        unsafe yaml_parser_delete(parser)
        guard unsafe yaml_parser_initialize(parser) != 0 else {
            throw DocumentProblem(line: line, column: 1, "not enough memory to read YAML")
        }
        firstLine = line
        unsafe self.text = unsafe text
        clear()
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(
            parser, text.baseAddress?.assumingMemoryBound(to: UInt8.self), text.count)
    }

    /// Forgets what is on the tape: a new document begins.
    mutating func clear() {
        unsafe tape.pointee.reset()
        if !anchors.isEmpty { anchors.removeAll(keepingCapacity: anchors.count < 1000) }
    }

    /// Steps to the next event; `write` copies it.
    mutating func next() throws(DocumentProblem) -> Event {
        unsafe yaml_event_delete(event)
        guard unsafe yaml_parser_parse(parser, event) != 0 else {
            throw unsafe YAMLProblem(parser, in: text, firstLine: firstLine).problem
        }
        switch unsafe event.pointee.type {
        case YAML_SCALAR_EVENT, YAML_ALIAS_EVENT: return .leaf
        case YAML_MAPPING_START_EVENT: return .mappingStart
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: return .containerEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        default: return .streamEnd
        }
    }

    /// Where the event stands in the file.
    var place: Tape.Place {
        let mark = unsafe event.pointee.start_mark
        return Tape.Place(line: firstLine + Int(mark.line), column: Int(mark.column) + 1)
    }

    /// Containers that are open on the tape.
    var depth: Int { unsafe tape.pointee.depth }

    /// Copies the event to the tape: a node, or the end of a container.
    mutating func write() throws(DocumentProblem) {
        switch unsafe event.pointee.type {
        case YAML_SCALAR_EVENT:
            try writeScalar()
        case YAML_ALIAS_EVENT:
            try unsafe writeAlias(event.pointee.data.alias.anchor)
        case YAML_MAPPING_START_EVENT:
            unsafe setAnchor(event.pointee.data.mapping_start.anchor)
            try unsafe tape.pointee.open(.mapping, at: place)
        case YAML_SEQUENCE_START_EVENT:
            unsafe setAnchor(event.pointee.data.sequence_start.anchor)
            try unsafe tape.pointee.open(.sequence, at: place)
        default:
            try unsafe tape.pointee.close()
        }
    }

    private mutating func writeScalar() throws(DocumentProblem) {
        let scalar = unsafe event.pointee.data.scalar
        if unsafe scalar.anchor != nil { unsafe setAnchor(scalar.anchor) }
        let bytes = unsafe UnsafeRawBufferPointer(start: scalar.value, count: scalar.length)
        var kind = unsafe Self.kind(of: scalar)
        if unsafe kind == .plain && bytes.count == 2 && Bytes.has("<<", at: 0, in: bytes),
            unsafe tape.pointee.expectsKey
        {
            kind = .merge
            unsafe tape.pointee.frame.hasMerge = true
        }
        let offset = unsafe tape.pointee.appendText(bytes)
        try unsafe tape.pointee.addScalar(kind, at: place, offset: offset, length: bytes.count)
    }

    /// Quotes and `!!str` make a string. The other tags of YAML's core let the text decide; foreign tags mean nothing.
    private static func kind(of scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) -> NodeKind {
        let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
        guard let tag = unsafe scalar.tag else { return isPlain ? .plain : .string }
        if unsafe isEqual(tag, "tag:yaml.org,2002:str") { return .string }
        let isCore =
            unsafe isEqual(tag, "tag:yaml.org,2002:int") || isEqual(tag, "tag:yaml.org,2002:float")
            || isEqual(tag, "tag:yaml.org,2002:bool") || isEqual(tag, "tag:yaml.org,2002:null")
        return isPlain || isCore ? .plain : .string
    }

    private static func isEqual(_ text: UnsafePointer<UInt8>, _ wanted: StaticString) -> Bool {
        for index in 0..<wanted.utf8CodeUnitCount where unsafe text[index] != wanted.utf8Start[index] { return false }
        return unsafe text[wanted.utf8CodeUnitCount] == 0
    }

    /// Names the node that is written next.
    private mutating func setAnchor(_ name: UnsafePointer<UInt8>?) {
        guard let name = unsafe name else { return }
        anchors[unsafe String(cString: name)] = unsafe tape.pointee.nodeCount
    }

    private mutating func writeAlias(_ name: UnsafePointer<UInt8>) throws(DocumentProblem) {
        let name = unsafe String(cString: name)
        guard let target = anchors[name] else {
            throw DocumentProblem(
                line: place.line, column: place.column, "no '&\(name)' comes before '*\(name)' in this document")
        }
        try unsafe tape.pointee.addAlias(of: target, at: place)
    }
}
