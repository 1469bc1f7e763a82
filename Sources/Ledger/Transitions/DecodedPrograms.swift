// Programs that agents ran last, ready to run: how many are here changes no result.
import Agents
import ExecutionProof
import Primitives

/// A program as it runs and, on a chain that accepts proofs, as it is proven.
struct DecodedProgram: Sendable {
    let agent: AgentProgram
    let provable: ProvableAgent?

    init(_ agent: AgentProgram, isProvable: Bool) {
        self.agent = agent
        provable = isProvable ? try? ProvableAgent(agent) : nil
    }
}

struct DecodedPrograms: Sendable {
    /// Programs kept, at most: some 60 MB where all are as large as may be.
    private static let most = 32

    /// The one that was kept last is the last.
    private var programs: [DecodedProgram] = []

    /// A program, decoded now where it is not here.
    func program(_ identity: Digest, _ bytes: (Digest) -> [UInt8]?) -> AgentProgram? {
        if let known = known(identity) { return known.agent }
        // Only programs that decode were registered.
        return bytes(identity).flatMap { try? AgentProgram(decoding: $0) }
    }

    /// The same as it is proven.
    func provable(_ identity: Digest, _ bytes: (Digest) -> [UInt8]?) -> ProvableAgent? {
        if let known = known(identity)?.provable { return known }
        return program(identity, bytes).flatMap { try? ProvableAgent($0) }
    }

    private func known(_ identity: Digest) -> DecodedProgram? {
        programs.first { $0.agent.identity == identity }
    }

    /// Keeps a program that was run, in the place of the one that was kept first.
    mutating func keep(
        _ identity: Digest, isProvable: Bool, _ bytes: (Digest) -> [UInt8]?
    ) {
        guard known(identity) == nil, let program = program(identity, bytes) else { return }
        if programs.count == Self.most { programs.removeFirst() }
        programs.append(DecodedProgram(program, isProvable: isProvable))
    }
}
