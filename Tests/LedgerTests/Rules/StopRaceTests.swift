// Stops against what is under way: certified before and settled after, in safe mode, and at the
// very place of the stop (docs/spec/ledger.md §13).
import Cryptography
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct StopRaceTests {
    /// Everything that forbids an agent to act, and the refusal of an action by it.
    private static var stops: [(name: String, failure: ForbiddenFailure, command: Command)] {
        let until = World.time.advanced(byNanoseconds: Nanoseconds.perHour)
        return [
            ("agent", .agentStopped, .law(.stop(.agent(World.scout)))),
            ("fleet", .fleetStopped, .law(.stop(.fleet))),
            ("chain", .chainStopped, .law(.stop(.chain))),
            (
                "transfers", .denied(.transfer),
                .law(.rule(World.scout, .transfer, .deny, expires: until))
            ),
        ]
    }

    private static let pay = LawCommand.transfer(
        Transfer(from: World.scoutAccount, to: World.boAccount, amount: .credits(1)))

    /// An operation of `key` as if `earlier` more of it were settled before.
    private func operation(
        _ command: Command, by key: SigningKey, in state: LedgerState,
        after earlier: UInt64 = 0
    ) -> SignedOperation {
        SignedOperation(
            chain: World.chain, owner: World.ada,
            sequence: state.lastSequence(of: key.publicKey) + 1 + earlier, command: command,
            key: key)
    }

    /// One action before the stop and two after it, all certified before, in one checkpoint: what
    /// counts is the place in the order, not the height or the time.
    @Test func atTheHeightOfTheStop() throws {
        for (name, failure, command) in Self.stops {
            var stage = try Stage()
            let actions = (0..<3).map {
                operation(.law(Self.pay), by: TestKey.scout, in: stage.state, after: $0)
            }
            let stop = operation(command, by: TestKey.ada, in: stage.state)
            for (number, action) in actions.enumerated() {
                try Ledger.check(
                    action, lastSequence: UInt64(number), at: World.time, in: stage.state)
            }
            let outcomes = [actions[0], stop, actions[1], actions[2]].map {
                Ledger.settle($0, at: World.time, to: &stage.state)
            }
            guard case .done(.law(.transferred)) = outcomes[0] else {
                Issue.record("\(name): \(outcomes[0])")
                continue
            }
            if case .failed = outcomes[1] { Issue.record("\(name): \(outcomes[1])") }
            let refused = Settled.failed(.law(.forbidden(failure)))
            #expect(outcomes[2...] == [refused, refused], "\(name)")
            #expect(stage.credits(World.scoutAccount) == 999, "\(name)")
            #expect(stage.state.lastSequence(of: TestKey.scout.publicKey) == 3, "\(name)")
        }
    }

    /// A certificate is a promise: what was certified before a stop is recorded after it, and
    /// nothing is certified any more.
    @Test func aBatchCertifiedBeforeIsRecordedAfter() throws {
        for (name, failure, command) in Self.stops where name != "transfers" {
            var stage = try Stage()
            let submission = Submission(state: stage.state)
            let batch = submission.batch
            let head = ChainHead(
                sequence: submission.header.sequence - 1, last: submission.header.previous)
            let totals = try Ledger.check(batch, head: head, at: World.time, in: stage.state)
            let stop = operation(command, by: TestKey.ada, in: stage.state)
            _ = Ledger.settle(stop, at: World.time, to: &stage.state)
            let before = stage.state.records
            let refused = LedgerFailure.law(.recordForbidden(World.scout, failure))
            #expect(throws: refused, "\(name)") {
                try Ledger.check(batch, head: head, at: World.time, in: stage.state)
            }
            let settled = Ledger.settle(batch, totals: totals, at: World.time, to: &stage.state)
            #expect(
                settled == .done(.batchAccepted(batch.digest, submitter: World.submitter)),
                "\(name)")
            #expect(stage.state.records == before + 1)
            #expect(stage.record() == .failure(refused), "\(name)")
            var gate = RecordGate()
            let agent = try #require(stage.state.agent(World.scout))
            let row = MeteredRecord(row: 0, of: batch.columns)
            #expect(throws: RecordRefusal.forbidden(failure), "\(name)") {
                try gate.take(row, of: agent, in: stage.state, at: World.time)
            }
        }
    }

    /// In safe mode an agent is still seen, and moves nothing; a stop ends both.
    @Test func recordsInSafeMode() throws {
        var stage = try Stage { $0.watch.isOn = true }
        let conduct = Conduct(agent: World.scout, since: World.time)
        stage.state.enterSafeMode(
            conduct, for: Finding(rule: .kind, kind: .transfer), at: World.time)
        #expect((try? stage.record().get()) != nil)
        #expect(stage.pay(1).refusal == .forbidden(.safeMode))
        stage.give(.stop(.agent(World.scout)), by: TestKey.ada)
        #expect(
            stage.record() == .failure(.law(.recordForbidden(World.scout, .agentStopped))))
        #expect(stage.pay(1).refusal == .forbidden(.agentStopped))
        stage.give(.resume(.agent(World.scout)), by: TestKey.ada)
        #expect((try? stage.record().get()) != nil)
        #expect(stage.pay(1).refusal == .forbidden(.safeMode))
        stage.give(.release(World.scout), by: TestKey.ada)
        #expect(stage.pay(1).refusal == nil)
    }

    /// A batch that puts its agent into safe mode is carried out itself; the action behind it, which
    /// was certified before, is not.
    @Test func aBatchThatStartsSafeMode() throws {
        var stage = try Stage {
            $0.watch.isOn = true
            ($0.watch.warmUpActions, $0.watch.warmUp) = (1, 0)
        }
        stage.pay(1)
        let action = operation(.law(Self.pay), by: TestKey.scout, in: stage.state)
        try Ledger.check(action, lastSequence: 1, at: World.time, in: stage.state)
        #expect((try? stage.record().get()) != nil)
        #expect(stage.state.conduct(World.scout)?.isSafe == true)
        let settled = Ledger.settle(action, at: World.time, to: &stage.state)
        #expect(settled == .failed(.law(.forbidden(.safeMode))))
    }

    /// What waits for guardians is not carried out under a stop, and waits on.
    @Test func approvalsWaitThroughAStop() throws {
        for (name, failure, command) in Self.stops {
            var stage = try Stage { $0.approvals.kinds = KindSet([.transfer]) }
            guard case .success(.approvalRequested(let id, _)) = stage.pay(1) else {
                Issue.record("not asked")
                return
            }
            _ = try stage.give(.approve(id), by: TestKey.guardians[0]).get()
            let last = TestKey.guardians[1]
            let stop = operation(command, by: TestKey.ada, in: stage.state)
            _ = Ledger.settle(stop, at: World.time, to: &stage.state)
            #expect(stage.give(.approve(id), by: last).refusal == .forbidden(failure), "\(name)")
            #expect(stage.state.approval(id)?.agreed.count == 1, "\(name)")
            #expect(stage.credits(World.scoutAccount) == 1_000, "\(name)")
        }
    }
}
