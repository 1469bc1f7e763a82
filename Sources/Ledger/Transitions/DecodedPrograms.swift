// Programs that agents ran last, ready to run: how many are here changes no result.
import Agents
import Primitives

struct DecodedPrograms: Sendable {
    /// Programs kept, at most: some 60 MB where all are as large as may be.
    private static let most = 32

    /// The one that was kept last is the last.
    private var programs: [AgentProgram] = []

    /// A program, decoded now where it is not here.
    func program(_ identity: Digest, _ bytes: (Digest) -> [UInt8]?) -> AgentProgram? {
        if let known = programs.first(where: { $0.identity == identity }) { return known }
        // Only programs that decode were registered.
        return bytes(identity).flatMap { try? AgentProgram(decoding: $0) }
    }

    /// Keeps a program that was run, in the place of the one that was kept first.
    mutating func keep(_ identity: Digest, _ bytes: (Digest) -> [UInt8]?) {
        guard !programs.contains(where: { $0.identity == identity }),
            let program = program(identity, bytes)
        else { return }
        if programs.count == Self.most { programs.removeFirst() }
        programs.append(program)
    }
}
