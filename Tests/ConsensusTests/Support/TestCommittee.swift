// A committee whose keys a test holds, and blocks made with them.
import Cryptography
import Glibc
import Primitives
import TestSupport
import Testing

@testable import Consensus

/// Seats with keys drawn from fixed seeds.
struct TestCommittee: Sendable {
    let view: CommitteeView
    let keys: [SigningKey]

    init(_ count: Int) {
        keys = (0..<count).map { index in
            guard let key = SigningKey(seed: [UInt8](repeating: UInt8(index + 1), count: 32)) else {
                preconditionFailure("32 bytes are a seed")
            }
            return key
        }
        guard let view = CommitteeView(
            chain: Digest(repeating: 7), epoch: 1, keys: keys.map(\.publicKey))
        else { preconditionFailure("the keys differ") }
        self.view = view
    }

    /// A block that keeps the rules where `parents` does: they are put in canonical order.
    func block(
        _ author: Int, _ round: UInt64, _ parents: [BlockReference], payload: BlockPayload = [],
        delay: UInt64 = 0
    ) throws -> CheckedBlock {
        let own = parents.filter { $0.author.index == author }
        let others = parents.filter { $0.author.index != author }.sorted { $0.author < $1.author }
        let header = BlockHeader(
            epoch: 1, round: Round(round), author: Seat(UInt8(author)), parents: own + others,
            at: Instant(nanoseconds: round * 1_000_000 + delay))
        let block = Block(
            signing: header, payload: payload, chain: view.chain, with: keys[author])
        return try CheckedBlock(block, in: view)
    }

    func store() -> BlockStore {
        store(archiveBytes: 1 << 20)
    }

    func store(archiveBytes: Int) -> BlockStore {
        var store = BlockStore(
            committee: view, genesisTime: Instant(nanoseconds: 0), pruned: nil,
            archiveBytes: archiveBytes)
        store.lapses = Ambient.lapses(for: view)
        return store
    }

    func committer(_ settings: CommitSettings) -> Committer {
        Committer(
            settings: settings, rules: Ambient.rules(settings, for: view),
            head: CommitHead(genesisTime: Instant(nanoseconds: 0)), sequenced: [])
    }

    /// Holds a block to the rules.
    func check(_ block: Block) throws(BlockFault) -> CheckedBlock {
        try CheckedBlock(block, in: view, Ambient.lapses(for: view))
    }
}

/// What a simulation comes to.
enum SimulationVerdict: Hashable, CustomStringConvertible {
    case pass
    case noProgress(String)
    case diverged(String)

    var isPass: Bool { self == .pass }
    var isDivergence: Bool { if case .diverged = self { true } else { false } }
    var isStall: Bool { if case .noProgress = self { true } else { false } }

    var description: String {
        switch self {
        case .pass: "pass"
        case .noProgress(let why): "no progress: \(why)"
        case .diverged(let why): "diverged: \(why)"
        }
    }
}

/// Seeds 1...`standard`, or as many as ALTHING_SIMULATION_SEEDS says.
func simulationSeeds(standard: UInt64) -> ClosedRange<UInt64> {
    guard let text = getenv("ALTHING_SIMULATION_SEEDS"),
        let count = UInt64(String(cString: text)), count > 0
    else { return 1...standard }
    return 1...count
}
