// The floors: every module stands on one, every arrow between modules falls, and ARCHITECTURE.md
// shows the same.
import Foundation
import Testing

@Suite struct FloorTests {
    /// Modules by floor, lowest first. A module imports only modules of lower floors.
    static let floors: [(floor: Int, modules: [String])] = [
        (1, ["BinaryFields", "JSON", "Primitives"]),
        (2, ["Compression", "Cryptography", "Discovery", "ECDSA", "Environment", "ObjectStore"]),
        (3, ["Consensus", "Merkle", "Peers", "Platform", "PVM"]),
        (4, ["Agents", "Ligerito", "Linker", "Network", "Records", "Storage"]),
        (5, ["ExecutionProof", "Telemetry"]),
        (6, ["Ledger", "Prover"]),
        (7, ["Credentials", "Orchestrator", "Replica"]),
        (8, ["Node", "Simulation"]),
        (9, ["Gateway"]),
        (10, ["Bench"]),
        (11, ["Command"]),
    ]

    /// Libraries outside the package, and the modules that may import them.
    static let rooms: [String: Set<String>] = [
        "CBinaryFields": ["BinaryFields"], "CBLAKE3": ["Cryptography"],
        "CEd25519": ["Cryptography"], "CSHA256": ["Cryptography"], "CSodium": ["Cryptography"],
        "CZstd": ["Compression"], "CZlib": ["Compression"], "CCurl": ["ObjectStore"],
        "CCrypto": ["ECDSA"], "CDotProduct": ["Discovery"], "CRecordRows": ["Records"],
        "CRocksDB": ["Storage"], "CSystem": ["Platform"],
        "Glibc": ["Platform", "Gateway", "Command", "Bench", "ObjectStore"],
        "Dispatch": ["Platform", "Prover", "Gateway", "Command", "Bench"],
        "Foundation": ["Platform", "Gateway", "Command", "Bench"],
        "Synchronization": [
            "Cryptography", "Storage", "Platform", "Network", "Gateway", "Command", "Bench",
        ],
    ]

    private var floorOf: [String: Int] {
        var table: [String: Int] = [:]
        for (floor, modules) in Self.floors {
            for module in modules { table[module] = floor }
        }
        return table
    }

    @Test func everyModuleHasAFloor() {
        #expect(Set(Tree.modules) == Set(floorOf.keys))
    }

    @Test(arguments: Tree.modules) func everyArrowFalls(module: String) throws {
        let floor = try #require(floorOf[module])
        for name in Tree.imports(of: module) {
            if let allowed = Self.rooms[name] {
                #expect(allowed.contains(module), "\(module) may not import \(name)")
            } else {
                let other = try #require(floorOf[name], "\(module) imports the unknown \(name)")
                #expect(other < floor, "\(module) (\(floor)) imports \(name) (\(other))")
            }
        }
    }

    @Test(arguments: Tree.modules) func importsAreDeclaredAndDeclarationsUsed(module: String) {
        let system: Set = ["Glibc", "Dispatch", "Foundation", "Synchronization"]
        let imported = Tree.imports(of: module).subtracting(system)
        let declared = Set(Tree.dependencies(of: module))
        #expect(imported.subtracting(declared) == [], "\(module) imports what it does not declare")
        #expect(declared.subtracting(imported) == [], "\(module) declares what it does not import")
    }

    /// The map as text, highest floor first: floor, module, lines, and what it imports.
    static var map: String {
        var rows: [String] = []
        for (floor, modules) in floors.reversed() {
            for module in modules {
                let below = Tree.dependencies(of: module).filter { rooms[$0] == nil }.sorted()
                let number = String(repeating: " ", count: floor < 10 ? 1 : 0) + "\(floor)"
                let width = max(14, module.count + 1)
                let name = module.padding(toLength: width, withPad: " ", startingAt: 0)
                rows.append("\(number)  \(name)\(below.joined(separator: " "))")
            }
        }
        return rows.map { String($0.reversed().drop { $0 == " " }.reversed()) }
            .joined(separator: "\n")
    }

    @Test func architectureShowsTheFloors() throws {
        let page = try #require(Tree.read("ARCHITECTURE.md")).text
        #expect(page.contains(Self.map), "ARCHITECTURE.md should hold:\n\(Self.map)")
    }
}
