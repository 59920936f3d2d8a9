import ClusterCatalog
import DNS
import Testing

@testable import Zones

/// What arrives before the first load is complete is kept aside, and then counts once.
struct WaitingUpdateTests {
    private func update(_ isComplete: Bool, _ objects: CatalogObject...) -> CatalogUpdate {
        CatalogUpdate(change: CatalogChange(adding: objects), isComplete: isComplete)
    }

    @Test func theLastWordOfAServiceCounts() async {
        let registry = Registry(settings())
        let web = service("shop/web", ["10.96.0.1"])
        _ = await registry.apply(update(false, web))
        _ = await registry.apply(update(false, web))
        _ = await registry.apply(update(true, service("shop/web", ["10.96.0.2"])))
        let records = await registry.records().flatMap(\.sets)
        let addresses = records.filter { $0.type == .a && $0.owner == name("web.shop.svc.cluster.local") }
        #expect(addresses.map(\.records) == [[.a(0x0a60_0002)]])
        #expect(await pointerCounts(registry, "2.0.96.10.in-addr.arpa") == [1])
    }

    /// A headless Service that comes twice claims its endpoints' addresses once, and gives them all back.
    @Test func addressesAreClaimedOnce() async {
        let registry = Registry(settings())
        let db = headless("shop/db")
        let endpoints = slice("shop/db", endpoint("10.1.0.5"))
        for isComplete in [false, false, true] { _ = await registry.apply(update(isComplete, db, endpoints)) }
        #expect(await pointerCounts(registry, "5.0.1.10.in-addr.arpa") == [1])
        _ = await registry.apply(CatalogUpdate(change: CatalogChange(updates: [(db.key, nil)])))
        #expect(await pointerCounts(registry, "5.0.1.10.in-addr.arpa") == [])
        _ = await registry.apply(update(true, db))
        #expect(await pointerCounts(registry, "5.0.1.10.in-addr.arpa") == [1])
    }

    private func pointerCounts(_ registry: Registry, _ owner: String) async -> [Int] {
        let sets = await registry.records().flatMap(\.sets)
        return sets.filter { $0.type == .ptr && $0.owner == name(owner) }.map(\.records.count)
    }
}
