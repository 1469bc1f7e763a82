// swift-tools-version: 6.2
// The fuzzer: libFuzzer around the decoder checks of the tests; `Fuzzing/run` builds and runs it.
import PackageDescription

let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "althing", path: "..")],
    targets: [
        // lld: gold crashes on the sections of libFuzzer.
        .executableTarget(
            name: "Fuzz",
            dependencies: [.product(name: "DecoderChecks", package: "althing")],
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
    ],
    swiftLanguageModes: [.v6]
)
