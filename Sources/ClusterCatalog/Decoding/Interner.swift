/// Gives equal texts and equal port lists the same memory, while one load lasts.
///
/// Not Sendable: one decoder at a time uses it.
final class Interner {
    private var texts: Set<String> = []
    private var servicePorts: Set<[ServicePort]> = []
    private var endpointPorts: Set<[EndpointPort]> = []

    /// A String of up to 15 bytes lies inline and takes no memory of its own.
    func shared(_ text: String) -> String {
        text.utf8.count <= 15 ? text : texts.insert(text).memberAfterInsert
    }

    func shared(_ ports: [ServicePort]) -> [ServicePort] {
        ports.isEmpty ? [] : servicePorts.insert(ports).memberAfterInsert
    }

    func shared(_ ports: [EndpointPort]) -> [EndpointPort] {
        ports.isEmpty ? [] : endpointPorts.insert(ports).memberAfterInsert
    }
}
