public import DNS

/// What one change of the catalog did to the zones.
public struct ZoneChange: Sendable {
    /// Owner names that got other records or came into being, and those that are gone.
    public var changedNames = 0
    public var removedNames = 0
    /// Services whose names were made anew.
    public var touchedServices: [TouchedKind] = []
    /// The table that answers from now on; nil when no record changed.
    public var table: AnswerTable?

    public var isEmpty: Bool { changedNames == 0 && removedNames == 0 }
}

/// How a touched Service comes to its addresses.
public enum TouchedKind: Sendable {
    case clusterIP
    case headlessWithSelector
    case headlessWithoutSelector
}
