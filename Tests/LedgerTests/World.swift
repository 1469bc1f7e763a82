// A small ledger for tests: two owners, three agents, one submitter with one batch accepted.
import Cryptography
import Primitives
import Records
import TestSupport

@testable import Ledger

enum TestKey {
    /// The signing key whose seed is `number`, repeated.
    static func key(_ number: UInt8) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: number, count: 32)) else {
            preconditionFailure("a seed of 32 bytes makes a key")
        }
        return key
    }

    static let ada = key(1)
    static let bo = key(2)
    static let submitter = key(3)
    static let stranger = key(9)
}

/// What most tests start from.
enum World {
    static let chain = Digest(repeating: 0xC1)
    static let time = Instant(nanoseconds: 1_700_000_000_000_000_000)
    static let ada = OwnerID(firstKey: TestKey.ada.publicKey)
    static let bo = OwnerID(firstKey: TestKey.bo.publicKey)
    static let submitter = SubmitterID(key: TestKey.submitter.publicKey)
    /// Ada's: in force, suspended, retired; then one of Bo, who let nobody in.
    static let scout = AgentID(owner: ada, name: "scout")
    static let idle = AgentID(owner: ada, name: "idle")
    static let gone = AgentID(owner: ada, name: "gone")
    static let other = AgentID(owner: bo, name: "scout")
    static let unknown = AgentID(repeating: 0xEE)

    /// Every key that has an entry in `state()`.
    static let keys: [StateKey] = [
        .owner(ada), .owner(bo), .agent(scout), .agent(idle), .agent(gone), .agent(other),
        .signer(TestKey.ada.publicKey), .signer(TestKey.bo.publicKey), .submitter(submitter),
        .grant(ada, submitter), .usage(scout),
    ]

    /// The operations that make the world, in order.
    static func operations() -> [SignedOperation] {
        let submitter = TestKey.submitter.publicKey
        let ada: [Command] = [
            .owner(.register(name: "Ada")),
            .owner(.authorize(submitter: submitter, rights: .registerAgents)),
            .agent(.register(name: "scout", profile: AgentProfile(version: "1.0"))),
            .agent(.register(name: "idle", profile: AgentProfile())),
            .agent(.register(name: "gone", profile: AgentProfile())),
            .agent(.setStatus(idle, .suspended)), .agent(.setStatus(gone, .retired)),
        ]
        let bo: [Command] = [
            .owner(.register(name: "Bo")),
            .agent(.register(name: "scout", profile: AgentProfile())),
        ]
        return signed(ada, by: TestKey.ada) + signed(bo, by: TestKey.bo)
    }

    private static func signed(_ commands: [Command], by key: SigningKey) -> [SignedOperation] {
        commands.enumerated().map { index, command in
            SignedOperation(
                chain: chain, owner: OwnerID(firstKey: key.publicKey),
                sequence: UInt64(index + 1), command: command, key: key)
        }
    }

    /// The world, with no changes left to take.
    static func state(_ settings: ChainSettings = .standard) throws -> LedgerState {
        let first = EpochCommittee(epoch: 0, start: Instant(nanoseconds: 0), members: [])
        var state = LedgerState(chain: chain, first: first, settings: settings)
        for operation in operations() { _ = try Ledger.apply(operation, at: time, to: &state) }
        var submission = Submission(state: state)
        submission.header.sequence = 1
        submission.header.previous = Digest()
        _ = try submission.run()
        state = submission.state
        _ = state.takeChanges()
        return state
    }

    /// The encodings of the world's entries, in the order of `keys`.
    static func entries(of state: LedgerState) -> [[UInt8]?] {
        keys.map { state.encodedEntry($0) }
    }
}

/// An operation before it is signed, every part of which a test may change.
struct Request {
    var state: LedgerState
    var chain = World.chain
    var key = TestKey.ada
    var owner = World.ada
    /// Added to the sequence that the ledger expects.
    var sequenceOffset: UInt64 = 0
    var spoilsSignature = false
    var time = World.time
    var command: Command

    init(_ command: Command) throws { self.init(command, state: try World.state()) }

    init(_ command: Command, state: LedgerState) {
        self.state = state
        self.command = command
    }

    var operation: SignedOperation {
        let sequence = state.lastSequence(of: key.publicKey) + 1 + sequenceOffset
        var operation = SignedOperation(
            chain: chain, owner: owner, sequence: sequence, command: command, key: key)
        if spoilsSignature { operation.signature = Signature() }
        return operation
    }

    mutating func run() throws(LedgerFailure) -> Effect {
        try Ledger.apply(operation, at: time, to: &state)
    }

    /// A proof of `key` for `owner`, as `addKey` and its like want it.
    static func proof(
        _ key: SigningKey, owner: OwnerID = World.ada, for purpose: KeyProof.Purpose = .owner
    ) -> Signature {
        key.sign(KeyProof.message(for: purpose, chain: World.chain, owner: owner))
    }
}

/// A batch before it is sealed, every part of which a test may change.
struct Submission {
    var state: LedgerState
    var header = BatchHeader()
    var key = TestKey.submitter
    var records: [Record]
    var time = World.time

    /// The submitter's next batch: one good record of `World.scout`.
    init(state: LedgerState) {
        self.state = state
        records = [Self.record(World.scout)]
        header.chain = World.chain
        header.submitter = World.submitter
        header.closed = World.time
        guard let submitter = state.submitter(World.submitter) else { return }
        header.sequence = submitter.sequence + 1
        header.previous = submitter.last
    }

    init() throws { self.init(state: try World.state()) }

    static func record(_ agent: AgentID) -> Record {
        var record = Record()
        record.agent = agent
        record.start = World.time
        record.tokens.input = 5
        record.payloadSize = 1_500
        record.gas = 12_000
        return record
    }

    var batch: CheckedBatch {
        var columns = RecordColumns()
        for record in records { columns.append(record, parents: []) }
        return CheckedBatch(sealing: columns, header: header, key: key)
    }

    mutating func run() throws(LedgerFailure) -> Effect {
        try Ledger.apply(batch, at: time, to: &state)
    }
}
