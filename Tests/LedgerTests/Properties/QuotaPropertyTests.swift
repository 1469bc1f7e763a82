// Meters and quotas against a naive recount of everything that was ever recorded.
import Cryptography
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

/// Everything recorded, in a list, and limits as a reader of the spec would apply them.
private struct Recount {
    struct Event {
        var time: Instant
        var accounts: [AccountID]
        var amounts: [UInt128]
    }

    var events: [Event] = []
    var quotas: [AccountID: Quota] = [:]

    static let widths: [(UsageSpan, UInt64)] = [
        (.hour, 600 * Nanoseconds.perSecond), (.day, 4 * Nanoseconds.perHour),
    ]

    /// The sum of one quantity over the present bucket and the six before it; of the whole time for
    /// no width.
    func sum(_ account: AccountID, _ place: Int, _ width: UInt64?, at time: Instant) -> UInt128 {
        events.filter { event in
            guard event.accounts.contains(account) else { return false }
            guard let width else { return true }
            return event.time.nanoseconds / width + 6 >= time.nanoseconds / width
        }.reduce(0) { $0 + $1.amounts[place] }
    }

    /// The first limit that one more record would pass.
    func reached(_ event: Event) -> (AccountID, UsageSpan, Int, UInt64)? {
        for account in event.accounts {
            guard let quota = quotas[account] else { continue }
            for (span, width) in Self.widths {
                let limits = [
                    quota[span].records, quota[span].tokens, quota[span].cost, quota[span].gas,
                ]
                for place in 0..<4 where limits[place] != .max {
                    let sum = sum(account, place, width, at: event.time) + event.amounts[place]
                    if sum > UInt128(limits[place]) {
                        return (account, span, place, limits[place])
                    }
                }
            }
        }
        return nil
    }
}

@Suite struct QuotaPropertyTests {
    private struct Run {
        var state: LedgerState
        var recount = Recount()
        var time = World.time
        var generator: SeededGenerator
        let agents: [Agent]

        init(seed: UInt64) throws {
            generator = SeededGenerator(seed: seed)
            state = try World.state()
            let model = try #require(state.agent(World.scout))
            var agents: [Agent] = []
            for (number, owner) in [World.ada, World.ada, World.bo].enumerated() {
                var agent = model
                agent.id = AgentID(owner: owner, name: "a\(number)")
                agent.owner = owner
                state.set(agent)
                agents.append(agent)
            }
            self.agents = agents
            state.set(
                Grant(
                    owner: World.bo, submitter: World.submitter, rights: .registerAgents,
                    inForce: true))
            // The record that the world begins with is ada's.
            recount.events = [
                Recount.Event(
                    time: time, accounts: [World.scoutAccount, World.adaAccount],
                    amounts: [1, 5, 0, 12_000])
            ]
        }

        mutating func limitSomebody() {
            let accounts = agents.map { AccountID($0.id) } + [World.adaAccount, World.boAccount]
            let account = accounts[Int.random(in: 0..<5, using: &generator)]
            var quota = Quota()
            let span = Bool.random(using: &generator) ? UsageSpan.hour : .day
            let quantity = MeteredQuantity.allCases[Int.random(in: 0..<4, using: &generator)]
            let scale: UInt64 = [6, 60, 600, 100_000][Int(quantity.rawValue)]
            quota[span][quantity] = UInt64.random(in: 0...scale * 4, using: &generator)
            state.set(AccountQuota(account: account, quota: quota))
            recount.quotas[account] = quota
        }

        mutating func record() -> (Record, Recount.Event) {
            let agent = agents[Int.random(in: 0..<3, using: &generator)]
            var record = Submission.record(agent.id)
            record.tokens.input = UInt64.random(in: 0...20, using: &generator)
            record.tokens.output = UInt64.random(in: 0...20, using: &generator)
            record.cost = Amount(
                nanoCredits: UInt128(UInt64.random(in: 0...200, using: &generator)))
            record.payloadSize = UInt64.random(in: 0...9_000, using: &generator)
            record.gas = Gas.record(payloadSize: record.payloadSize)
            let tokens = UInt128(record.tokens.input + record.tokens.output)
            return (
                record,
                Recount.Event(
                    time: time, accounts: [AccountID(agent.id), AccountID(agent.owner)],
                    amounts: [1, tokens, record.cost.nanoCredits, UInt128(record.gas)])
            )
        }
    }

    @Test(arguments: propertySeeds) func agreeWithARecount(seed: UInt64) throws {
        var run = try Run(seed: seed)
        for step in 0..<30 {
            let wait = UInt64.random(in: 0...Nanoseconds.perHour / 2, using: &run.generator)
            run.time = run.time.advanced(byNanoseconds: wait)
            if step % 3 == 0 { run.limitSomebody() }
            let rows = (0..<Int.random(in: 1...12, using: &run.generator)).map { _ in run.record() }
            try check(rows, &run, "seed \(seed), step \(step)")
        }
    }

    private func check(
        _ rows: [(Record, Recount.Event)], _ run: inout Run, _ name: Comment
    ) throws {
        var submission = Submission(state: run.state)
        submission.time = run.time
        submission.header.closed = run.time
        submission.records = rows.map(\.0)
        let refused = Ledger.refusedRows(
            of: submission.batch.columns, at: run.time, in: run.state)
        var expected: [Int] = []
        for (row, (_, event)) in rows.enumerated() {
            guard let (account, span, place, limit) = run.recount.reached(event) else {
                run.recount.events.append(event)
                continue
            }
            expected.append(row)
            guard case .quota(let found)? = refused.first(where: { $0.row == row })?.reason else {
                Issue.record("row \(row) passes, \(name)")
                continue
            }
            #expect(found.account == account && found.span == span, name)
            #expect(Int(found.quantity.rawValue) == place && found.limit == limit, name)
            expectOpens(found, event, run.recount, name)
        }
        #expect(refused.map(\.row) == expected, name)
        var whole = submission
        let outcome = outcome(&whole)
        if expected.isEmpty {
            run.state = whole.state
            #expect((try? outcome.get()) != nil, name)
        } else {
            guard case .failure(.recording(.overQuota)) = outcome else {
                Issue.record("\(outcome), \(name)")
                return
            }
            submission.records = rows.indices.filter { !expected.contains($0) }.map { rows[$0].0 }
            if submission.records.isEmpty { return }
            _ = try submission.run()
            run.state = submission.state
        }
        expectMeters(run, name)
    }

    /// At the time that a refusal names the record fits, and in no bucket before it.
    private func expectOpens(
        _ found: QuotaReached, _ event: Recount.Event, _ recount: Recount, _ name: Comment
    ) {
        let place = Int(found.quantity.rawValue)
        let width = found.span.bucket
        func fits(_ time: Instant) -> Bool {
            recount.sum(found.account, place, width, at: time) + event.amounts[place]
                <= UInt128(found.limit)
        }
        guard let opens = found.opens else {
            #expect(event.amounts[place] > UInt128(found.limit), name)
            return
        }
        #expect(fits(opens), name)
        #expect(!fits(Instant(nanoseconds: opens.nanoseconds - 1)), name)
    }

    private func expectMeters(_ run: Run, _ name: Comment) {
        let accounts = run.agents.map { AccountID($0.id) } + [World.adaAccount, World.boAccount]
        for account in accounts {
            let meter = run.state.meter(account) ?? Meter(account: account)
            let found = [
                meter.total, meter.hour.total(at: run.time), meter.day.total(at: run.time),
            ]
            let widths = [nil, Recount.widths[0].1, Recount.widths[1].1]
            for (quantities, width) in zip(found, widths) {
                for quantity in MeteredQuantity.allCases {
                    let sum = run.recount.sum(
                        account, Int(quantity.rawValue), width, at: run.time)
                    #expect(UInt128(quantities[quantity]) == sum, name)
                }
            }
        }
    }
}
