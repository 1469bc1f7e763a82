// The thread on which what agents that run here did is proven, one proof after the other.
import Agents
import ExecutionProof
import Platform
import Primitives
import Prover

/// One prover for all: a run of one program after the other bounds what proving takes. What waits
/// is at most a series of each agent, whose states and drafts the agent holds anyway.
final class ProvingThread: Sendable {
    private let loop: EventLoop
    private let seat: Confined<Seat>

    /// The prover of the program that was proven last, with its memory.
    private final class Seat {
        var prover: (program: Digest, prover: SegmentProver)?
    }

    private static let workers = 2
    /// Steps of one segment.
    private static let segmentSteps = 1 << 14

    init() throws(PlatformFailure) {
        loop = try EventLoop(name: "prover")
        seat = Confined(Seat(), to: loop)
    }

    func start() throws(PlatformFailure) { try loop.start() }
    func stop() { loop.stop() }

    /// Proves transitions when their turn comes; `reply` is called once.
    func prove(
        _ job: ProvingJob, reply: @escaping @Sendable (Result<[UInt8], ProvingRefusal>) -> Void
    ) {
        loop.post { [self] in reply(proof(of: job)) }
    }

    private func proof(of job: ProvingJob) -> Result<[UInt8], ProvingRefusal> {
        guard let prover = prover(of: job.program) else {
            return .failure(ProvingRefusal(reason: "the program has no proofs"))
        }
        do throws(AgentProofFailure) {
            return .success(try prover.proof(of: job.runs))
        } catch {
            return .failure(ProvingRefusal(reason: "\(error)"))
        }
    }

    private func prover(of program: AgentProgram) -> SegmentProver? {
        if let known = seat.value.prover, known.program == program.identity {
            return known.prover
        }
        // Its memory goes before that of the next is taken.
        seat.value.prover = nil
        guard let provable = try? ProvableAgent(program) else { return nil }
        let prover = SegmentProver(
            provable, workers: Workers(count: Self.workers), segmentSteps: Self.segmentSteps)
        seat.value.prover = (program.identity, prover)
        return prover
    }
}
