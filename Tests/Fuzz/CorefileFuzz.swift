import SourceText

/// Any bytes as a Corefile. Every import brings in the same text again, so that recursion and doubling are tried too.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCorefile(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let (corefile, diagnostics) = parseCorefile(
        file: "Corefile", text: text,
        environment: { $0.hasPrefix("N") ? nil : $0 },
        importing: { pattern, importer in
            // Three imports deep is enough to find what goes wrong in a hundred.
            pattern.hasPrefix("n")
                ? [] : [CorefileImport(file: importer + "x", text: importer.hasSuffix("xxx") ? "" : text)]
        })
    precondition(corefile.blocks.allSatisfy { !$0.keys.isEmpty }, "a server block without keys")
    let places = corefile.blocks.flatMap(\.keys).map(\.location) + diagnostics.map(\.location)
    precondition(places.allSatisfy { $0.line > 0 && $0.column > 0 }, "a place before the text")
    return 0
}
