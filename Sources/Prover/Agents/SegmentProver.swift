// Proves what an agent's program did: traces it from a state, cuts it into segments, proves each.
import Agents
import ExecutionProof
import PVM
import Primitives

/// Why there is no proof of a run.
public enum AgentProofFailure: Error, Hashable, Sendable {
    /// The state is not one of this program.
    case invalidImage
    /// The run stops before its steps are done, after this many: a panic, a fault, `sbrk`, or a
    /// call that the host does not answer.
    case stopped(steps: UInt64)
    /// It touched memory that no agent has.
    case foreignMemory
    /// More segments than a chain has.
    case tooLong
    /// A segment cannot be proven.
    case proving(ProvingFailure)
    /// The proof has more bytes than a transition can carry.
    case tooLarge(bytes: Int)
    /// The run does not lead to the state that the transition says.
    case wrongRoot
    /// A call that the host refuses.
    case dialogue(RunFailure)
}

/// Proves the runs of one agent's program; keeps its memory between them.
public final class SegmentProver {
    private let program: ProvableAgent
    private let prover: RunProver
    /// Steps of one segment, 1 to `Trace.mostSteps`.
    private let segmentSteps: Int

    public init(_ program: ProvableAgent, workers: Workers, segmentSteps: Int) {
        precondition((1...Trace.mostSteps).contains(segmentSteps), "a segment has a proof")
        (self.program, self.segmentSteps) = (program, segmentSteps)
        prover = RunProver(workers: workers)
    }

    /// The proof of `steps` steps from `image` on, or of fewer where `host` ends the run before.
    ///
    /// - Parameters:
    ///   - steps: nil for all that the host lets happen.
    ///   - host: gets the number of a call and register 7, and gives register 7 after it, or nil
    ///     to end the run before the call.
    ///   - progress: is told the steps that are proven.
    public func proof(
        from image: Image, steps: UInt64?,
        host: (_ number: UInt32, _ register: UInt64) -> UInt64?,
        progress: (UInt64) -> Void = { _ in }
    ) throws(AgentProofFailure) -> ProofChain {
        var image = image
        var segments: [SegmentProof] = []
        var done: UInt64 = 0
        while steps.map({ done < $0 }) ?? true {
            let most = Int(min(UInt64(segmentSteps), (steps ?? .max) - done))
            let trace = try trace(from: image, limit: most, host)
            guard trace.stepCount > 0 else { break }
            guard segments.count < ProofChain.mostSegments else { throw .tooLong }
            let (segment, next) = try prove(trace, from: image)
            segments.append(segment)
            done += UInt64(trace.stepCount)
            progress(done)
            image = next
            if trace.end != .limit || segment.run.statement.hasExited { break }
        }
        guard !segments.isEmpty, steps.map({ $0 == done }) ?? true else {
            throw .stopped(steps: done)
        }
        return ProofChain(segments)
    }

    private func trace(
        from image: Image, limit: Int, _ host: (UInt32, UInt64) -> UInt64?
    ) throws(AgentProofFailure) -> Trace {
        guard let machine = image.machine(of: program.agent, gas: 0), let pc = image.pc,
            let entry = program.provable.position(of: pc)
        else { throw .invalidImage }
        return Trace(
            of: program.provable, memory: machine.memory, registers: image.registers,
            entry: entry, limit: limit, host: host)
    }

    private func prove(
        _ trace: Trace, from image: Image
    ) throws(AgentProofFailure) -> (SegmentProof, Image) {
        let witnesses = trace.witnesses()
        let disclosure = trace.disclosure(witnesses)
        let none = Digest()
        let bare = trace.statement(states: (none, none))
        var next = bare.last
        if case .before(let pc) = bare.end, !bare.hasExited { next = pc }
        guard let (after, touched) = image.after(disclosure, next: next, of: program.agent) else {
            throw .foreignMemory
        }
        let leaves = program.agent.leafCount
        let tree = ImageTree(of: image, leafCount: leaves)
        var newTree = tree
        newTree.update(touched, of: after)
        let statement = trace.statement(states: (tree.root, newTree.root))
        let run: RunProof
        do throws(ProvingFailure) {
            run = try prover.proof(of: program.provable, statement, disclosure, witnesses)
        } catch {
            throw .proving(error)
        }
        let witness = Multiproof(of: touched, in: tree, image: image)
        return (SegmentProof(witness: witness, run: run), after)
    }
}
