import DNS
import LinuxIO
import Plugins
import Zones

extension ClusterSettings {
    /// The options of the word `kubernetes`, names in wire form. `compileCorefile` has checked every name.
    init(_ settings: KubernetesSettings, serverAddresses: [IPAddress]) {
        self.init(
            forwardZones: settings.forwardZones.compactMap { Name($0) },
            reverseZones: settings.reverseZones.compactMap { Name($0) }, serverAddresses: serverAddresses)
        ttl = settings.ttl
        pods =
            switch settings.pods {
            case .disabled: .disabled
            case .insecure: .insecure
            case .verified: .verified
            }
        usesPodNames = settings.usesPodNames
        servesEndpoints = settings.servesEndpoints
        ignoresEmptyServices = settings.ignoresEmptyServices
        namespaces = Set(settings.namespaces)
        namespaceLabels = settings.namespaceLabels
        labels = settings.labels
        fallthroughZones = settings.fallthroughZones.compactMap { Name($0) }
    }
}
