import Testing

@testable import ClusterCatalog

/// The tables of names beside what a dictionary does.
@Suite struct NameTableTests {
    private func object(_ name: String, _ service: String = "web") -> CatalogObject {
        .endpointSlice(
            EndpointSlice(name: ObjectName(namespace: "shop", name: name), origin: nowhere, service: service))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func asADictionary(seed: UInt64) {
        var random = PropertyTests.Random(seed: seed)
        var table = NameTable<OwnName>()
        var model: [String: CatalogObject] = [:]
        for step in 0..<600 {
            let name = "n\(Int.random(in: 0..<80, using: &random))"
            // First it grows, then it shrinks.
            if Int.random(in: 0..<4, using: &random) < (step < 300 ? 3 : 1) {
                let new = object(name, "s\(step)")
                #expect(table.replace(named: name, with: new) == model.updateValue(new, forKey: name))
            } else {
                #expect(table.remove(named: name) == model.removeValue(forKey: name))
            }
            #expect(table.count == model.count && table.isEmpty == model.isEmpty)
            #expect(table.first(named: name) == model[name])
        }
        for number in 0..<80 { #expect(table.first(named: "n\(number)") == model["n\(number)"]) }
        #expect(Set(table.objects.map(\.key)) == Set(model.values.map(\.key)))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func severalOfOneName(seed: UInt64) {
        var random = PropertyTests.Random(seed: seed)
        var index = ObjectIndex<ServiceName>()
        var model: [String: Set<String>] = [:]
        for _ in 0..<400 {
            let (slice, service) = (Int.random(in: 0..<30, using: &random), Int.random(in: 0..<8, using: &random))
            let key = ObjectName(namespace: "shop", name: "s\(service)")
            if model[key.name]?.contains("n\(slice)") == true {
                let old = index.remove(key) { OwnName.isName("n\(slice)", of: $0) }
                #expect(old?.key.name.name == "n\(slice)" && old?.serviceName == key)
                model[key.name]?.remove("n\(slice)")
            } else {
                #expect(index.remove(key) { OwnName.isName("n\(slice)", of: $0) } == nil)
                index.insert(object("n\(slice)", key.name), key)
                model[key.name, default: []].insert("n\(slice)")
            }
            for service in 0..<8 {
                let found = index.all(ObjectName(namespace: "shop", name: "s\(service)")).map(\.key.name.name)
                #expect(Set(found) == model["s\(service)", default: []] && found.count == Set(found).count)
            }
        }
    }
}
