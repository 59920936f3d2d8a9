public import SourceText

/// Where a setting is written, for diagnostics and the log.
///
/// The place is no part of what is set: settings that say the same on other lines are equal, so that forwarders,
/// caches and catalogs, which are found by their settings, go on through a reload that moves their lines. Compare
/// places by themselves where they matter.
@propertyWrapper
public struct WrittenAt: Hashable, Sendable {
    public var wrappedValue: SourceLocation

    public init(wrappedValue: SourceLocation) { self.wrappedValue = wrappedValue }

    public static func == (left: WrittenAt, right: WrittenAt) -> Bool { true }

    public func hash(into hasher: inout Hasher) {}
}
