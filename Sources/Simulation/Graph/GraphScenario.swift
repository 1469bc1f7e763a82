// Runs of the graph alone: opaque payload from clients, a committee that stays, the schedule that
// uses coins.
import Consensus
import Cryptography
import Primitives

struct GraphScenario: Scenario {
    let seats: Int
    let clients = 8
    let spares = 0
    let committee: CommitteeView
    private let keys: [SigningKey]
    let settings: ValidatorSettings
    static let genesisTime = Instant(nanoseconds: Nanoseconds.perSecond)

    var faults: Int { committee.faults }

    /// - Parameter seats: 1...128.
    init(seats: Int, seed: UInt64) {
        self.seats = seats
        keys = (0..<seats).map { SigningKey.simulated(seed, $0) }
        let chain = BLAKE3.hash(Array("simulated graph".utf8))
        guard let view = CommitteeView(chain: chain, epoch: 1, keys: keys.map(\.publicKey)) else {
            preconditionFailure("1...128 different keys are a committee")
        }
        committee = view
        var chance = Chance(seed: seed, "graph")
        let known: UInt64? = chance.below(3) == 0 ? nil : UInt64(chance.below(3)) * 3
        settings = ValidatorSettings(
            commits: CommitSettings(leadersPerRound: 2, knownRounds: known, depth: 64))
    }

    func program(of seat: Int) -> GraphProgram {
        let (view, key, settings) = (committee, keys[seat], settings)
        return GraphProgram(committee: view, genesisTime: Self.genesisTime) { recovery in
            Validator(
                committee: view, key: key, settings: settings, genesisTime: Self.genesisTime,
                recovery: recovery)
        }
    }

    mutating func submission(
        of client: Int, number: UInt64, at now: Instant, conflicting: Bool,
        by chance: inout Chance
    ) -> Submission? {
        var writer = ByteWriter()
        writer.write(UInt64(client))
        writer.write(number)
        writer.append(chance.bytes(16))
        return Submission(digest: BLAKE3.hash(writer.bytes), bytes: writer.bytes)
    }

    mutating func changeSeats(by chance: inout Chance) -> Bool { false }

    mutating func acknowledged(_ digest: Digest, of client: Int) {}

    mutating func refused(_ client: Int) {}

    /// A block of the seat with another payload or time: a twin of the one it made.
    func forge(_ bytes: [UInt8], as seat: Int, by chance: inout Chance) -> [UInt8]? {
        guard seat < keys.count, case .block(let block) = try? GraphMessage(decoding: bytes),
            Int(block.header.author.index) == seat
        else { return nil }
        var header = block.header
        switch chance.below(5) {
        case 0: header.time = Instant(nanoseconds: chance.word())
        case 1: header.epoch &+= 1
        case 2: header.parents = chance.shuffled(header.parents)
        case 3 where !header.parents.isEmpty:
            header.parents.remove(at: chance.below(header.parents.count))
        default: break
        }
        let payload: BlockPayload = chance.below(2) == 0 ? [] : [chance.bytes(20)]
        let forged = Block(
            signing: header, payload: payload, chain: committee.chain, with: keys[seat])
        return GraphMessage.block(forged).encoded
    }

    mutating func objection(to fact: Fact, counts: inout CheckCounts) -> String? { nil }

    mutating func finalObjection() -> String? { nil }
}

extension SigningKey {
    /// The key of a simulated machine or client.
    static func simulated(_ seed: UInt64, _ number: Int) -> SigningKey {
        var chance = Chance(seed: seed, "key", number)
        guard let key = SigningKey(seed: chance.bytes(32)) else {
            preconditionFailure("32 bytes are a seed")
        }
        return key
    }
}
