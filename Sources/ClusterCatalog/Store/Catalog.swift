/// All objects that we serve, indexed so that one change costs microseconds.
///
/// Owned and changed in place by one owner, the registry of `Zones`; not meant to be copied.
public struct Catalog: Sendable {
    public private(set) var services = ObjectTable<Service>()
    public private(set) var endpointSlices = ObjectTable<EndpointSlice>()
    public private(set) var endpoints = ObjectTable<Endpoints>()
    public private(set) var pods = ObjectTable<Pod>()
    /// Their names have an empty namespace.
    public private(set) var namespaces = ObjectTable<Namespace>()
    /// Their names have an empty namespace.
    public private(set) var nodes = ObjectTable<Node>()
    public private(set) var ingresses = ObjectTable<Ingress>()

    /// The slices of each Service.
    private var slicesOfService = ObjectIndex<ServiceName>()
    /// By namespace the names of the Services whose endpoints are Pods, because nothing else says what their endpoints
    /// are.
    private var servedByPods: [String: Set<String>] = [:]
    /// How many Services and Pods live in each namespace; never 0.
    private var population: [String: Int] = [:]

    public init() {}

    /// Makes the change, in place.
    ///
    /// Services go in last: one that has slices then is not unpacked to learn whether Pods serve it.
    public mutating func apply(_ change: CatalogChange) {
        for (key, object) in change.updates where key.kind != .service { apply(key, object) }
        for (key, object) in change.updates where key.kind == .service { apply(key, object) }
    }

    private mutating func apply(_ key: ObjectKey, _ object: CatalogObject?) {
        switch key.kind {
        case .service:
            let old = services.update(key.name, with: object)
            count(key.name.namespace, was: old != nil, is: object != nil)
            noteWhoServes(key.name, object)
        case .endpointSlice:
            applySlice(key.name, object)
        case .endpoints:
            _ = endpoints.update(key.name, with: object)
            noteWhoServes(key.name, services.packed(key.name))
        case .pod:
            let old = pods.update(key.name, with: object)
            count(key.name.namespace, was: old != nil, is: object != nil)
        case .namespace: _ = namespaces.update(key.name, with: object)
        case .node: _ = nodes.update(key.name, with: object)
        case .ingress: _ = ingresses.update(key.name, with: object)
        }
    }

    private mutating func applySlice(_ name: ObjectName, _ object: CatalogObject?) {
        let new = object?.serviceName
        let old = endpointSlices.update(name, with: object)?.serviceName
        if let old { _ = slicesOfService.remove(old) { OwnName.isName(name.name, of: $0) } }
        if let new, let object { slicesOfService.insert(object, new) }
        guard old != new else { return }
        if let old, !hasSlices(old) { noteWhoServes(old, services.packed(old)) }
        if let new { noteWhoServes(new, nil) }
    }

    private mutating func count(_ namespace: String, was: Bool, is: Bool) {
        guard was != `is` else { return }
        let number = population[namespace, default: 0] + (`is` ? 1 : -1)
        population[namespace] = number == 0 ? nil : number
    }

    /// - Parameter service: nil as well where it has slices, so that there is nothing to look up.
    private mutating func noteWhoServes(_ name: ObjectName, _ object: CatalogObject?) {
        // Asked first: it is the ordinary case, and cheaper than to unpack the Service.
        let service = hasSlices(name) ? nil : object.flatMap(Service.init)
        if let service, isServedByPods(service) {
            servedByPods[name.namespace, default: []].insert(name.name)
        } else if servedByPods[name.namespace]?.remove(name.name) != nil, servedByPods[name.namespace]?.isEmpty == true
        {
            servedByPods[name.namespace] = nil
        }
    }
}

// MARK: Questions

extension Catalog {
    /// The slices that name this Service, sorted by name.
    public func slices(of service: ObjectName) -> [EndpointSlice] {
        let slices = slicesOfService.all(service).compactMap(EndpointSlice.init)
        return slices.count < 2 ? slices : slices.sorted { $0.name.name < $1.name.name }
    }

    public func hasSlices(_ service: ObjectName) -> Bool { slicesOfService[service] != nil }

    /// The Endpoints object with the name of the Service.
    public func endpointsObject(of service: ObjectName) -> Endpoints? { endpoints[service] }

    /// The Pods that the selector of a Service chooses, sorted by name. An empty selector chooses none.
    public func pods(in namespace: String, matching selector: Labels) -> [Pod] {
        guard !selector.isEmpty else { return [] }
        let chosen = pods.packed(in: namespace).lazy.filter { selector.areAll(in: $0.labels) }
        return chosen.compactMap(Pod.init).sorted { $0.name.name < $1.name.name }
    }

    /// Whether an object says so, or any Service or Pod lives in it.
    public func namespaceExists(_ namespace: String) -> Bool {
        population[namespace] != nil || namespaces.contains(ObjectName(namespace: "", name: namespace))
    }

    /// Every namespace that exists.
    public var namespaceNames: Set<String> {
        Set(population.keys).union(namespaces.keys.lazy.map(\.name))
    }

    /// The Services whose answers the change may alter. Meant to be asked before the change is applied and once more
    /// after it; both answers together are complete.
    public func servicesTouched(by change: CatalogChange) -> Set<ObjectName> {
        var touched: Set<ObjectName> = []
        for (key, object) in change.updates { noteServices(touchedBy: key, object, in: &touched) }
        return touched
    }

    private func noteServices(touchedBy key: ObjectKey, _ object: CatalogObject?, in touched: inout Set<ObjectName>) {
        switch key.kind {
        case .service, .endpoints:
            touched.insert(key.name)
        case .endpointSlice:
            if let old = endpointSlices.packed(key.name)?.serviceName { touched.insert(old) }
            if let new = object?.serviceName { touched.insert(new) }
        case .pod:
            let namespace = key.name.namespace
            // Almost always empty where slices exist.
            guard let candidates = servedByPods[namespace] else { return }
            let labels = [pods.packed(key.name)?.labels, object?.labels].compactMap(\.self)
            for candidate in candidates.lazy.map({ ObjectName(namespace: namespace, name: $0) }) {
                guard let selector = services[candidate]?.selector else { continue }
                if labels.contains(where: selector.areAll(in:)) { touched.insert(candidate) }
            }
        case .namespace, .node, .ingress:
            return
        }
    }
}
