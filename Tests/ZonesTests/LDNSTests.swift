import CLDNS
import ClusterCatalog
import DNS
import Testing
import WireMessages

@testable import Zones

/// What we send is read by libldns without complaint, whatever was asked of whatever catalog.
struct LDNSTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func everyAnswerIsReadable(_ seed: UInt64) throws {
        var world = RandomCatalog(random: SplitMix(seed: seed &+ 5000))
        let settings = world.settings()
        let names = Universe.names(settings)
        let zones = ClusterZones(settings)
        var asker = Asker()
        var answerCount = 0
        for _ in 0..<12 {
            _ = zones.apply(world.change())
            for _ in 0..<200 {
                let name = world.random.pick(names)
                let type = world.random.pick(Universe.types)
                guard let bytes = asker.bytes(wireName(name), type.rawValue, zones.table) else { continue }
                let status = unsafe cldns_check_message(bytes, bytes.count)
                #expect(status == 0, "seed \(seed): libldns says \(status) to \(name) \(type)")
                answerCount += 1
            }
        }
        #expect(answerCount > 500)
    }
}
