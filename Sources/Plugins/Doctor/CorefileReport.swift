public import LinuxIO
public import SourceText

// Doctor/: what a Corefile that can be read does, and what of it is likely not meant.
//   CorefileReport   the door: from a Corefile and its checked blocks to findings and lines
//   Walk             where each word stands on the way of a query
//   Remarks          what is different from CoreDNS, word by word
//   BlockLines       one server block, line by line
//   Findings         what is wrong inside a block
//   Findings+Blocks  what blocks do to each other: shadows, sockets, circles

/// What `check --config` says besides mistakes.
public struct CorefileReport: Sendable {
    /// Warnings: what works, but hardly as it was meant.
    public let findings: [Diagnostic]
    /// For people: each server block in the order in which a query meets its words.
    public let lines: [String]
}

/// Looks through a Corefile.
///
/// - Parameters:
///   - corefile: as it was parsed, mistakes left out.
///   - blocks: what `compileCorefile` made of it.
///   - ownAddresses: of this machine, to see queries that would come back.
public func examine(_ corefile: Corefile, _ blocks: [ServerBlock], ownAddresses: [IPAddress] = []) -> CorefileReport {
    let groups = corefile.blocks.map { written in
        let places = written.keys.map(\.location)
        return WrittenBlock(written: written, servers: blocks.filter { places.contains($0.location) })
    }
    let findings = groups.flatMap(findings(in:)) + findings(among: blocks, ownAddresses)
    var lines = groups.flatMap { $0.lines }
    if !groups.isEmpty { lines += notes(on: corefile, blocks) }
    return CorefileReport(findings: Set(findings).sorted(), lines: lines)
}

/// Reads a Corefile from the disk, compiles and examines it.
public func examineCorefile(
    path: String, surroundings: CorefileSurroundings = .machine(), ownAddresses: [IPAddress] = []
) -> (blocks: [ServerBlock], diagnostics: [Diagnostic], report: CorefileReport) {
    let text: String
    do throws(CorefileReadError) {
        text = try corefileText(path)
    } catch {
        let (_, diagnostics) = compileCorefile(path: path, surroundings: surroundings)
        return ([], diagnostics, CorefileReport(findings: [], lines: []))
    }
    let (blocks, diagnostics) = compileCorefile(text, file: path, surroundings: surroundings)
    let (corefile, _) = parseCorefile(
        file: path, text: text, environment: surroundings.environment, importing: surroundings.importing)
    let report = examine(corefile, blocks, ownAddresses: ownAddresses)
    // What is left of a Corefile with errors is not what somebody meant.
    guard diagnostics.contains(where: { $0.severity == .error }) else { return (blocks, diagnostics, report) }
    return (blocks, diagnostics, CorefileReport(findings: [], lines: report.lines))
}

/// A server block as it is written, and what was made of it: one server for each port.
struct WrittenBlock {
    let written: Corefile.Block
    let servers: [ServerBlock]

    func directives(_ word: String) -> [Corefile.Directive] { written.directives.filter { $0.name.text == word } }
}

/// What a file as a whole lets happen.
private func notes(on corefile: Corefile, _ blocks: [ServerBlock]) -> [String] {
    let words = Set(corefile.blocks.flatMap(\.directives).map(\.name.text))
    var notes: [String] = []
    if !words.contains("reload") { notes.append("without reload this file is read again on SIGHUP alone") }
    if !words.contains("health") { notes.append("without health there is no /health for a liveness probe") }
    if !words.contains("ready") { notes.append("without ready there is no /ready for a readiness probe") }
    // Over TLS nobody comes back by mistake: certificates would have to fit.
    for block in blocks where block.loop == nil {
        guard let forward = block.forward.first(where: { $0.upstreams.contains { !$0.isTLS } }) else { continue }
        notes.append("\(forward.location): forward without loop does not see queries that come back to this server")
    }
    let zones = Set(blocks.flatMap(\.zones))
    if !zones.isEmpty, !zones.contains(".") {
        notes.append("names outside of \(listed(zones.sorted(), joinedBy: "and")) are REFUSED")
    }
    return notes.isEmpty ? [] : ["notes"] + notes.map { "  " + $0 }
}
