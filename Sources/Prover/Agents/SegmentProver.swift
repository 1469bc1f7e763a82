// Proves what an agent's program did: traces its runs, several to a proof, and cuts long ones.
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
    /// More proofs than a chain has.
    case tooLong
    /// A proof cannot be made.
    case proving(ProvingFailure)
    /// The proof has more bytes than a transition can carry.
    case tooLarge(bytes: Int)
    /// The run does not lead to the state that the transition says.
    case wrongRoot
    /// A call that the host refuses.
    case dialogue(RunFailure)
}

extension AgentProofFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidImage: "the state is not one of the program"
        case .stopped(let steps):
            "the run stops after \(steps) steps: the next one panics, faults, or is a call that "
                + "the host does not answer"
        case .foreignMemory: "the run touches memory that no agent has"
        case .tooLong: "the run needs more than \(ProofChain.mostProofs) proofs"
        case .proving(let failure): failure.description
        case .tooLarge(let bytes):
            "the proof has \(bytes) bytes, more than the \(AgentLimits.proofBytes) of a transition"
        case .wrongRoot: "the run does not lead to the state that the transition says"
        case .dialogue(let failure): failure.proofSentence
        }
    }
}

/// A run to be proven.
public struct RunRequest {
    public var image: Image
    /// Nil for all that the host lets happen.
    public var steps: UInt64?
    /// Gets the number of a call and register 7, and gives register 7 after it, or nil to end the
    /// run before the call.
    public var host: (_ number: UInt32, _ register: UInt64) -> UInt64?

    public init(
        image: Image, steps: UInt64?,
        host: @escaping (_ number: UInt32, _ register: UInt64) -> UInt64?
    ) {
        (self.image, self.steps, self.host) = (image, steps, host)
    }
}

/// Proves the runs of one agent's program; keeps its memory between them.
public final class SegmentProver {
    private let program: ProvableAgent
    private let prover: RunProver
    /// Steps of one proof, 1 to `Trace.mostSteps`.
    private let segmentSteps: Int

    public init(_ program: ProvableAgent, workers: Workers, segmentSteps: Int) {
        precondition((1...Trace.mostSteps).contains(segmentSteps), "a segment has a proof")
        (self.program, self.segmentSteps) = (program, segmentSteps)
        prover = RunProver(workers: workers)
    }

    /// Runs that one proof will show.
    private struct Joint {
        var trace: Trace
        var statements: [Statement] = []
        var witnesses: [Multiproof] = []
    }

    /// The proofs of all requested runs, in order: as many runs to a proof as have room in
    /// `segmentSteps` steps, and a longer run in as many proofs as it takes.
    ///
    /// - Parameter progress: is told the steps that are proven.
    public func proof(
        of requests: [RunRequest], progress: (UInt64) -> Void = { _ in }
    ) throws(AgentProofFailure) -> ProofChain {
        var chain = ProofChain([])
        // Traced and not proven: whether it is the only one decides how sure it must be.
        var waiting: Joint?
        var open: Joint?
        for request in requests {
            var (image, done) = (request.image, UInt64(0))
            while request.steps.map({ done < $0 }) ?? true {
                if let full = open, isFull(full) {
                    if let first = waiting {
                        try prove(first, isOnly: false, &chain, progress)
                    }
                    (waiting, open) = (full, nil)
                }
                let before = open?.trace.stepCount ?? 0
                let most = min(UInt64(segmentSteps - before), (request.steps ?? .max) - done)
                guard let next = try extend(&open, from: image, limit: Int(most), request.host)
                else { break }
                done += UInt64((open?.trace.stepCount ?? 0) - before)
                image = next.image
                if next.isEnd { break }
            }
            guard done > 0, request.steps.map({ $0 == done }) ?? true else {
                throw .stopped(steps: done)
            }
        }
        let rest = [waiting, open].compactMap(\.self).filter { !$0.statements.isEmpty }
        let isOnly = chain.proofs.isEmpty && rest.count == 1
        for joint in rest { try prove(joint, isOnly: isOnly, &chain, progress) }
        guard !chain.proofs.isEmpty else { throw .stopped(steps: 0) }
        return chain
    }

    private func isFull(_ joint: Joint) -> Bool {
        joint.trace.stepCount >= segmentSteps || joint.statements.count >= Claim.mostRuns
    }

    /// Traces one run more; nil, with nothing said of it, where it makes no step.
    private func extend(
        _ joint: inout Joint?, from image: Image, limit: Int,
        _ host: (UInt32, UInt64) -> UInt64?
    ) throws(AgentProofFailure) -> (image: Image, isEnd: Bool)? {
        guard let machine = image.machine(of: program.agent, gas: 0), let pc = image.pc,
            let entry = program.provable.position(of: pc)
        else { throw .invalidImage }
        if joint == nil {
            joint = Joint(
                trace: Trace(
                    of: program.provable, memory: machine.memory, registers: image.registers,
                    entry: entry, limit: limit, host: host))
        } else {
            joint?.trace.append(
                memory: machine.memory, registers: image.registers, entry: entry, limit: limit,
                host: host)
        }
        guard let trace = joint?.trace, trace.lastRun.stepCount > 0 else { return nil }
        let number = trace.runs.count - 1
        let none = Digest()
        let bare = trace.statement(of: number, states: (none, none))
        var next = bare.last
        if case .before(let pc) = bare.end, !bare.hasExited { next = pc }
        let touches = trace.runs[number].touches
        guard let (after, touched) = image.after(touches, next: next, of: program.agent) else {
            throw .foreignMemory
        }
        let tree = ImageTree(of: image, leafCount: program.agent.leafCount)
        var newTree = tree
        newTree.update(touched, of: after)
        let statement = trace.statement(of: number, states: (tree.root, newTree.root))
        joint?.statements.append(statement)
        joint?.witnesses.append(Multiproof(of: touched, in: tree, image: image))
        return (after, trace.lastRun.end != .limit || statement.hasExited)
    }

    private func prove(
        _ joint: Joint, isOnly: Bool, _ chain: inout ProofChain, _ progress: (UInt64) -> Void
    ) throws(AgentProofFailure) {
        guard chain.proofs.count < ProofChain.mostProofs else { throw .tooLong }
        let witnesses = joint.trace.witnesses()
        let draft = ProofDraft(
            program: program.provable, statements: joint.statements,
            disclosure: joint.trace.disclosure(witnesses), witnesses: witnesses)
        do throws(ProvingFailure) {
            let proof = try prover.proof(
                of: draft, margin: ProofChain.margin(proofs: isOnly ? 1 : 2))
            chain.proofs.append(JointProof(witnesses: joint.witnesses, proof: proof))
        } catch {
            throw .proving(error)
        }
        progress(chain.steps)
    }
}
