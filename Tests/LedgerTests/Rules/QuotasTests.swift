// The quota chapter: who sets one, what it refuses in a batch, and when there is room again.
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct QuotasTests {
    private let scout = World.scoutAccount

    private func quota(_ change: (inout Quota) -> Void) -> Quota {
        var quota = Quota()
        change(&quota)
        return quota
    }

    private func limited(
        _ account: AccountID, _ change: (inout Quota) -> Void
    ) throws -> LedgerState {
        var state = try World.state()
        state.set(AccountQuota(account: account, quota: quota(change)))
        return state
    }

    @Test func settingInOrder() throws {
        let one = quota { $0.hour.records = 1 }
        let request = try Request(.law(.limit(scout, one)))
        climb(
            request, to: .law(.limited(scout)),
            [
                Rung(.law(.quotas(.accountUnknown))) {
                    $0.command = .law(.limit(World.otherAccount, one))
                },
                Rung(.law(.quotas(.notOwnersKey))) { $0.key = TestKey.stranger },
                Rung(.law(.quotas(.ownerUnknown))) { $0.owner = OwnerID() },
            ])
    }

    @Test func oneThatLimitsNothingIsTakenAway() throws {
        var request = try Request(.law(.limit(World.adaAccount, quota { $0.day.tokens = 9 })))
        _ = try request.run()
        #expect(request.state.quota(World.adaAccount)?.day.tokens == 9)
        request.command = .law(.limit(World.adaAccount, Quota()))
        _ = try request.run()
        #expect(request.state.quota(World.adaAccount) == nil)
        let removed = request.state.takeChanges().first { $0.key == .law(.quota(World.adaAccount)) }
        #expect(removed?.value == [])
    }

    /// Each quantity of each span, of the agent and of its owner, at its limit and one above.
    @Test func everyLimit() throws {
        let before = Quantities(records: 1, tokens: 5, cost: 0, gas: 12_000)
        let row = Quantities(records: 1, tokens: 7, cost: 3, gas: 12_000)
        for account in [scout, World.adaAccount] {
            for (span, quantity) in UsageSpan.allCases.flatMap({ span in
                MeteredQuantity.allCases.map { (span, $0) }
            }) {
                let exact = before[quantity] + row[quantity]
                for limit in [exact, exact - 1] {
                    var submission = Submission(
                        state: try limited(account) { $0[span][quantity] = limit })
                    submission.records[0].tokens = TokenCounts(
                        input: 3, output: 4, cached: 50, reasoning: 60)
                    submission.records[0].cost = Amount(nanoCredits: 3)
                    let found = outcome(&submission)
                    if limit == exact {
                        #expect((try? found.get()) != nil, "\(span) \(quantity)")
                        continue
                    }
                    guard case .failure(.recording(.overQuota(let reached))) = found else {
                        Issue.record("\(span) \(quantity): \(found)")
                        continue
                    }
                    #expect(reached.account == account && reached.span == span)
                    #expect(reached.quantity == quantity && reached.limit == limit)
                }
            }
        }
    }

    /// Only the rows of the one that passes its limit are named, and the rest passes without them.
    @Test func theOthersAreNotHeldUp() throws {
        var state = try limited(scout) { $0.hour.records = 3 }
        var free = try #require(state.agent(World.scout))
        free.id = AgentID(owner: World.ada, name: "free")
        state.set(free)
        var submission = Submission(state: state)
        let order = [World.scout, free.id, World.scout, World.scout, free.id, World.scout]
        submission.records = order.map(Submission.record)
        let refused = Ledger.refusedRows(
            of: submission.batch.columns, at: World.time, in: state)
        #expect(refused.map(\.row) == [3, 5])
        submission.records = [0, 1, 2, 4].map { Submission.record(order[$0]) }
        _ = try submission.run()
        #expect(submission.state.meter(scout)?.total.records == 3)
        #expect(submission.state.meter(World.adaAccount)?.total.records == 5)
    }

    /// A refusal says when the record fits; a nanosecond before it does not.
    @Test func opensWhenItSays() throws {
        let state = try limited(scout) { $0.hour.records = 1 }
        var submission = Submission(state: state)
        guard case .failure(.recording(.overQuota(let reached))) = outcome(&submission),
            let opens = reached.opens
        else {
            Issue.record("not refused")
            return
        }
        #expect(opens.nanoseconds - World.time.nanoseconds <= Nanoseconds.perHour / 6 * 7)
        submission.time = Instant(nanoseconds: opens.nanoseconds - 1)
        #expect((try? outcome(&submission).get()) == nil)
        submission.time = opens
        #expect((try? outcome(&submission).get()) != nil)
    }

    @Test func whatNeverFitsNeverOpens() throws {
        var submission = Submission(state: try limited(scout) { $0.day.tokens = 4 })
        guard case .failure(.recording(.overQuota(let reached))) = outcome(&submission) else {
            Issue.record("not refused")
            return
        }
        #expect(reached.opens == nil && reached.limit == 4)
    }

    /// A constitution, a stop and a ruling refuse single records as well.
    @Test func theLawRefusesRowsToo() throws {
        var stage = try Stage { $0.limits.actionsPerHour = 2 }
        var columns = RecordColumns()
        for _ in 0..<3 { columns.append(Submission.record(World.scout), parents: []) }
        func refused() -> [RefusedRow] {
            Ledger.refusedRows(of: columns, at: stage.time, in: stage.state)
        }
        #expect(refused() == [RefusedRow(row: 2, reason: .limits(.tooManyActions(most: 2)))])
        let until = stage.time.advanced(byNanoseconds: 1)
        stage.give(.rule(World.scout, .otherRecord, .deny, expires: until), by: TestKey.ada)
        #expect(refused().map(\.reason).first == .forbidden(.denied(.otherRecord)))
        stage.give(.stop(.agent(World.scout)), by: TestKey.ada)
        #expect(refused().map(\.reason).first == .forbidden(.agentStopped))
        #expect(refused().count == 3)
    }

    /// What one gate took in counts for it until the state holds it, and is looked up again then.
    @Test func takenRecordsCount() throws {
        let state = try limited(scout) { $0.hour.records = 3 }
        let agent = try #require(state.agent(World.scout))
        let submission = Submission(state: state)
        let row = MeteredRecord(row: 0, of: submission.batch.columns)
        var gate = RecordGate()
        func isFull() -> Bool {
            var copy = gate
            return (try? copy.take(row, of: agent, in: state, at: World.time)) == nil
        }
        let inFlight = Tally(of: submission.batch, in: state)
        gate.renew(inFlight: [inFlight])
        try gate.take(row, of: agent, in: state, at: World.time)
        #expect(isFull())
        gate.renew(inFlight: [inFlight])
        #expect(isFull())
        let closed = gate.close()
        #expect(isFull())
        gate.renew(inFlight: [closed])
        #expect(!isFull())
        try gate.take(row, of: agent, in: state, at: World.time)
        #expect(isFull())
        gate.drop()
        #expect(!isFull())
    }

    @Test func metersAtTheirEnds() {
        var window = UsageWindow(.day)
        let most = Quantities.unlimited
        window.add(most, at: Instant(nanoseconds: .max))
        window.add(most, at: Instant(nanoseconds: .max))
        #expect(window.total(at: Instant(nanoseconds: 0)) == most)
        let opens = window.opens(
            for: 1, of: .gas, within: 1, at: Instant(nanoseconds: .max))
        #expect(opens == Instant(nanoseconds: .max))
    }

    @Test(arguments: [UsageSpan.hour, .day]) func windowsOfTheEndOfTime(span: UsageSpan) throws {
        var writer = ByteWriter()
        writer.write(UInt64.max)
        for _ in 0..<7 { Quantities().write(to: &writer) }
        var reader = ByteReader(writer.bytes)
        #expect(throws: DecodingFailure.self) { try UsageWindow(span).read(from: &reader) }
    }
}
