/// Words that objects repeat, by number: an octet stands for each (as HPACK's static table does, RFC 7541 appendix A).
///
/// They are compiled in, so that nothing is shared between objects that would have to be counted or cleaned up.
enum WellKnownWords {
    /// At most 64. What is missing here is written out.
    static let all: [String] = [
        "", "http", "https", "metrics", "grpc", "web", "tcp", "udp", "dns", "dns-tcp", "health", "admin", "api",
        "app", "k8s-app", "component", "tier", "version", "release", "chart", "heritage", "name", "role",
        "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/part-of",
        "app.kubernetes.io/component", "app.kubernetes.io/version", "app.kubernetes.io/managed-by",
        "app.kubernetes.io/created-by", "helm.sh/chart", "kubernetes.io/metadata.name", "kubernetes.io/name",
        "kubernetes.io/cluster-service", "addonmanager.kubernetes.io/mode", "endpointslice.kubernetes.io/managed-by",
        "service.kubernetes.io/headless", "service.kubernetes.io/service-proxy-name", "pod-template-hash",
        "controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    ]

    /// The number of a word, if it is one. Makes no String.
    static func number(of text: UnsafeRawBufferPointer) -> UInt8? { unsafe table.number(of: text) }

    private static let table = WordTable(all)
}

/// Finds a word by its octets: a table of 256 places, which is never freed.
@safe private struct WordTable: @unchecked Sendable {
    private struct Place {
        var offset: UInt16
        var count: UInt8
        var number: UInt8
    }

    private static let placeCount = 256
    /// The number of a place that is empty.
    private static let none = UInt8.max

    private let places: UnsafeMutablePointer<Place>
    private let octets: UnsafeMutableRawBufferPointer

    init(_ words: [String]) {
        unsafe places = .allocate(capacity: Self.placeCount)
        unsafe places.initialize(repeating: Place(offset: 0, count: 0, number: Self.none), count: Self.placeCount)
        let all = Array(words.joined().utf8)
        unsafe octets = .allocate(byteCount: all.count, alignment: 8)
        unsafe octets.copyBytes(from: all)
        var offset = 0
        for (number, word) in words.enumerated() {
            let count = word.utf8.count
            var place = unsafe home(of: UnsafeRawBufferPointer(rebasing: octets[offset..<offset + count]))
            while unsafe places[place].number != Self.none { place = (place + 1) % Self.placeCount }
            unsafe places[place] = Place(offset: UInt16(offset), count: UInt8(count), number: UInt8(number))
            offset += count
        }
    }

    func number(of text: UnsafeRawBufferPointer) -> UInt8? {
        var place = unsafe home(of: text)
        while true {
            let found = unsafe places[place]
            if found.number == Self.none { return nil }
            if Int(found.count) == text.count, unsafe isEqual(text, found) { return found.number }
            place = (place + 1) % Self.placeCount
        }
    }

    private func isEqual(_ text: UnsafeRawBufferPointer, _ place: Place) -> Bool {
        let start = Int(place.offset)
        for index in 0..<text.count where unsafe text[index] != octets[start + index] { return false }
        return true
    }

    /// Length and three octets tell most words apart.
    private func home(of text: UnsafeRawBufferPointer) -> Int {
        guard let first = unsafe text.first, let last = unsafe text.last else { return 0 }
        let middle = unsafe text[text.count / 2]
        return (text.count &* 37 &+ Int(first) &* 5 &+ Int(last) &* 17 &+ Int(middle) &* 59) % Self.placeCount
    }
}
