// For every fuzz target of the room DNS (run.sh).

/// Whether counts, names and lengths lead exactly to the end.
func isMessage(_ bytes: ArraySlice<UInt8>) -> Bool {
    func integer(_ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }
    func endOfName(_ start: Int) -> Int {
        var at = start
        var end: Int?
        var length = 1
        while bytes[at] != 0 {
            if bytes[at] >= 0xc0 {
                let target = integer(at) & 0x3fff
                precondition(target >= 12 && target < at, "a pointer from \(at) to \(target)")
                end = end ?? at + 2
                at = target
                continue
            }
            precondition(bytes[at] < 64, "a label of \(bytes[at]) octets")
            length += Int(bytes[at]) + 1
            at += Int(bytes[at]) + 1
        }
        precondition(length <= 255, "a name of \(length) octets")
        return end ?? at + 1
    }
    var at = 12
    for _ in 0..<integer(4) { at = endOfName(at) + 4 }
    for _ in 0..<(integer(6) + integer(8) + integer(10)) {
        let fixed = endOfName(at)
        at = fixed + 10 + integer(fixed + 8)
    }
    return at == bytes.endIndex
}
