// Runs for tasks: every step of a run leads from state to state, and what spoils one is named.
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct ComputationTests {
    private func run(
        _ source: String = TestPrograms.summer, _ input: [UInt64] = [3, 4]
    ) throws -> Computation {
        try #require(Computation(of: Programs.agent(source), input: input))
    }

    /// The states of a run, and the step that leads from each to the next.
    private func walk(
        _ source: String, _ input: [UInt64], most: UInt64 = 200
    ) throws -> [RunState] {
        let program = try Programs.agent(source)
        var run = try run(source, input)
        var states = [run.state]
        for step in 1...most {
            let shown = run.next
            #expect(shown.before == states[states.count - 1])
            let after = try shown.after(
                of: program, input: RunState.input(input), count: UInt32(input.count))
            run.advance(to: step)
            #expect(run.state == after, "step \(step)")
            states.append(run.state)
            if run.phase != .running { break }
        }
        return states
    }

    @Test func everyStepLeadsToTheNextState() throws {
        let states = try walk(TestPrograms.summer, [3, 4])
        let last = try #require(states.last)
        #expect(last.phase == .ended && last.read == 2 && last.written == 2)
        #expect(last.output == RunState.output([3, 7]))
        var whole = try run()
        whole.advance(to: 1 << 40)
        #expect(whole.state == last && whole.output == [3, 7] && whole.hasReadInput)
        #expect(whole.steps == UInt64(states.count - 1))
        #expect(Set(states.map(\.digest)).count == states.count)
    }

    /// A run does not depend on where it was stopped in between.
    @Test(arguments: propertySeeds.prefix(4)) func stopsChangeNothing(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let input = (0..<5).map { _ in UInt64.random(in: 0...UInt64.max, using: &generator) }
        var whole = try run(TestPrograms.summer, input)
        var parts = whole
        let end = UInt64.random(in: 1...60, using: &generator)
        whole.advance(to: end)
        for step in 1...end where Bool.random(using: &generator) { parts.advance(to: step) }
        parts.advance(to: end)
        #expect(parts.state == whole.state, "seed \(seed), \(end) steps")
    }

    @Test func everyWayToEnd() throws {
        let ends: [(String, String, RunPhase)] = [
            ("exit", "ecalli 3", .ended), ("halt", "jump_ind r0, 0", .ended),
            ("no word left", "ecalli 0\necalli 0\necalli 0", .ended), ("trap", "trap", .failed),
            ("a call of agents", "ecalli 4", .failed), ("an answer", "ecalli 5", .failed),
            ("an unknown call", "ecalli 99", .failed),
            ("a page that is not there", "load_u64 r3, 0x60000000", .failed),
        ]
        for (name, source, phase) in ends {
            let states = try walk(".stack 4096\n ecalli 2\n" + source, [1, 2])
            #expect(states.last?.phase == phase, "\(name)")
        }
    }

    /// The run writes as many words as may be, and one more.
    @Test func wordsWrittenHaveALimit() throws {
        var run = try run(".stack 4096\nword:\necalli 1\njump word", [])
        run.advance(to: 1 << 20)
        #expect(run.phase == .failed)
        #expect(run.state.written == UInt32(AgentLimits.wordsPerList))
        #expect(run.output.count == AgentLimits.wordsPerList)
        let most = [UInt64](repeating: 0, count: AgentLimits.wordsPerList + 1)
        #expect(Computation(of: try Programs.agent(TestPrograms.summer), input: most) == nil)
    }

    @Test func eachFaultOfAStepHasItsName() throws {
        let program = try Programs.agent(TestPrograms.summer)
        let input: [UInt64] = [3, 4]
        var run = try run()
        func refusal(_ step: RunStep) -> RunStepFailure? {
            do throws(RunStepFailure) {
                _ = try step.after(of: program, input: RunState.input(input), count: 2)
                return nil
            } catch { return error }
        }
        run.advance(to: 2)
        let read = run.next
        run.advance(to: 3)
        let load = run.next
        run.advance(to: 99)
        let over = run.next
        #expect([read, load, over].compactMap(refusal).isEmpty)
        let faults: [(RunStepFailure, RunStep, (inout RunStep) -> Void)] = [
            (.superfluous, over, { $0.input = input }),
            (.superfluous, over, { $0.witness = load.witness }),
            (.malformedWitness, load, { $0.witness = nil }),
            (.malformedWitness, load, { $0.witness?.leaves.removeFirst() }),
            (.malformedWitness, load, { $0.witness?.siblings.removeLast() }),
            (.malformedWitness, load, { $0.witness?.leaves[2].index = .max }),
            (.wrongRoot, load, { $0.witness?.leaves[2].bytes[0] ^= 1 }),
            (.wrongRoot, load, { $0.before.root = Digest() }),
            (.wrongInput, read, { $0.input = [3, 5] }),
            (.wrongInput, read, { $0.input = [3] }),
            (.missingInput, read, { $0.input = nil }),
            (.superfluousWitness, load, { $0.input = input }),
        ]
        for (failure, step, spoil) in faults {
            var step = step
            spoil(&step)
            #expect(refusal(step) == failure)
        }
    }

    @Test func aLeafThatIsNeededAndNotShown() throws {
        let source = ".heap 1\n.stack 4096\nload_u64 r3, 0x20000\ntrap"
        let program = try Programs.agent(source)
        var step = try run(source, []).next
        let tree = ImageTree(of: program.initialImage, leafCount: program.leafCount)
        step.witness = Multiproof(of: [0, 1], in: tree, image: program.initialImage)
        #expect(throws: RunStepFailure.missingLeaf(2)) {
            try step.after(of: program, input: RunState.input([]), count: 0)
        }
    }

    /// Registers and words that were read change what comes next, so that no state stands for two.
    @Test func everyPartOfAStateIsInItsDigest() throws {
        let state = try run().state
        let changes: [(inout RunState) -> Void] = [
            { $0.phase = .ended }, { $0.root = Digest() }, { $0.read = 1 }, { $0.written = 1 },
            { $0.output = Digest(repeating: 1) },
        ]
        let digests = changes.map { change in
            var changed = state
            change(&changed)
            return changed.digest
        }
        #expect(Set(digests + [state.digest]).count == changes.count + 1)
    }

    @Test func wordsHaveOneDigest() {
        #expect(RunState.output([]) == Digest())
        #expect(RunState.output([1, 2]) != RunState.output([2, 1]))
        #expect(RunState.input([]) != RunState.input([0]))
    }
}
