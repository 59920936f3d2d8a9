/// A zone as the query path needs it: its apex, its SOA with holes for three pointers, and what a miss means.
///
///     SOA record    owner pointer · type class TTL length · "ns" "dns" pointer · "hostmaster" pointer · five numbers
@safe struct ZoneEntry {
    private let storage: UnsafeMutableRawPointer
    let apexByteCount: Int
    let ttl: UInt32
    let isReady: Bool
    let pods: ZoneDescription.Pods
    private let fallthroughCount: Int

    static let soaByteCount = 12 + 7 + 2 + 11 + 2 + 20
    private static let mnamePointerAt = 12 + 7
    private static let rnamePointerAt = 12 + 7 + 2 + 11
    private static let fallthroughAt = 320
    /// A length, a name of up to 255 octets, and what a search reads behind it a word at a time.
    private static let fallthroughStride = 264

    init(_ zone: ZoneDescription) {
        let apex = zone.apex.wire
        // Longer than any name: a zone of hosts has no apex that a name could lie below.
        apexByteCount = zone.isHosts ? 256 : apex.count
        ttl = zone.ttl
        isReady = zone.isReady
        pods = zone.pods
        fallthroughCount = zone.fallthroughZones.count
        let byteCount = Self.fallthroughAt + Self.fallthroughStride * fallthroughCount
        unsafe storage = .allocate(byteCount: byteCount, alignment: 8)
        unsafe storage.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        place(Self.soa(of: zone), at: 0)
        place(apex, at: 64)
        for (index, name) in zone.fallthroughZones.enumerated() {
            place([UInt8(name.wire.count)] + name.wire, at: Self.fallthroughAt + index * Self.fallthroughStride)
        }
    }

    func deallocate() { unsafe storage.deallocate() }

    private func place(_ bytes: [UInt8], at offset: Int) {
        for (index, byte) in bytes.enumerated() {
            unsafe storage.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
        }
    }

    @inline(__always) var apex: TableBytes { unsafe TableBytes(UnsafeRawPointer(storage + 64)) }

    /// Writes the SOA; `apexAt` is where the zone's name stands in the message, so that its spelling is the client's.
    @inline(__always)
    func writeSOA(into message: MessageBytes, at offset: Int, apexAt: Int) {
        message.copy(unsafe TableBytes(UnsafeRawPointer(storage)), byteCount: Self.soaByteCount, to: offset)
        let pointer = UInt16(truncatingIfNeeded: 0xc000 | apexAt)
        message.store16(pointer, at: offset)
        message.store16(pointer, at: offset &+ Self.mnamePointerAt)
        message.store16(pointer, at: offset &+ Self.rnamePointerAt)
    }

    /// Some names that we do not know go on to others.
    @inline(__always) var handsOn: Bool { fallthroughCount > 0 }

    /// Whether the name lies in a zone whose unknown names go on.
    func fallsThrough(_ message: MessageBytes, _ name: NamePlace) -> Bool {
        for index in 0..<fallthroughCount {
            let offset = Self.fallthroughAt + index * Self.fallthroughStride
            let place = unsafe TableBytes(UnsafeRawPointer(storage + offset))
            let length = Int(place.load(at: 0, as: UInt8.self))
            let key = place.advanced(by: 1)
            if suffixStart(of: message, nameAt: name.at, byteCount: name.byteCount, key: key, length) != nil {
                return true
            }
        }
        return false
    }

    private static func soa(of zone: ZoneDescription) -> [UInt8] {
        var bytes: [UInt8] = [0xc0, 0, 0, 6, 0, 1]
        func append32(_ value: UInt32) {
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
        }
        append32(min(zone.ttl, 300))
        bytes += [0, UInt8(soaByteCount - 12), 2] + "ns".utf8 + [3] + "dns".utf8 + [0xc0, 0]
        bytes += [10] + "hostmaster".utf8 + [0xc0, 0]
        for number in [zone.serial.rawValue, 7200, 1800, 86400, zone.ttl] { append32(number) }
        return bytes
    }
}

/// Where `key` (lower case, `length` octets) begins as the last labels of the name at `start`; nil when it does not.
@inline(__always)
func suffixStart(of message: MessageBytes, nameAt start: Int, byteCount: Int, key: TableBytes, _ length: Int) -> Int? {
    let target = start &+ byteCount &- length
    guard target >= start else { return nil }
    // The octets first: most zones differ in the first word, and nobody's labels need be walked.
    var offset = 0
    while length &- offset > 8 {
        guard key.word(at: offset) == folded(message.word(at: target &+ offset)) else { return nil }
        offset &+= 8
    }
    let count = length &- offset
    let mine = NameHash.head(message.word(at: target &+ offset), byteCount: count)
    guard NameHash.head(key.word(at: offset), byteCount: count) == folded(mine) else { return nil }
    var at = start
    while at < target { at &+= Int(message[at]) &+ 1 }
    return at == target ? at : nil
}
