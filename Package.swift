// swift-tools-version: 6.2
// The house in one manifest: floors from low to high; a module may depend only on lower floors.
import PackageDescription

/// Kernels are compiled with optimisation even in debug builds: at -O0 they are fifteen times slower.
let kernelFlags: [CSetting] = [.unsafeFlags(["-O3"], .when(configuration: .debug))]

/// The test target of one module.
func tests(_ module: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: module + "Tests", dependencies: dependencies + ["TestSupport"])
}

let package = Package(
    name: "althing",
    products: [
        .executable(name: "althing", targets: ["Command"]),
        .library(name: "Records", targets: ["Records"]),
        .library(name: "DecoderChecks", targets: ["DecoderChecks"]),
    ],
    targets: [
        // System libraries and C kernels: each is imported by one room only.
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium"),
        .systemLibrary(name: "CRocksDB", pkgConfig: "rocksdb"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .target(name: "CBLAKE3", cSettings: kernelFlags),
        .target(name: "CBinaryFields", cSettings: kernelFlags),
        .target(name: "CEd25519", cSettings: kernelFlags),
        .target(name: "CSHA256", cSettings: kernelFlags),
        .target(name: "CRecordRows", cSettings: kernelFlags),
        .target(name: "CDotProduct", cSettings: kernelFlags),
        .target(name: "CSystem"),

        // Floor 1
        .target(name: "Primitives"),
        .target(name: "JSON"),
        .target(name: "BinaryFields", dependencies: ["CBinaryFields"]),

        // Floor 2
        .target(
            name: "Cryptography",
            dependencies: ["Primitives", "CBLAKE3", "CEd25519", "CSHA256", "CSodium"]),
        .target(name: "Compression", dependencies: ["CZstd", "CZlib"]),
        .target(name: "Environment", dependencies: ["Primitives"]),

        .target(name: "Discovery", dependencies: ["Primitives", "CDotProduct"]),
        .target(name: "ObjectStore", dependencies: ["CCurl"]),
        .target(name: "ECDSA", dependencies: ["CCrypto"]),

        // Floor 3
        .target(name: "Merkle", dependencies: ["Primitives", "Cryptography"]),
        .target(name: "Consensus", dependencies: ["Primitives", "Cryptography"]),
        .target(name: "Platform", dependencies: ["Primitives", "Environment", "CSystem"]),
        .target(name: "PVM", dependencies: ["Primitives", "Cryptography"]),
        .target(name: "Peers", dependencies: ["Primitives", "Cryptography", "Compression"]),

        // Floor 4
        .target(
            name: "Network", dependencies: ["Primitives", "Cryptography", "Platform", "Peers"]),
        .target(
            name: "Records",
            dependencies: ["Primitives", "JSON", "Cryptography", "Merkle", "CRecordRows"]),
        .target(name: "Ligerito", dependencies: ["Primitives", "BinaryFields", "Cryptography"]),
        .target(
            name: "Storage",
            dependencies: ["Primitives", "Cryptography", "Compression", "Environment", "CRocksDB"]),
        .target(name: "Agents", dependencies: ["Primitives", "Cryptography", "PVM"]),

        .target(name: "Linker", dependencies: ["Primitives", "PVM"]),

        // Floor 5
        .target(name: "Telemetry", dependencies: ["Primitives", "JSON", "Cryptography"]),

        .target(
            name: "ExecutionProof",
            dependencies: [
                "Primitives", "BinaryFields", "Cryptography", "PVM", "Agents", "Ligerito",
            ]),

        // Floor 6
        .target(
            name: "Ledger",
            dependencies: [
                "Primitives", "Cryptography", "Records", "Agents", "ExecutionProof",
            ]),
        .target(
            name: "Prover",
            dependencies: [
                "Primitives", "BinaryFields", "PVM", "Agents", "Ligerito", "ExecutionProof",
            ]),

        // Floor 7
        .target(
            name: "Replica",
            dependencies: [
                "Primitives", "Cryptography", "Consensus", "Merkle", "Records", "Ledger",
            ]),

        .target(
            name: "Orchestrator",
            dependencies: ["Primitives", "Cryptography", "Discovery", "Ledger"]),

        .target(
            name: "Credentials",
            dependencies: ["Primitives", "JSON", "Cryptography", "ECDSA", "Ledger"]),

        // Floor 8
        .target(
            name: "Simulation",
            dependencies: [
                "Primitives", "Cryptography", "Environment", "Consensus", "Merkle", "Records",
                "Storage", "PVM", "Agents", "Ledger", "Replica",
            ]),

        // Floor 9
        .target(
            name: "Node",
            dependencies: [
                "Primitives", "Cryptography", "Environment", "Consensus", "Merkle", "Records",
                "Storage", "Ledger", "Replica",
            ]),

        // Floor 10
        .target(
            name: "Gateway",
            dependencies: [
                "Primitives", "JSON", "Cryptography", "Compression", "Environment", "Platform",
                "Merkle", "Peers", "Network", "Records", "Agents", "Telemetry", "Ledger",
                "Replica", "Storage", "Node", "Discovery", "ExecutionProof", "Prover",
            ],
            resources: [.copy("Dashboard")]),

        .target(
            name: "Bench",
            dependencies: [
                "Primitives", "JSON", "Cryptography", "Consensus", "Platform", "Merkle",
                "Records", "Storage", "Ledger", "Replica", "Node", "Gateway", "PVM", "Agents",
                "BinaryFields", "Ligerito", "ExecutionProof", "Prover", "Discovery",
                "Orchestrator",
            ]),

        // Floor 11
        .executableTarget(
            name: "Command",
            dependencies: [
                "Primitives", "JSON", "Cryptography", "Environment", "Platform", "Peers",
                "Network", "Records", "Telemetry", "Ledger", "Replica", "Storage", "Node",
                "Gateway", "Bench", "PVM", "Agents", "Linker", "ExecutionProof", "Prover",
                "Simulation", "Discovery", "Orchestrator", "ObjectStore", "ECDSA", "Credentials",
            ],
            resources: [.copy("Samples")]),

        // Tests mirror the sources; what several of them share is in TestSupport.
        .target(
            name: "TestSupport", dependencies: ["Primitives", "Environment"], path: "Tests/TestSupport"),
        .target(
            name: "Reference", dependencies: ["Primitives", "Cryptography", "Consensus"],
            path: "Tests/Reference"),
        .target(
            name: "DecoderChecks",
            dependencies: [
                "Primitives", "JSON", "Cryptography", "Compression", "Platform", "Merkle",
                "Peers", "Records", "Telemetry", "Consensus", "Ledger", "Replica", "PVM",
                "Linker", "Agents", "BinaryFields", "Ligerito", "ExecutionProof", "Prover",
                "Discovery", "Orchestrator", "ECDSA", "Credentials", "Storage",
            ],
            path: "Tests/DecoderChecks"),
        .testTarget(name: "TidyTests"),
        tests("DecoderChecks", ["Primitives", "DecoderChecks"]),
        tests("Primitives", ["Primitives"]),
        tests("JSON", ["JSON"]),
        tests("BinaryFields", ["Primitives", "BinaryFields", "CBinaryFields"]),
        tests("Cryptography", ["Primitives", "Cryptography", "CBLAKE3", "CEd25519", "CSHA256"]),
        tests(
            "Prover",
            ["Primitives", "JSON", "BinaryFields", "PVM", "Ligerito", "ExecutionProof", "Prover"]),
        tests("Ligerito", ["Primitives", "BinaryFields", "Cryptography", "Ligerito", "Prover"]),
        tests("ECDSA", ["Primitives", "ECDSA"]),
        tests(
            "Credentials",
            ["Primitives", "JSON", "Cryptography", "ECDSA", "Ledger", "Credentials"]),
        tests("Compression", ["Primitives", "Compression"]),
        tests("Discovery", ["Primitives", "JSON", "Discovery", "CDotProduct"]),
        tests("Merkle", ["Primitives", "Cryptography", "Merkle"]),
        tests("Consensus", ["Primitives", "Cryptography", "Consensus", "Reference"]),
        tests("PVM", ["Primitives", "PVM"]),
        tests("ExecutionProof", ["Primitives", "JSON", "PVM", "Agents", "ExecutionProof"]),
        tests("Agents", ["Primitives", "Cryptography", "PVM", "Agents"]),
        tests("Linker", ["Primitives", "PVM", "Linker"]),
        tests("Peers", ["Primitives", "Cryptography", "Peers"]),
        tests("Network", ["Primitives", "Cryptography", "Platform", "Peers", "Network"]),
        tests("Platform", ["Primitives", "Environment", "Platform"]),
        tests("Records", ["Primitives", "JSON", "Cryptography", "Merkle", "Records"]),
        tests(
            "Storage",
            ["Primitives", "Compression", "Cryptography", "Environment", "Platform", "Storage"]),
        tests("Telemetry", ["Primitives", "JSON", "Cryptography", "Telemetry"]),
        tests(
            "Node",
            [
                "Primitives", "Cryptography", "Environment", "Platform", "Merkle", "Records",
                "Storage", "Ledger", "Replica", "Node",
            ]),
        tests(
            "Simulation",
            [
                "Primitives", "Cryptography", "Environment", "Consensus", "Storage", "Records",
                "Agents", "Ledger", "Replica", "Reference", "Simulation",
            ]),
        tests(
            "Orchestrator",
            [
                "Primitives", "JSON", "Cryptography", "PVM", "Agents", "Records", "Discovery",
                "Ledger", "Orchestrator",
            ]),
        tests(
            "Replica",
            [
                "Primitives", "Cryptography", "Consensus", "Merkle", "Records", "Ledger",
                "Replica",
            ]),
        tests(
            "Ledger",
            [
                "Primitives", "Cryptography", "Merkle", "PVM", "Records", "Agents",
                "ExecutionProof", "Prover", "Ledger",
            ]),
        tests(
            "Gateway",
            [
                "Primitives", "JSON", "Cryptography", "Compression", "Environment", "Platform",
                "Merkle", "Peers", "Network", "Records", "Agents", "PVM", "Telemetry", "Ledger",
                "Replica", "Storage", "Node", "Gateway",
            ]),
        tests(
            "Command",
            [
                "Primitives", "JSON", "Cryptography", "Platform", "Records", "Telemetry",
                "Ledger", "PVM", "Agents", "Linker", "Gateway", "Orchestrator", "Command",
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu17
)
