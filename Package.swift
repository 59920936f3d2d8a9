// swift-tools-version: 6.2
import PackageDescription

// The floor plan: one line for each room, naming every door. Tests/HouseTests holds the files to it.
let settings: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    // Set by .ci/run: a newer compiler's new warning must not keep a user from building.
    + (Context.environment["CLUSTERDNS_WARNINGS"] == "error" ? [.treatAllWarnings(as: .error)] : [])

func room(_ name: String, _ doors: Target.Dependency...) -> Target {
    .target(name: name, dependencies: doors, swiftSettings: settings)
}

func tests(_ name: String, _ doors: Target.Dependency...) -> Target {
    .testTarget(name: name, dependencies: doors, swiftSettings: settings)
}

func nio(_ module: String) -> Target.Dependency { .product(name: module, package: "swift-nio") }

let tls: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "clusterdns",
    products: [
        .executable(name: "clusterdns", targets: ["clusterdns"]),
        .library(name: "ClusterDNSTestKit", targets: ["ClusterDNSTestKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C doors
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CLDNS", linkerSettings: [.linkedLibrary("ldns")]),
        .target(name: "CLinux"),
        .target(name: "CAllocationCount", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),

        // Rooms
        room("DNS"),
        room("SourceText", "CYAML"),
        room("LinuxIO", "CLinux"),
        room("ClusterCatalog", "SourceText", "LinuxIO"),
        room("Zones", "DNS", "SourceText", "ClusterCatalog", "LinuxIO", "CLDNS"),
        room(
            "Plugins", "DNS", "SourceText", "LinuxIO", "ClusterCatalog", "Zones", nio("NIOCore"), nio("NIOPosix"), tls),
        room(
            "Serving", "DNS", "SourceText", "LinuxIO", "ClusterCatalog", "Zones", "Plugins", nio("NIOCore"),
            nio("NIOPosix"), nio("NIOHTTP1"), lifecycle, logging),
        .executableTarget(
            name: "clusterdns",
            dependencies: [
                "DNS", "SourceText", "LinuxIO", "ClusterCatalog", "Zones", "Plugins", "Serving", arguments, lifecycle,
                signals, logging,
            ],
            swiftSettings: settings),
        room(
            "ClusterDNSTestKit", "DNS", "SourceText", "LinuxIO", "ClusterCatalog", "Zones", "Plugins", "Serving",
            "CAllocationCount", logging),

        // Tests
        .target(name: "WireMessages", path: "Tests/WireMessages", swiftSettings: settings),
        .target(
            name: "ScriptedUpstreams", dependencies: ["WireMessages", nio("NIOCore"), nio("NIOPosix"), tls],
            path: "Tests/ScriptedUpstreams", swiftSettings: settings),
        tests("DNSTests", "DNS", "WireMessages", "CAllocationCount"),
        tests("SourceTextTests", "SourceText"),
        tests("LinuxIOTests", "LinuxIO"),
        tests("ClusterCatalogTests", "ClusterCatalog", "SourceText", "LinuxIO"),
        tests("ZonesTests", "Zones", "DNS", "ClusterCatalog", "SourceText", "LinuxIO", "WireMessages", "CLDNS"),
        tests(
            "PluginsTests", "Plugins", "DNS", "Zones", "ClusterCatalog", "SourceText", "LinuxIO", "WireMessages",
            "ScriptedUpstreams", nio("NIOCore"), nio("NIOPosix"), tls),
        tests(
            "ServingTests", "Serving", "Plugins", "Zones", "DNS", "SourceText", "LinuxIO", nio("NIOCore"),
            nio("NIOPosix"), nio("NIOEmbedded"), nio("NIOHTTP1"), lifecycle, logging),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "ClusterDNSTestKit", "DNS", "SourceText", "LinuxIO", "ClusterCatalog", "Zones", "Plugins", "Serving",
                "WireMessages", "ScriptedUpstreams", logging,
            ],
            exclude: ["Resources"], swiftSettings: settings),
        tests("HouseTests"),
    ]
)
