// The folder of an agent that runs here: its program, its key, and what it kept.
import Agents
import Cryptography
import Primitives

struct AgentHome {
    /// An existing directory.
    let path: String

    private var programPath: String { path + "/program.pvm" }
    private var statePath: String { path + "/state" }
    /// Where the agent is if the ledger accepted what was submitted last.
    private var nextPath: String { path + "/state.next" }
    private var evidencePath: String { path + "/evidence" }
    var key: KeyStore { KeyStore(path: path + "/agent.key") }

    /// A transition is asked for explicitly; none is made in between, but for the limits, and
    /// where more steps would make a proof too large.
    private static func policy(_ evidence: Evidence.Kind) -> SubmissionPolicy {
        SubmissionPolicy(
            interval: 0, steps: evidence == .proof ? provenSteps : 0, touchedBytes: 0,
            isOnRequest: true)
    }

    /// A rest at which this is reached is submitted: twice as many steps still have a proof that a
    /// transition can carry.
    static let provenSteps: UInt64 = 4_000

    static func program(_ path: String) throws(CommandFailure) -> AgentProgram {
        let bytes = try LocalFiles.read(path, limit: AgentLimits.programBytes)
        do throws(ProgramRefusal) {
            return try AgentProgram(decoding: bytes)
        } catch {
            throw .refused("\(path) is no program of an agent: \(error)")
        }
    }

    func keep(_ program: AgentProgram) throws(CommandFailure) {
        try LocalFiles.write(program.encoded, to: programPath)
    }

    func keep(_ evidence: Evidence.Kind) throws(CommandFailure) {
        try LocalFiles.write(Array("\(evidence)\n".utf8), to: evidencePath)
    }

    /// What the agent submits as evidence; re-execution where nothing was kept.
    func evidence() throws(CommandFailure) -> Evidence.Kind {
        guard LocalFiles.exists(evidencePath) else { return .reexecution }
        let text = String(
            decoding: try LocalFiles.read(evidencePath, limit: 64), as: UTF8.self)
        let kind = Evidence.Kind.allCases.first { "\($0)\n" == text }
        guard let kind else { throw .refused("\(evidencePath) names no kind of evidence") }
        return kind
    }

    /// Durable when it returns.
    func keep(_ instance: Instance) throws(CommandFailure) {
        try LocalFiles.write(instance.kept, to: statePath)
    }

    /// Keeps what the agent is if the ledger accepts what is submitted next. Durable when it
    /// returns.
    func keepNext(_ instance: Instance) throws(CommandFailure) {
        try LocalFiles.write(instance.kept, to: nextPath)
    }

    /// The agent as it was kept, or as it was to be after a submission that the ledger accepted
    /// and nobody heard of; before its first step where nothing was kept.
    ///
    /// - Parameter place: where the ledger says it is.
    func instance(
        _ agent: AgentID, chain: Digest, gasLimit: UInt64, at now: Instant,
        place: (sequence: UInt64, root: Digest)
    ) throws(CommandFailure) -> Instance {
        let kept = try instance(statePath, agent, chain: chain, gasLimit: gasLimit, at: now)
        guard !kept.stands(at: place), LocalFiles.exists(nextPath) else { return kept }
        let next = try instance(nextPath, agent, chain: chain, gasLimit: gasLimit, at: now)
        return next.stands(at: place) ? next : kept
    }

    private func instance(
        _ statePath: String, _ agent: AgentID, chain: Digest, gasLimit: UInt64, at now: Instant
    ) throws(CommandFailure) -> Instance {
        let program = try Self.program(programPath)
        let identity = InstanceIdentity(
            chain: chain, agent: agent, policy: Self.policy(try evidence()), gasLimit: gasLimit)
        guard LocalFiles.exists(statePath) else {
            return Instance(identity, of: program, at: now)
        }
        let bytes = try LocalFiles.read(statePath, limit: 4 * AgentLimits.imageBytes)
        do throws(DecodingFailure) {
            return try Instance(restoring: bytes, identity, of: program, at: now)
        } catch {
            throw .refused("\(statePath) is not the state of this agent: \(error.reason)")
        }
    }
}

extension Instance {
    /// Whether the ledger has the agent where it is here, or where its open submission leads.
    fileprivate func stands(at place: (sequence: UInt64, root: Digest)) -> Bool {
        let header = submitted?.header
        return (sequence, root) == place
            || (header?.sequence == place.sequence && header?.newRoot == place.root)
    }
}
