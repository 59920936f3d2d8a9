import ClusterCatalog
import DNS
import Testing

@testable import Zones

/// Who frees a table that is served no more.
struct RetiredTableTests {
    private func web(_ address: String) -> CatalogUpdate {
        CatalogUpdate(change: CatalogChange(adding: [service("shop/web", [address])]))
    }

    /// However long a worker holds an old table: the registry holds it longer, and frees it with a later change.
    @Test func theRegistryFreesTables() async {
        let registry = Registry(settings())
        _ = await registry.apply(web("10.96.0.1"))
        var worker: AnswerTable? = registry.table.value
        weak var old: AnswerTable?
        old = worker
        for number in 2..<6 {
            _ = await registry.apply(web("10.96.0.\(number)"))
            #expect(old != nil)
        }
        #expect(worker?.contains(name("web.shop.svc.cluster.local")) == true)
        worker = nil
        #expect(old != nil)
        _ = await registry.apply(web("10.96.0.6"))
        #expect(old == nil)
    }

    /// Tables that nobody held go at once.
    @Test func nothingPilesUp() async {
        let registry = Registry(settings())
        _ = await registry.apply(web("10.96.0.1"))
        weak var old: AnswerTable?
        old = registry.table.value
        _ = await registry.apply(web("10.96.0.2"))
        #expect(old == nil)
    }
}
