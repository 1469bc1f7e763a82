// The folder of an agent that runs here: its program, its key, and what it kept.
import Agents
import Cryptography
import Primitives

struct AgentHome {
    /// An existing directory.
    let path: String

    private var programPath: String { path + "/program.pvm" }
    private var statePath: String { path + "/state" }
    var key: KeyStore { KeyStore(path: path + "/agent.key") }

    /// A transition is asked for explicitly; none is made in between, but for the limits.
    private static let policy = SubmissionPolicy(
        interval: 0, steps: 0, touchedBytes: 0, isOnRequest: true)

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

    /// Durable when it returns.
    func keep(_ instance: Instance) throws(CommandFailure) {
        try LocalFiles.write(instance.kept, to: statePath)
    }

    /// An agent before its first step where nothing was kept.
    func instance(
        _ agent: AgentID, chain: Digest, gasLimit: UInt64, at now: Instant
    ) throws(CommandFailure) -> Instance {
        let program = try Self.program(programPath)
        let identity = InstanceIdentity(
            chain: chain, agent: agent, policy: Self.policy, gasLimit: gasLimit)
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
