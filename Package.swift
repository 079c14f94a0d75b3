// swift-tools-version: 6.2
import PackageDescription

/// Targets import from left to right only (`Scripts/check-imports` enforces it):
///
///     CLAPACK <- LinearAlgebra <- Statistics <- Information <- Studies <- Reports <- emi
///                                    ^- Attribution, Bottleneck <-|
///                                    ^- Calibration
///                      ^--------- TextFeatures <-----------------|           |
///     CSpectra <-|
///     CZip, CCrypto <- EmbeddingFiles <--------------------------+           |
///     CReportAssets <--------------------------------------------------------+
let safe: [SwiftSetting] = [.strictMemorySafety()]

let package = Package(
    name: "emi",
    products: [
        .executable(name: "emi", targets: ["emi"]),
        .library(name: "EMIKit", targets: ["EMIKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CLAPACK", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Embedded so that the installed binary needs no resource bundle.
        .target(
            name: "CReportAssets",
            exclude: [
                "LICENSES.md", "attribution.js", "bottleneck.js", "calibration.js", "comparison.js", "page.js", "report.css", "report.js",
                "vega.js",
            ]),

        // Loops over many small matrices at once, one a SIMD lane, which Swift cannot compile for several processors in one binary.
        .target(name: "CSpectra"),

        .target(
            name: "LinearAlgebra",
            dependencies: ["CLAPACK", "CSpectra", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: safe),
        .target(
            name: "Statistics",
            dependencies: ["LinearAlgebra", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: safe),
        .target(
            name: "Information",
            dependencies: ["LinearAlgebra", "Statistics", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: safe),
        .target(
            name: "Bottleneck",
            dependencies: ["LinearAlgebra", "Statistics", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: safe),
        .target(
            name: "Calibration",
            dependencies: ["LinearAlgebra", "Statistics", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: safe),
        .target(
            name: "Attribution",
            dependencies: ["LinearAlgebra", "Statistics", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: safe),
        .target(name: "TextFeatures", dependencies: ["LinearAlgebra"], swiftSettings: safe),
        .target(name: "EmbeddingFiles", dependencies: ["CCrypto", "CZip", "LinearAlgebra"]),
        .target(
            name: "Studies",
            dependencies: [
                "Attribution", "Bottleneck", "Calibration", "Information", "TextFeatures", "EmbeddingFiles",
                .product(name: "Yams", package: "Yams"),
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            swiftSettings: safe),
        .target(
            name: "Reports", dependencies: ["CReportAssets", "Studies"],
            resources: [
                .embedInCode("Schemas/attribute.schema.json"), .embedInCode("Schemas/bottleneck.schema.json"),
                .embedInCode("Schemas/calibrate.schema.json"), .embedInCode("Schemas/check.schema.json"),
                .embedInCode("Schemas/compare.schema.json"),
                .embedInCode("Schemas/logprobs.schema.json"), .embedInCode("Schemas/report.schema.json"),
                .embedInCode("Wording/Warnings.md"),
            ],
            swiftSettings: safe),
        // What a Swift program imports; see the article UsingTheLibrary.
        .target(name: "EMIKit", dependencies: ["Information", "Reports", "Studies"], swiftSettings: safe),
        .executableTarget(
            name: "emi",
            dependencies: ["Reports", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: safe),

        .executableTarget(
            name: "emi-benchmark",
            dependencies: ["CLAPACK", "Calibration", "Information", .product(name: "Benchmark", package: "swift-benchmark")],
            swiftSettings: safe),

        .executableTarget(
            name: "emi-simulation",
            dependencies: ["Attribution", "Calibration", "Studies", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: safe),

        .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
        .testTarget(name: "CalibrationTests", dependencies: ["Calibration"]),
        // Its golden files of the shared folder are .npz.
        .testTarget(
            name: "InformationTests", dependencies: ["EmbeddingFiles", "Information"], exclude: ["Golden"]),
        .testTarget(name: "BottleneckTests", dependencies: ["Bottleneck", "EmbeddingFiles"]),
        .testTarget(
            name: "AttributionTests",
            dependencies: ["Attribution", "EmbeddingFiles", .product(name: "RealModule", package: "swift-numerics")]),
        .testTarget(name: "TextFeaturesTests", dependencies: ["TextFeatures"], exclude: ["Golden"]),
        .testTarget(name: "EmbeddingFilesTests", dependencies: ["EmbeddingFiles"]),
        .testTarget(name: "StudiesTests", dependencies: ["Studies"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports"]),
        .testTarget(name: "EMIKitTests", dependencies: ["EMIKit"]),
        .testTarget(name: "CommandTests", dependencies: ["emi"]),
        .testTarget(name: "SimulationTests", dependencies: ["emi-simulation"]),
    ],
    swiftLanguageModes: [.v6]
)

// `Scripts/fuzz` builds these; no other build sees them. They reach into the targets under test, so it builds with -enable-testing.
if Context.environment["EMI_FUZZ"] != nil {
    package.targets += [
        .executableTarget(name: "emi-fuzz-files", dependencies: ["EmbeddingFiles"]),
        .executableTarget(name: "emi-fuzz-texts", dependencies: ["Reports"]),
    ]
}
