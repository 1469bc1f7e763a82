// Transitions made on each other before the ledger accepted the first: accepted, given up, and kept.
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct HeldTransitionTests {
    /// An agent that holds what it makes of these messages, and the actions of the last step.
    private struct Holder {
        var instance: Instance
        var actions: [InstanceAction] = []

        init(_ messages: [[UInt64]], _ source: String = TestPrograms.adder) throws {
            instance = try Household(source).instance
            for words in messages {
                tell(.message(Message(words)))
                while instance.mayHold { tell(.held) }
            }
        }

        /// Tells it something and runs it until it made a transition or rests.
        mutating func tell(_ input: InstanceInput) {
            actions = []
            instance.step(input, at: Household.start, into: &actions)
            for _ in 0..<20 where instance.isRunnable(at: Household.start) {
                instance.step(.run(quantum: 10_000), at: Household.start, into: &actions)
            }
        }

        var headers: [TransitionHeader] { instance.waiting.map(\.header) }

        var outputs: [UInt64] {
            actions.flatMap { action -> [UInt64] in
                if case .settled(_, let output, _) = action { return output }
                return []
            }
        }
    }

    @Test func eachStartsWhereTheOneBeforeLeadsTo() throws {
        var holder = try Holder([[1], [2], [40]])
        let root = holder.instance.root
        #expect(holder.instance.isHolding && holder.instance.sequence == 0)
        holder.tell(.gathered)
        #expect(!holder.instance.isHolding)
        #expect(holder.actions.contains { if case .submit = $0 { true } else { false } })
        let headers = holder.headers
        #expect(headers.map(\.sequence) == Array(1...UInt64(headers.count)))
        #expect(headers.first?.oldRoot == root && holder.instance.root == root)
        for (one, next) in zip(headers, headers.dropFirst()) {
            #expect(one.newRoot == next.oldRoot)
        }
        for (draft, image) in holder.instance.waitingRuns {
            #expect(
                ImageTree(of: image, leafCount: holder.instance.program.leafCount).root
                    == draft.header.oldRoot)
            try draft.signed(by: #require(Household.key)).reexecute(holder.instance.program)
        }
    }

    @Test func allAreSettledInOrder() throws {
        var holder = try Holder([[1], [2], [40]])
        holder.tell(.gathered)
        let last = try #require(holder.headers.last)
        holder.tell(.ledger(sequence: last.sequence, root: last.newRoot))
        #expect(holder.outputs == [1, 3, 43])
        #expect(holder.instance.sequence >= last.sequence)
        #expect(holder.headers.allSatisfy { $0.sequence > last.sequence })
    }

    /// Another transition of a sequence is never under an attempt that was used for it.
    @Test func aRefusedSeriesIsDoneAgainAlone() throws {
        var holder = try Holder([[1], [2], [40]])
        holder.tell(.gathered)
        var used = holder.headers
        var outputs: [UInt64] = []
        let root = holder.instance.root
        holder.tell(.refused(sequence: 0, root: root))
        while let next = holder.headers.first, outputs.last != 43 {
            #expect(holder.instance.waiting.count == 1 && !holder.instance.mayHold)
            #expect(
                used.allSatisfy { $0.sequence != next.sequence || $0.attempt != next.attempt })
            used.append(next)
            holder.tell(.ledger(sequence: next.sequence, root: next.newRoot))
            outputs += holder.outputs
        }
        #expect(outputs == [1, 3, 43])
    }

    /// The ledger has the first ones only: the others are made again, as other attempts.
    @Test func aPartThatWasAccepted() throws {
        var holder = try Holder([[1], [2], [40]])
        holder.tell(.gathered)
        let made = holder.headers
        let second = made[1]
        holder.tell(.ledger(sequence: second.sequence, root: second.newRoot))
        #expect(holder.outputs == [1])
        let next = try #require(holder.headers.first)
        #expect(next.sequence == 3 && next.oldRoot == second.newRoot)
        #expect(next.attempt > made[2].attempt)
    }

    @Test func whatIsKeptGoesOn() throws {
        var holder = try Holder([[1], [2], [40]])
        holder.tell(.gathered)
        let kept = holder.instance.kept
        let again = try Instance(
            restoring: kept, holder.instance.identity, of: holder.instance.program,
            at: Household.start)
        #expect(again.kept == kept && again.waiting == holder.instance.waiting)
        #expect(!again.isHolding && again.root == holder.instance.root)
        for length in stride(from: 0, to: kept.count, by: 997) {
            #expect(throws: DecodingFailure.self) {
                try Instance(
                    restoring: Array(kept[..<length]), again.identity, of: again.program,
                    at: Household.start)
            }
        }
    }

    /// What was kept before there were series: one transition, and nothing that was given up.
    @Test func theVersionBefore() throws {
        var holder = try Holder([])
        holder.tell(.message(Message([5])))
        var old = holder.instance.kept
        #expect(holder.instance.waiting.count == 1)
        old[0] = 1
        old.removeLast(8)
        let again = try Instance(
            restoring: old, holder.instance.identity, of: holder.instance.program,
            at: Household.start)
        #expect(again.kept == holder.instance.kept)
        old[0] = 3
        #expect(throws: DecodingFailure.self) {
            try Instance(
                restoring: old, again.identity, of: again.program, at: Household.start)
        }
    }

    @Test func aSeriesHasALimit() throws {
        let holder = try Holder((0..<40 as Range<UInt64>).map { [$0] })
        #expect(holder.instance.waiting.count == TransitionSeries.mostMembers)
        #expect(!holder.instance.isHolding && holder.instance.hasMail)
        // One that is long is the last.
        let long = try Holder([Array(0..<1_000), [1]])
        let steps = long.headers.map(\.effort.steps)
        #expect(steps.dropLast().reduce(0, +) < HeldLimits.steps)
    }

    /// Nobody but the ledger knows the answer: nothing is made on top of the question.
    @Test func whatTheLedgerAnswersIsNotHeld() throws {
        let source = TestPrograms.asker
        let ask = HostRequest.transfer(to: AgentID(repeating: 9), microCredits: 1).frame
        var holder = try Holder([HostRequest.identity.frame, ask, [1]], source)
        #expect(holder.headers.last?.end == .unanswered)
        #expect(!holder.instance.mayHold && holder.instance.hasMail)
        holder.tell(.held)
        #expect(!holder.instance.isHolding)
    }

    /// A program that fails without reading anything: what it did before is submitted first.
    @Test func aCrashBehindWhatIsHeld() throws {
        let source = ".stack 4096\n ecalli 0\n ecalli 0\n ecalli 1\n ecalli 2\n trap"
        var holder = try Holder([[7]], source)
        #expect(!holder.instance.hasEnded && !holder.instance.isHolding)
        let last = try #require(holder.headers.last)
        holder.tell(.ledger(sequence: last.sequence, root: last.newRoot))
        #expect(holder.outputs == [7] && holder.instance.hasEnded)
    }
}
