// How a transition is checked by running the program again, on the touched part of the state alone.
import Primitives

/// Why a transition is not what its program does. The checks are made in this order.
public enum ReexecutionFailure: Error, Hashable, Sendable {
    /// The evidence is a proof, which is not checked by running.
    case noWitness
    case wrongProgram
    /// The exchange is not the one that was signed.
    case wrongExchange
    /// Leaves out of order or beyond the tree, those of the registers not shown, or not exactly
    /// the siblings that are needed.
    case malformedWitness
    /// The touched part is not one of the old state.
    case wrongOldRoot
    case run(RunFailure)
    /// The run does not rest where and when the transition says.
    case wrongEnd
    /// Not all of the messages, or of the answer, was read.
    case unreadInput
    case wrongOutput
    case wrongRequests
    case wrongEffort(found: Effort)
    /// A leaf is shown that was not touched.
    case superfluousWitness
    case wrongNewRoot
}

extension Transition {
    /// Throws unless the program, run on the touched part of the old state with what the
    /// transition says it was told, does what the transition says and leaves the new state.
    ///
    /// Takes time in proportion to the gas stated, the most expensive basic block and the image,
    /// whatever the program.
    ///
    /// - Parameter program: the one whose identity the header states.
    public func reexecute(_ program: AgentProgram) throws(ReexecutionFailure) {
        guard case .reexecution(let witness) = evidence else { throw .noWitness }
        guard header.program == program.identity else { throw .wrongProgram }
        guard header.exchange == exchange.digest else { throw .wrongExchange }
        let image = try Self.image(witness, program, root: header.oldRoot)
        let (run, rest) = try replay(program, from: image, witness)
        try compare(run, rest)
        try compareState(run, rest, program, witness)
    }

    /// The old state as far as it is shown; zero elsewhere.
    private static func image(
        _ witness: Multiproof, _ program: AgentProgram, root: Digest
    ) throws(ReexecutionFailure) -> Image {
        let size = Image.cellBytes + program.standard.windowBytes
        let contents = witness.leaves.map { $0.bytes[...] }
        guard witness.leaves.prefix(2).map(\.index) == [0, 1],
            witness.leaves.allSatisfy({ Int($0.index) < size / ImageTree.leafBytes }),
            let found = witness.root(leafCount: program.leafCount, contents: contents)
        else { throw .malformedWitness }
        guard found == root else { throw .wrongOldRoot }
        var bytes = [UInt8](repeating: 0, count: size)
        for leaf in witness.leaves {
            let start = Int(leaf.index) * ImageTree.leafBytes
            bytes.replaceSubrange(start..<start + ImageTree.leafBytes, with: leaf.bytes)
        }
        return Image(bytes: bytes)
    }

    private func replay(
        _ program: AgentProgram, from image: Image, _ witness: Multiproof
    ) throws(ReexecutionFailure) -> (Run, Rest) {
        let surroundings = Surroundings(
            agent: header.agent, time: header.time, answer: exchange.answer)
        // The block in which the run rests was paid to its end.
        guard header.effort.gas <= AgentLimits.gas else {
            throw .wrongEffort(found: header.effort)
        }
        let limit = header.effort.gas + program.highestBlockGas
        do throws(RunFailure) {
            var run = try Run(
                of: program, from: image, in: surroundings, gasLimit: limit,
                known: Set(witness.leaves.map { Int($0.index) }))
            for message in exchange.messages { try run.deliver(message) }
            while true {
                let rest = try run.advance(quantum: limit)
                let isLast = rest != .yielded || run.yields >= Int(header.effort.turns)
                if isLast { return (run, rest) }
            }
        } catch {
            throw .run(error)
        }
    }

    private func compare(_ run: Run, _ rest: Rest) throws(ReexecutionFailure) {
        let turns = run.turns(at: rest)
        guard TransitionEnd(rest) == header.end, turns == Int(header.effort.turns) else {
            throw .wrongEnd
        }
        guard run.hasReadInput else { throw .unreadInput }
        guard run.output == exchange.output else { throw .wrongOutput }
        guard run.requests == exchange.requests else { throw .wrongRequests }
        let found = run.effort(at: rest)
        guard found == header.effort else { throw .wrongEffort(found: found) }
    }

    private func compareState(
        _ run: Run, _ rest: Rest, _ program: AgentProgram, _ witness: Multiproof
    ) throws(ReexecutionFailure) {
        guard run.touchedLeaves == witness.leaves.map({ Int($0.index) }) else {
            throw .superfluousWitness
        }
        let image = run.image(at: rest)
        let contents = witness.leaves.map { image.leaf(Int($0.index)) }
        guard witness.root(leafCount: program.leafCount, contents: contents) == header.newRoot
        else { throw .wrongNewRoot }
    }
}

extension Run {
    /// Yields, and the turn that ends otherwise.
    func turns(at rest: Rest) -> Int { yields + (rest == .yielded ? 0 : 1) }

    func effort(at rest: Rest) -> Effort {
        let steps = steps(at: rest)
        return Effort(
            turns: UInt8(clamping: turns(at: rest)), steps: steps, gas: steps + charges)
    }
}
