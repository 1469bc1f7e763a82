// Several transitions accepted on one proof, all or none, and what each fault is refused as.
import Agents
import ExecutionProof
import Primitives
import Prover
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct TransitionSeriesTests {
    @Test(arguments: [AcceptedEvidence.proof, .all])
    func allAreAcceptedOnOneProof(evidence: AcceptedEvidence) throws {
        var good = try ReadySeries([[1], [40], [5]], accepting: evidence)
        let members = good.series.members
        #expect(members.count >= 3)
        let last = try #require(members.last).header
        let agent = AgentWorld.agent(0)
        let before = try #require(good.state.instance(agent))
        let effect = Effect.transitionAccepted(
            AgentHeight(agent: agent, sequence: last.sequence), root: last.newRoot)
        #expect(try good.run() == effect)
        let after = try #require(good.state.instance(agent))
        #expect(after.sequence == UInt64(members.count) && after.root == last.newRoot)
        let fees = good.series.parts.compactMap {
            TransitionFee.of(steps: $0.transition.header.effort.steps, bytes: $0.bytes)
        }
        let proof = UInt64(good.series.proof.count) / 1024 * TransitionFee.perKibibyte
        #expect(after.account.deposit == before.account.deposit - fees.reduce(0, +))
        #expect(fees.dropLast().allSatisfy { $0 < proof } && fees.last ?? 0 > proof)
        #expect(try ProofChain(decoding: good.series.proof).proofs.count == 1)
    }

    /// At its place in the order the proof is not looked at, and the same comes of it.
    @Test func settlingIsApplying() throws {
        var applied = try ReadySeries([[1], [40]])
        var settled = applied
        _ = try applied.run()
        let operation = SignedOperation(
            chain: World.chain, owner: World.ada,
            sequence: settled.world.state.lastSequence(of: TestKey.ada.publicKey) + 1,
            command: .transition(.series(settled.signed)), key: TestKey.ada)
        let outcome = Ledger.settle(operation, at: World.time, to: &settled.world.state)
        guard case .done(.transitionAccepted) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        expectUnchanged(settled.state, since: applied.state, "settled", #_sourceLocation)
    }

    @Test func eachFaultHasItsNameAndChangesNothing() throws {
        let good = try ReadySeries([[1], [40], [5]])
        let count = good.series.members.count
        let first = good.series.members[0].header
        let agent = AgentWorld.agent(0)
        let root = try #require(good.state.instance(agent)).root
        let second = good.series.members[1].header
        typealias Fault = (name: String, failure: TransitionsFailure, (inout ReadySeries) -> Void)
        let faults: [Fault] = [
            (
                "the first left out", .gap(sequence: 0, root: root),
                { $0.series.members.removeFirst() }
            ),
            (
                "one left out", .gap(sequence: 1, root: first.newRoot),
                { $0.series.members.remove(at: 1) }
            ),
            ("the last left out", .proof(.wrongNewRoot), { $0.series.members.removeLast() }),
            (
                "swapped", .gap(sequence: 0, root: root), { $0.series.members.swapAt(0, 1) }
            ),
            (
                "twice", .stale(sequence: 1, root: first.newRoot),
                { $0.series.members[1] = $0.series.members[0] }
            ),
            (
                "another old root", .stale(sequence: 1, root: first.newRoot),
                { $0.change(1) { $0.oldRoot = Digest() } }
            ),
            (
                "another root between", .proof(.wrongNewRoot),
                {
                    $0.change(0) { $0.newRoot = Digest(repeating: 1) }
                    $0.change(1) { $0.oldRoot = Digest(repeating: 1) }
                }
            ),
            ("output", .proof(.wrongOutput), { $0.exchange(1) { $0.output.append(1) } }),
            (
                "gas", .proof(.wrongEffort(steps: second.effort.steps, gas: second.effort.gas)),
                { $0.change(1) { $0.effort.gas += 1 } }
            ),
            ("turns", .proof(.wrongEnd), { $0.change(count - 1) { $0.effort.turns += 1 } }),
            ("another exchange", .wrongExchange, { $0.change(1) { $0.exchange = Digest() } }),
            (
                "a foreign signature", .invalidSignature,
                {
                    $0.series = $0.signed
                    $0.isSigned = false
                    $0.series.members[1].signed = SignedHeader(
                        signing: $0.series.members[1].header, key: TestKey.ada)
                }
            ),
            (
                "another agent", .agentUnknown,
                { $0.change(1) { $0.agent = AgentWorld.agent(1) } }
            ),
            ("none", .overLimit, { $0.series.members = [] }),
            (
                "no proof", .proof(.malformed(DecodingFailure(.truncated, at: 0))),
                { $0.series.proof = [] }
            ),
        ]
        for fault in faults {
            var spoiled = good
            fault.2(&spoiled)
            let before = spoiled.state
            #expect(
                outcome(&spoiled) == .failure(.transitions(fault.failure)), "\(fault.name)")
            expectUnchanged(spoiled.state, since: before, fault.name, #_sourceLocation)
        }
    }

    /// Which run is whose follows from the steps: none can be passed to a neighbour.
    @Test func stepsBelongToTheirTransition() throws {
        let good = try ReadySeries([[1], [40]])
        for more in [1, -1] as [Int64] {
            var spoiled = good
            for (place, more) in [(0, more), (1, -more)] {
                spoiled.change(place) { header in
                    header.effort.steps = UInt64(Int64(header.effort.steps) + more)
                    header.effort.gas = UInt64(Int64(header.effort.gas) + more)
                }
            }
            let before = spoiled.state
            guard case .failure(.transitions(.proof)) = outcome(&spoiled) else {
                Issue.record("a step changed its transition")
                continue
            }
            expectUnchanged(spoiled.state, since: before, "steps", #_sourceLocation)
        }
    }

    /// The last one cannot pay for the proof: the others, which could pay, are not accepted either.
    @Test func aDepositForAllButTheProof() throws {
        var poor = try ReadySeries([[1], [40]])
        var instance = try #require(poor.state.instance(AgentWorld.agent(0)))
        let fees = poor.series.parts.compactMap {
            TransitionFee.of(steps: $0.transition.header.effort.steps, bytes: $0.bytes)
        }
        instance.account.deposit = fees.reduce(0, +) - 1
        poor.world.state.set(instance)
        let before = poor.state
        let last = try #require(fees.last)
        #expect(
            outcome(&poor) == .failure(.transitions(.depositTooSmall(fee: last))))
        expectUnchanged(poor.state, since: before, "deposit", #_sourceLocation)
    }

    @Test func aChainWithoutProofs() throws {
        var good = try ReadySeries([[1], [40]], accepting: .reexecution)
        let before = good.state
        #expect(outcome(&good) == .failure(.transitions(.evidenceNotAccepted)))
        expectUnchanged(good.state, since: before, "evidence", #_sourceLocation)
    }

    /// What the ledger answers is not known while a series is made, so it must be at its end.
    @Test func aRequestForTheLedgerIsTheLast() throws {
        let transfer = HostRequest.transfer(to: AgentWorld.agent(1), microCredits: 1).frame
        var good = try ReadySeries([HostRequest.identity.frame, transfer], TestPrograms.asker)
        #expect(good.series.members.last?.header.end == .unanswered)
        good.world.allow(0, 10)
        var more = good
        more.series.members.append(more.series.members[0])
        let before = more.state
        #expect(outcome(&more) == .failure(.transitions(.wrongEnd)))
        expectUnchanged(more.state, since: before, "request", #_sourceLocation)
        guard case .transitionAccepted = try good.run() else { return }
        #expect(good.state.instance(AgentWorld.agent(0))?.call != nil)
    }

    /// The limits of the law count every transition.
    @Test func theLawCountsEach() throws {
        var good = try ReadySeries([[1], [40], [5]])
        let count = UInt64(good.series.members.count)
        good.world.allow(0) { $0.limits.actionsPerHour = count - 1 }
        let before = good.state
        #expect(
            outcome(&good) == .failure(.law(.limits(.tooManyActions(most: count - 1)))))
        expectUnchanged(good.state, since: before, "law", #_sourceLocation)
        good.world.allow(0) { $0.limits.actionsPerHour = count }
        #expect(throws: Never.self) { try good.run() }
        #expect(good.state.conduct(AgentWorld.agent(0))?.total == count)
    }

    @Test func countsAndStrangersAreRefusedWhenRead() throws {
        let good = try ReadySeries([[1], [40]]).signed
        func refusal(_ change: (inout TransitionSeries) -> Void) -> DecodingFailure.Reason? {
            var series = good
            change(&series)
            var writer = ByteWriter()
            series.write(to: &writer)
            var reader = ByteReader(writer.bytes)
            do throws(DecodingFailure) {
                _ = try TransitionSeries(from: &reader)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.members.removeLast($0.members.count - 1) } == .overLimit)
        #expect(refusal { $0.members = (0..<17).map { _ in good.members[0] } } == .overLimit)
        #expect(
            refusal { $0.members[1].signed.header.agent = AgentWorld.agent(1) } == .notCanonical)
        #expect(
            refusal { $0.proof = [UInt8](repeating: 0, count: AgentLimits.proofBytes + 1) }
                == .overLimit)
    }
}
