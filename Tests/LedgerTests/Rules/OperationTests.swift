// Signed operations: in order, each once, under their own signature, none used up by a refusal.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct OperationTests {
    private let update = Command.agent(.update(World.scout, profile: AgentProfile()))

    @Test func replayedAndSkippedOperations() throws {
        var request = try Request(.owner(.register(name: "x")))
        let last = request.state.lastSequence(of: TestKey.ada.publicKey)
        #expect(last == 7)
        for sequence in [0, 1, 6, 7, 9, .max] as [UInt64] {
            let operation = SignedOperation(
                chain: World.chain, owner: World.ada, sequence: sequence, command: update,
                key: TestKey.ada)
            let failure = LedgerFailure.wrongSequence(expected: 8, found: sequence)
            #expect(throws: failure) {
                try Ledger.apply(operation, at: World.time, to: &request.state)
            }
        }
        request.command = update
        _ = try request.run()
        #expect(request.state.lastSequence(of: TestKey.ada.publicKey) == 8)
    }

    @Test func sequencesEndAtTheLargest() throws {
        var request = try Request(update)
        let last = [UInt8](repeating: 0xFF, count: 8)
        try request.state.restore(.signer(TestKey.ada.publicKey), from: last)
        for sequence in [0, UInt64.max] {
            let operation = SignedOperation(
                chain: World.chain, owner: World.ada, sequence: sequence, command: update,
                key: TestKey.ada)
            #expect(throws: LedgerFailure.wrongSequence(expected: 0, found: sequence)) {
                try Ledger.apply(operation, at: World.time, to: &request.state)
            }
        }
    }

    @Test func refusalUsesUpNoSequence() throws {
        var request = try Request(.agent(.update(World.unknown, profile: AgentProfile())))
        let before = request.state.lastSequence(of: TestKey.ada.publicKey)
        #expect(outcome(&request) == .failure(.agents(.agentUnknown)))
        #expect(request.state.lastSequence(of: TestKey.ada.publicKey) == before)
    }

    @Test func keysCountByThemselves() throws {
        var request = try Request(.agent(.register(name: "new", profile: AgentProfile())))
        request.key = TestKey.submitter
        _ = try request.run()
        #expect(request.state.lastSequence(of: TestKey.submitter.publicKey) == 1)
        #expect(request.state.lastSequence(of: TestKey.ada.publicKey) == 7)
        #expect(request.state.lastSequence(of: TestKey.stranger.publicKey) == 0)
    }

    /// The signature covers every field.
    @Test func everyFieldIsSigned() throws {
        let request = try Request(update)
        let good = request.operation
        let changes: [(inout SignedOperation) -> Void] = [
            { $0.key = TestKey.bo.publicKey }, { $0.sequence += 1 }, { $0.owner = World.bo },
            { $0.command = .agent(.update(World.idle, profile: AgentProfile())) },
            { $0.signature = Signature(repeating: 1) },
        ]
        for (index, change) in changes.enumerated() {
            var spoiled = good
            change(&spoiled)
            var state = request.state
            #expect(throws: LedgerFailure.invalidSignature, "change \(index)") {
                try Ledger.apply(spoiled, at: World.time, to: &state)
            }
        }
    }

    @Test func identifiers() {
        let key = TestKey.ada.publicKey
        #expect(OwnerID(firstKey: key).bytes != SubmitterID(key: key).bytes)
        #expect(World.scout != World.other)
        let split = AgentID(owner: World.ada, name: "scou")
        #expect(split != World.scout)
    }
}
