public import ClusterCatalog
public import DNS
import LinuxIO

/// The zones of one catalog: applies changes, record by record, and compiles tables.
///
/// Holds the catalog and nothing that can be made from it: what a name had before a change is made again from the
/// catalog before the change, for the names that the change touches alone.
public final class ClusterZones {
    public let settings: ClusterSettings
    public private(set) var catalog = Catalog()
    public private(set) var table: AnswerTable
    public private(set) var serials: [Serial]
    var reverse = ReverseIndex()
    var reverseTree = NameTree()
    var podCounts: [PodClaim: Int] = [:]
    private(set) var exposed: Set<String> = []
    var hosts: [Name: OwnerRecords] = [:]
    var apexes: [Name: OwnerRecords] = [:]

    struct PodClaim: Hashable {
        var namespace: String
        var address: IPAddress
    }

    /// Zones that know nothing yet and say so: every name gets SERVFAIL until the first `apply`.
    public init(_ settings: ClusterSettings, firstSerial: UInt32 = 1) {
        self.settings = settings
        serials = Array(repeating: Serial(rawValue: firstSerial), count: settings.hostZone + 1)
        table = AnswerTable(emptyWith: settings.zones(serials: serials, isReady: false))
    }

    var isFirst: Bool { table.nameCount == 0 }

    /// Makes one change of the catalog one new table; all names of it appear in the same instant.
    public func apply(_ change: CatalogChange) -> ZoneChange {
        let wasFirst = isFirst
        let change = filtered(change)
        var pass = ZonePass(changing: table, zoneCount: serials.count)
        let namespaces = Set(
            change.updates.lazy.map { $0.key.kind == .namespace ? $0.key.name.name : $0.key.name.namespace })

        // A first load touches what it brings, and nothing has names before it.
        let touched = wasFirst ? [] : servicesTouched(by: change)
        let before = views(of: touched)
        let podsBefore = podClaims(in: change)
        catalog.apply(change)
        let exposedBefore = exposed
        updateExposure(of: namespaces)
        var shared: Set<IPAddress> = []
        var kinds: [TouchedKind] = []
        // One Service at a time, so that a first load does not hold the views of all.
        for (name, object) in wasFirst ? change.services : inOrder(touched, of: change) {
            let service = TouchedService(name: name, object: object, before: before[name], after: view(of: object))
            if !wasFirst, let kind = service.kind { kinds.append(kind) }
            replaceForward(service, in: &pass)
            replaceReverse(service, sharing: &shared, in: &pass)
        }
        replaceShared(shared, in: &pass)
        replaceNamespaces(namespaces, before: exposedBefore, in: &pass)
        replacePods(before: podsBefore, namespaces, exposedBefore, in: &pass)
        replaceHosts(change, touched, in: &pass)
        replaceApexes(in: &pass)
        var result = finish(pass, wasFirst: wasFirst)
        result.touchedServices = kinds
        return result
    }

    /// The Services that the change touches, in its order, in which their objects lie in memory; then the others.
    private func inOrder(_ touched: Set<ObjectName>, of change: CatalogChange) -> [(ObjectName, CatalogObject?)] {
        let changed = change.services
        return changed + touched.subtracting(changed.map(\.0)).map { ($0, catalog.services.packed($0)) }
    }

    private func finish(_ pass: consuming ZonePass, wasFirst: Bool) -> ZoneChange {
        var result = ZoneChange(changedNames: pass.changedNames, removedNames: pass.removedNames)
        guard !result.isEmpty else { return result }
        // A serial moves when, and only when, a record of its zone does; the first load is generation 1.
        if !wasFirst { for zone in serials.indices where pass.hasChanged[zone] { serials[zone] = serials[zone].next } }
        table = pass.compile(zones: settings.zones(serials: serials, isReady: true))
        result.table = table
        return result
    }

    /// What `labels SELECTOR` lets through: an object that does not match is as if it were deleted.
    private func filtered(_ change: CatalogChange) -> CatalogChange {
        guard let selector = settings.labels else { return change }
        var filtered = change
        for index in filtered.updates.indices {
            guard let object = filtered.updates[index].object, !selector.matches(object.labels) else { continue }
            switch object.key.kind {
            case .service, .endpointSlice, .pod: filtered.updates[index].object = nil
            case .endpoints, .namespace, .node, .ingress: break
            }
        }
        return filtered
    }

    // MARK: Namespaces

    func isExposed(_ namespace: String) -> Bool {
        guard catalog.namespaceExists(namespace) else { return false }
        if let selector = settings.namespaceLabels {
            let object = catalog.namespaces[ObjectName(namespace: "", name: namespace)]
            return object.map { selector.matches($0.labels) } ?? false
        }
        return settings.namespaces.isEmpty || settings.namespaces.contains(namespace)
    }

    private func updateExposure(of namespaces: Set<String>) {
        for namespace in namespaces {
            if isExposed(namespace) { exposed.insert(namespace) } else { exposed.remove(namespace) }
        }
    }

    /// With `namespace_labels` a Namespace object decides over all Services in it.
    private func servicesTouched(by change: CatalogChange) -> Set<ObjectName> {
        let touched = catalog.servicesTouched(by: change)
        guard settings.namespaceLabels != nil else { return touched }
        let decided = Set(change.updates.lazy.filter { $0.key.kind == .namespace }.map(\.key.name.name))
        return touched.union(decided.flatMap { catalog.services.objects(in: $0).map(\.name) })
    }

    // MARK: Views

    private func views(of services: Set<ObjectName>) -> [ObjectName: ServiceView] {
        var views: [ObjectName: ServiceView] = [:]
        for name in services { views[name] = view(of: name) }
        return views
    }

    /// The Service as DNS sees it; nil when it has no names.
    func view(of name: ObjectName) -> ServiceView? { view(of: catalog.services.packed(name)) }

    private func view(of object: CatalogObject?) -> ServiceView? {
        guard let service = object.flatMap(Service.init), exposed.contains(service.name.namespace) else { return nil }
        return ServiceView(service, in: catalog, settings)
    }

    /// A Service that had no names is written at once; for others what they had is made again and compared.
    private func replaceForward(_ service: TouchedService, in pass: inout ZonePass) {
        for (index, zone) in settings.forwardZones.enumerated() {
            if service.before == nil, let view = service.after, view.kind != .external {
                pass.add(view, in: zone, zone: index, ttl: settings.ttl)
                continue
            }
            let before = service.before?.owners(in: zone, ttl: settings.ttl) ?? []
            let after = service.after?.owners(in: zone, ttl: settings.ttl) ?? []
            pass.replace(before, with: after, zone: index)
        }
    }

    private func replaceNamespaces(_ namespaces: Set<String>, before: Set<String>, in pass: inout ZonePass) {
        for namespace in namespaces
        where !namespace.isEmpty && before.contains(namespace) != exposed.contains(namespace) {
            for (index, zone) in settings.forwardZones.enumerated() {
                let owners = namespaceRecords(namespace, in: zone, settings)
                let isNew = exposed.contains(namespace)
                pass.replace(isNew ? [] : owners, with: isNew ? owners : [], zone: index)
            }
        }
    }
}

/// A Service that a change touches, before and after it; nil where it has no names.
struct TouchedService {
    let name: ObjectName
    /// As it is after the change.
    let object: CatalogObject?
    let before: ServiceView?
    let after: ServiceView?

    /// Nil for a Service whose addresses are not ours to know.
    var kind: TouchedKind? {
        guard let view = after ?? before else { return nil }
        switch view.kind {
        case .clusterIP: return .clusterIP
        case .headless: return view.service.selector.isEmpty ? .headlessWithoutSelector : .headlessWithSelector
        case .external: return nil
        }
    }
}

extension CatalogChange {
    /// The Services that it brings or (nil) takes away.
    fileprivate var services: [(ObjectName, CatalogObject?)] {
        updates.lazy.filter { $0.key.kind == .service }.map { ($0.key.name, $0.object) }
    }
}
