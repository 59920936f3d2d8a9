extension Metric {
    private static let catalog = ["catalog"]

    static let catalogReady = Metric(
        "clusterdns_catalog_ready", .gauge, catalog, "1 once the catalog was read completely.")
    static let catalogNames = Metric(
        "clusterdns_catalog_names", .gauge, catalog, "Names that are answered, computed ones not counted.")
    static let catalogGeneration = Metric(
        "clusterdns_catalog_generation", .gauge, catalog, "The highest SOA serial of the catalog's zones.")
    static let catalogStale = Metric(
        "clusterdns_catalog_stale", .gauge, catalog, "1 while part of the input cannot be used.")
    static let catalogStaleTime = Metric(
        "clusterdns_catalog_stale_seconds", .gauge, catalog, "For how long, 0 if all of it can be used.")

    static let catalogMetrics = [catalogReady, catalogNames, catalogGeneration, catalogStale, catalogStaleTime]
}

/// How one catalog stands.
public struct CatalogSamples: MetricSamples {
    /// Its paths as the operator wrote them, joined by commas.
    public var catalog: String
    public var isReady: Bool
    public var nameCount: Int
    public var generation: UInt32
    /// For how long part of the input has been unusable; nil while all of it can be used.
    public var staleFor: Duration?

    public init(catalog: String, isReady: Bool, nameCount: Int, generation: UInt32, staleFor: Duration?) {
        self.catalog = catalog
        self.isReady = isReady
        self.nameCount = nameCount
        self.generation = generation
        self.staleFor = staleFor
    }

    public func add(to families: inout MetricFamilies) {
        families.add(isReady ? 1 : 0, [catalog], to: .catalogReady)
        families.add(UInt64(clamping: nameCount), [catalog], to: .catalogNames)
        families.add(UInt64(generation), [catalog], to: .catalogGeneration)
        families.add(staleFor == nil ? 0 : 1, [catalog], to: .catalogStale)
        families.add(UInt64(clamping: staleFor?.components.seconds ?? 0), [catalog], to: .catalogStaleTime)
    }
}
