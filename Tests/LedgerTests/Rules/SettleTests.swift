// Certified updates: checked without a trace, carried out at their place whatever came between.
import Cryptography
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct SettleTests {
    private let update = Command.agent(
        .update(World.scout, profile: AgentProfile(version: "2")))

    private func operation(_ command: Command, _ sequence: UInt64) -> SignedOperation {
        SignedOperation(
            chain: World.chain, owner: World.ada, sequence: sequence, command: command,
            key: TestKey.ada)
    }

    private func checks(
        _ operation: SignedOperation, after last: UInt64, _ state: LedgerState
    ) -> LedgerFailure? {
        do throws(LedgerFailure) {
            try Ledger.check(operation, lastSequence: last, at: World.time, in: state)
            return nil
        } catch {
            return error
        }
    }

    private func checks(
        _ batch: CheckedBatch, head: ChainHead, _ state: LedgerState
    ) -> LedgerFailure? {
        do throws(LedgerFailure) {
            try Ledger.check(batch, head: head, at: World.time, in: state)
            return nil
        } catch {
            return error
        }
    }

    @Test func operationsAreMeasuredAgainstTheGivenSequence() throws {
        let state = try World.state()
        #expect(checks(operation(update, 8), after: 7, state) == nil)
        #expect(checks(operation(update, 12), after: 11, state) == nil)
        let skipped = LedgerFailure.wrongSequence(expected: 8, found: 12)
        #expect(checks(operation(update, 12), after: 7, state) == skipped)
        #expect(
            checks(operation(update, 0), after: .max, state)
                == .wrongSequence(expected: 0, found: 0))
        var spoiled = operation(update, 12)
        spoiled.signature = Signature()
        #expect(checks(spoiled, after: 11, state) == .invalidSignature)
        let unknown = Command.agent(.setStatus(World.unknown, .active))
        #expect(checks(operation(unknown, 12), after: 11, state) == .agents(.agentUnknown))
    }

    @Test func batchesAreMeasuredAgainstTheGivenHead() throws {
        var submission = try Submission()
        let head = ChainHead(sequence: 40, last: Digest(repeating: 4))
        submission.header.sequence = 41
        submission.header.previous = head.last
        let state = submission.state
        #expect(checks(submission.batch, head: head, state) == nil)
        submission.header.sequence = 40
        #expect(
            checks(submission.batch, head: head, state)
                == .recording(.replayed(sequence: 40, last: 40)))
        submission.header.sequence = 42
        #expect(
            checks(submission.batch, head: head, state)
                == .recording(.gap(sequence: 42, last: 40)))
        submission.header.sequence = 41
        submission.header.previous = Digest()
        #expect(checks(submission.batch, head: head, state) == .recording(.wrongPrevious))
        submission.header.previous = head.last
        submission.records[0].gas += 1
        #expect(checks(submission.batch, head: head, state) == .recording(.wrongGas(row: 0)))
    }

    /// The same outcome, entries and changes as `apply` where nothing came between.
    @Test func settledLikeApplied() throws {
        var submission = try Submission()
        submission.records.append(Submission.record(World.scout))
        var applied = submission.state
        var settled = submission.state
        let batch = submission.batch
        let head = ChainHead(sequence: 1, last: submission.header.previous)
        let totals = try Ledger.check(batch, head: head, at: World.time, in: settled)
        #expect(totals == BatchTotals(of: batch))
        let effect = try Ledger.apply(batch, at: World.time, to: &applied)
        let found = Ledger.settle(batch, totals: totals, at: World.time, to: &settled)
        #expect(found == .done(effect))
        let next = operation(update, 8)
        let changed = try Ledger.apply(next, at: World.time, to: &applied)
        #expect(Ledger.settle(next, at: World.time, to: &settled) == .done(changed))
        expectUnchanged(settled, since: applied, "settled", #_sourceLocation)
        #expect(settled.operations == applied.operations)
    }

    @Test func totalsOfAnotherBatchAreNotUsed() throws {
        let submission = try Submission()
        var other = submission
        other.records.append(Submission.record(World.scout))
        var state = submission.state
        let wrong = BatchTotals(of: other.batch)
        _ = Ledger.settle(submission.batch, totals: wrong, at: World.time, to: &state)
        #expect(state.usage(World.scout)?.records == 2)
    }

    @Test func misplacedBatchesChangeNothing() throws {
        let submission = try Submission()
        let spoils: [(inout Submission) -> Void] = [
            { $0.header.sequence = 1 }, { $0.header.sequence = 3 }, { $0.header.sequence = 0 },
            { $0.header.previous = Digest() }, { $0.header.chain = Digest() },
            { $0.key = TestKey.stranger }, { $0.header.submitter = SubmitterID() },
        ]
        for (index, spoil) in spoils.enumerated() {
            var spoiled = submission
            spoil(&spoiled)
            var state = submission.state
            let found = Ledger.settle(spoiled.batch, totals: nil, at: World.time, to: &state)
            #expect(found == .misplaced, "spoil \(index)")
            expectUnchanged(state, since: submission.state, "spoil \(index)", #_sourceLocation)
        }
    }

    @Test func sequencesOfBatchesDoNotWrap() throws {
        var submission = try Submission()
        var submitter = try #require(submission.state.submitter(World.submitter))
        submitter.sequence = .max
        try submission.state.restore(submitter.stateKey, from: submitter.encoded)
        submission.header.sequence = 0
        let found = Ledger.settle(
            submission.batch, totals: nil, at: World.time, to: &submission.state)
        #expect(found == .misplaced)
    }

    /// What was ordered in between holds for later batches only.
    @Test func aCertifiedBatchStands() throws {
        var submission = try Submission()
        var agent = try #require(submission.state.agent(World.scout))
        agent.status = .retired
        try submission.state.restore(agent.stateKey, from: agent.encoded)
        var grant = try #require(submission.state.grant(World.ada, World.submitter))
        grant.inForce = false
        try submission.state.restore(grant.stateKey, from: grant.encoded)
        submission.header.closed = Instant(nanoseconds: .max)
        let batch = submission.batch
        let found = Ledger.settle(batch, totals: nil, at: World.time, to: &submission.state)
        #expect(found == .done(.batchAccepted(batch.digest, submitter: World.submitter)))
        #expect(submission.state.usage(World.scout)?.records == 2)
        #expect(submission.state.agent(World.scout)?.status == .retired)
    }

    @Test func totalsSaturate() throws {
        var submission = try Submission()
        var usage = Usage(agent: World.scout)
        usage.tokensInput = .max - 1
        usage.cost = Amount(nanoCredits: .max)
        usage.records = .max
        try submission.state.restore(usage.stateKey, from: usage.encoded)
        submission.records[0].cost = Amount(nanoCredits: 1)
        submission.records.append(submission.records[0])
        submission.records[1].tokens.output = .max
        submission.records.append(submission.records[1])
        _ = Ledger.settle(
            submission.batch, totals: nil, at: World.time, to: &submission.state)
        let found = try #require(submission.state.usage(World.scout))
        #expect(found.records == .max && found.tokensInput == .max)
        #expect(found.tokensOutput == .max && found.cost == Amount(nanoCredits: .max))
        #expect(found.gas == 36_000)
    }

    @Test func agentsWithoutAnEntryAreLeftOut() throws {
        var submission = try Submission()
        submission.records.append(Submission.record(World.unknown))
        _ = Ledger.settle(
            submission.batch, totals: nil, at: World.time, to: &submission.state)
        #expect(submission.state.usage(World.unknown) == nil)
        #expect(submission.state.usage(World.scout)?.records == 2)
    }

    /// A refusal at the commit position leaves entries alone but uses up the sequence number.
    @Test func failedOperationsUseTheirSequence() throws {
        let world = try World.state()
        var state = world
        let failing = operation(.agent(.setStatus(World.gone, .active)), 8)
        let found = Ledger.settle(failing, at: World.time, to: &state)
        #expect(found == .failed(.agents(.agentRetired)))
        #expect(state.lastSequence(of: TestKey.ada.publicKey) == 8)
        #expect(state.operations == world.operations + 1)
        #expect(state.takeChanges().map(\.key) == [.signer(TestKey.ada.publicKey)])
        #expect(Ledger.settle(failing, at: World.time, to: &state) == .misplaced)
        #expect(Ledger.settle(operation(update, 10), at: World.time, to: &state) == .misplaced)
        var foreign = operation(update, 9)
        foreign.chain = Digest()
        #expect(Ledger.settle(foreign, at: World.time, to: &state) == .misplaced)
        #expect(state.takeChanges().isEmpty)
        let good = Ledger.settle(operation(update, 9), at: World.time, to: &state)
        #expect(good == .done(.agentChanged(World.scout)))
    }

    /// Signatures and proofs depend on the operation alone: a quorum verified them.
    @Test func proofsAreJudgedOnce() throws {
        let new = TestKey.key(8).publicKey
        for command in [
            Command.owner(.addKey(new, proof: Signature())),
            .agent(.setKey(World.scout, new, proof: Signature())),
        ] {
            var state = try World.state()
            var unproven = operation(command, 8)
            let failure = checks(unproven, after: 7, state)
            let isRefused =
                failure == .identity(.invalidProof) || failure == .agents(.invalidProof)
            #expect(isRefused, "\(command)")
            unproven.signature = Signature()
            guard case .done = Ledger.settle(unproven, at: World.time, to: &state) else {
                Issue.record("\(command)")
                continue
            }
        }
        var votes = World.validators(4)
        let change = SeatChange.add(new, address: "n")
        let vote = Request(.vote(change, proof: Signature()), by: 0, votes).operation
        let found = Ledger.settle(vote, at: World.time, to: &votes)
        #expect(found == .done(.seatVoted(change, by: World.seat(0))))
    }

    @Test func checkingLeavesNoTrace() throws {
        let state = try World.state()
        let authorize = Command.owner(
            .authorize(submitter: TestKey.stranger.publicKey, rights: .all))
        #expect(checks(operation(authorize, 8), after: 7, state) == nil)
        #expect(state.submitter(SubmitterID(key: TestKey.stranger.publicKey)) == nil)
        expectUnchanged(state, since: try World.state(), "checked", #_sourceLocation)
        #expect(state.operations == (try World.state()).operations)
    }
}
