// The recording chapter: the refusals of a batch in their order, and what an accepted one changes.
import Cryptography
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct RecordingTests {
    private func rung(
        _ expected: RecordingFailure, _ spoil: @escaping (inout Submission) -> Void
    ) -> Rung<Submission> {
        Rung(.recording(expected), spoil)
    }

    /// Its usage of input tokens is at the limit already.
    private func exhausted(_ agent: AgentID) -> [UInt8] {
        var usage = Usage(agent: agent)
        usage.tokensInput = .max
        return usage.encoded
    }

    private func restore(_ key: StateKey, _ bytes: [UInt8], _ submission: inout Submission) {
        do {
            try submission.state.restore(key, from: bytes)
        } catch {
            Issue.record("\(key): \(error)")
        }
    }

    @Test func refusalsInTheirOrder() throws {
        let submission = try Submission()
        let digest = submission.batch.digest
        let (scout, other, unknown) = (World.scout, World.other, World.unknown)
        var suspended = try #require(submission.state.agent(other))
        suspended.status = .suspended
        let late = World.time.advanced(byNanoseconds: clockTolerance + 1)
        climb(
            submission, to: .batchAccepted(digest, submitter: World.submitter),
            [
                rung(.totalOverflow(scout)) {
                    restore(.usage(scout), exhausted(scout), &$0)
                },
                rung(.wrongGas(row: 0)) { $0.records[0].gas += 1 },
                rung(.quantityTooLarge(row: 0)) {
                    $0.records[0].tokens.cached = Limits.tokensPerRecord + 1
                },
                rung(.payloadTooLarge(row: 0)) {
                    $0.records[0].payloadSize = UInt64(Limits.payloadBytes) + 1
                },
                rung(.startInFuture(row: 0)) { $0.records[0].start = late },
                rung(.notAuthorized(other)) { $0.records[0].agent = other },
                rung(.agentNotActive(other)) { restore(.agent(other), suspended.encoded, &$0) },
                rung(.agentUnknown(unknown)) { $0.records[0].agent = unknown },
                rung(.closedInFuture) { $0.header.closed = late },
                rung(.wrongPrevious) { $0.header.previous = Digest(repeating: 1) },
                rung(.gap(sequence: 3, last: 1)) { $0.header.sequence = 3 },
                rung(.gap(sequence: .max, last: 1)) { $0.header.sequence = .max },
                rung(.replayed(sequence: 1, last: 1)) { $0.header.sequence = 1 },
                rung(.replayed(sequence: 0, last: 1)) { $0.header.sequence = 0 },
                rung(.wrongKey) { $0.key = TestKey.stranger },
                rung(.submitterUnknown) { $0.header.submitter = SubmitterID() },
                rung(.wrongChain) { $0.header.chain = Digest() },
            ])
    }

    @Test func acceptedBatch() throws {
        var submission = try Submission()
        submission.time = World.time.advanced(byNanoseconds: 5)
        let batch = submission.batch
        _ = try submission.run()
        let submitter = try #require(submission.state.submitter(World.submitter))
        #expect(submitter.sequence == 2 && submitter.last == batch.digest)
        #expect(submission.state.records == 2)
        let replay = outcome(&submission)
        #expect(replay == .failure(.recording(.replayed(sequence: 2, last: 2))))
    }

    @Test func usageIsMetered() throws {
        var submission = try Submission()
        let fresh = AgentID(owner: World.ada, name: "fresh")
        let agent = Agent(
            id: fresh, owner: World.ada, name: "fresh", profile: AgentProfile(),
            status: .registered, registered: World.time, key: PublicKey())
        restore(.agent(fresh), agent.encoded, &submission)
        var failed = Submission.record(fresh)
        failed.outcome = .failure
        failed.tokens = TokenCounts(input: 1, output: 2, cached: 3, reasoning: 4)
        failed.cost = Amount(nanoCredits: 1 << 60)
        var partial = failed
        partial.outcome = .partial
        submission.records = [failed, Submission.record(World.scout), partial]
        submission.time = World.time.advanced(byNanoseconds: 5)
        _ = try submission.run()
        var expected = Usage(agent: fresh)
        expected.records = 2
        expected.failures = 1
        (expected.tokensInput, expected.tokensOutput) = (2, 4)
        (expected.tokensCached, expected.tokensReasoning) = (6, 8)
        expected.cost = Amount(nanoCredits: 1 << 61)
        expected.gas = 24_000
        (expected.first, expected.last) = (submission.time, submission.time)
        #expect(submission.state.usage(fresh) == expected)
        let scout = try #require(submission.state.usage(World.scout))
        #expect(scout.records == 2 && scout.tokensInput == 10 && scout.gas == 24_000)
        #expect(scout.first == World.time && scout.last == submission.time)
        #expect(submission.state.agent(fresh)?.status == .active)
        #expect(submission.state.agent(World.scout)?.status == .active)
        #expect(submission.state.records == 4)
    }

    @Test func whoMayNotRecord() throws {
        for (agent, refusal) in [
            (World.idle, RecordingFailure.agentNotActive(World.idle)),
            (World.gone, .agentNotActive(World.gone)), (World.other, .notAuthorized(World.other)),
        ] {
            var submission = try Submission()
            submission.records.append(Submission.record(agent))
            #expect(outcome(&submission) == .failure(.recording(refusal)))
        }
        var request = try Request(.owner(.withdraw(submitter: TestKey.submitter.publicKey)))
        _ = try request.run()
        var submission = Submission(state: request.state)
        let found = outcome(&submission)
        #expect(found == .failure(.recording(.notAuthorized(World.scout))))
    }

    /// Agents are looked at before rows, and the first bad row is named.
    @Test func agentsBeforeRows() throws {
        var submission = try Submission()
        submission.records += [Submission.record(World.scout), Submission.record(World.idle)]
        submission.records[1].gas = 0
        let agent = outcome(&submission)
        #expect(agent == .failure(.recording(.agentNotActive(World.idle))))
        submission.records[2] = Submission.record(World.scout)
        submission.records[2].start = Instant(nanoseconds: .max)
        #expect(outcome(&submission) == .failure(.recording(.wrongGas(row: 1))))
    }

    @Test(arguments: [0, clockTolerance - 1, clockTolerance, clockTolerance + 1])
    func clockTolerances(ahead: UInt64) throws {
        let instant = World.time.advanced(byNanoseconds: ahead)
        var closed = try Submission()
        closed.header.closed = instant
        var started = try Submission()
        started.records[0].start = instant
        let accepted = ahead <= clockTolerance
        let (closing, starting) = (outcome(&closed), outcome(&started))
        #expect((closing == .failure(.recording(.closedInFuture))) == !accepted)
        #expect((starting == .failure(.recording(.startInFuture(row: 0)))) == !accepted)
        #expect(closed.state.records == (accepted ? 2 : 1))
        #expect(started.state.records == (accepted ? 2 : 1))
    }

    @Test(arguments: [
        (0, 10_000), (1, 11_000), (1_023, 11_000), (1_024, 11_000), (1_025, 12_000),
        (4 << 20, 4_106_000),
    ] as [(UInt64, UInt64)])
    func gas(size: UInt64, micro: UInt64) throws {
        #expect(Gas.record(payloadSize: size) == micro)
        for offset in [-1, 0, 1] as [Int64] {
            var submission = try Submission()
            submission.records[0].payloadSize = size
            submission.records[0].gas = UInt64(Int64(micro) + offset)
            let digest = submission.batch.digest
            let found = outcome(&submission)
            let expected: Result<Effect, LedgerFailure> =
                offset == 0
                ? .success(.batchAccepted(digest, submitter: World.submitter))
                : .failure(.recording(.wrongGas(row: 0)))
            #expect(found == expected, "\(offset)")
        }
    }

    /// The limit of each quantity is accepted, one more is refused.
    @Test func everyQuantityHasItsLimit() throws {
        let tokens: [WritableKeyPath<Record, UInt64>] = [
            \.tokens.input, \.tokens.output, \.tokens.cached, \.tokens.reasoning,
        ]
        let refused = Result<Effect, LedgerFailure>.failure(
            .recording(.quantityTooLarge(row: 0)))
        for excess in [0, 1] as [UInt64] {
            for (index, path) in tokens.enumerated() {
                var submission = try Submission()
                submission.records[0][keyPath: path] = Limits.tokensPerRecord + excess
                let found = outcome(&submission)
                #expect((found == refused) == (excess == 1), "tokens \(index), \(excess)")
                #expect(submission.state.records == 2 - excess, "tokens \(index), \(excess)")
            }
            var submission = try Submission()
            let most = Limits.costPerRecord.nanoCredits
            submission.records[0].cost = Amount(nanoCredits: most + UInt128(excess))
            #expect((outcome(&submission) == refused) == (excess == 1), "cost, \(excess)")
            #expect(submission.state.records == 2 - excess, "cost, \(excess)")
        }
    }

    @Test func gasOfAnySizeIsANumber() {
        #expect(Gas.record(payloadSize: .max) == Gas.record(payloadSize: 1 << 40))
    }

    /// Each total by itself: one below the limit is accepted, the limit is refused.
    @Test func everyTotalIsChecked() throws {
        let totals: [(String, WritableKeyPath<Usage, UInt64>)] = [
            ("records", \.records), ("failures", \.failures), ("input", \.tokensInput),
            ("output", \.tokensOutput), ("cached", \.tokensCached),
            ("reasoning", \.tokensReasoning), ("gas", \.gas),
        ]
        for (name, path) in totals {
            for room in [0, 1] as [UInt64] {
                var usage = Usage(agent: World.scout)
                let added: UInt64 = path == \Usage.gas ? 12_000 : 1
                usage[keyPath: path] = .max - added + room
                let found = try accepts(usage)
                #expect(found == (room == 0), "\(name), \(room)")
            }
        }
        for room in [0, 1] as [UInt128] {
            var usage = Usage(agent: World.scout)
            usage.cost = Amount(nanoCredits: .max - 1 + room)
            #expect(try accepts(usage) == (room == 0), "cost, \(room)")
        }
    }

    /// Whether one more failed record with one of everything is accepted on top of `usage`.
    private func accepts(_ usage: Usage) throws -> Bool {
        var submission = try Submission()
        restore(.usage(World.scout), usage.encoded, &submission)
        submission.records[0].outcome = .failure
        submission.records[0].tokens = TokenCounts(input: 1, output: 1, cached: 1, reasoning: 1)
        submission.records[0].cost = Amount(nanoCredits: 1)
        let before = submission.state
        let found = outcome(&submission)
        guard found == .failure(.recording(.totalOverflow(World.scout))) else {
            return submission.state.records == 2
        }
        expectUnchanged(submission.state, since: before, "overflow", #_sourceLocation)
        return false
    }

    @Test func totalsInsideOneBatchAreChecked() throws {
        var submission = try Submission()
        var usage = Usage(agent: World.scout)
        usage.tokensInput = .max - 9
        restore(.usage(World.scout), usage.encoded, &submission)
        submission.records.append(Submission.record(World.scout))
        let found = outcome(&submission)
        #expect(found == .failure(.recording(.totalOverflow(World.scout))))
    }
}
