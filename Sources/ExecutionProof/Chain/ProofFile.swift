// A proof as it is kept in a file: the program and a chain of proofs of its run, enough for anybody
// to check it alone (docs/spec/proof.md §11).
import Agents
import Primitives

/// Why a file does not prove what it says. The checks are made in this order.
public enum ProofFileFailure: Error, Hashable, Sendable {
    case program(ProgramRefusal)
    case unprovable(UnprovableProgram)
    case chain(ChainFailure)
    case host(HostRuleFailure)
}

/// A program, and the proof of a run of it from some state to another.
public struct ProofFile: Hashable, Sendable {
    /// Bytes of a file, at most.
    public static let mostBytes = AgentLimits.programBytes + ProofChain.mostBytes + 16

    /// An encoded standard program.
    public var program: [UInt8]
    public var chain: ProofChain

    public init(program: [UInt8], chain: ProofChain) {
        (self.program, self.chain) = (program, chain)
    }

    /// The words of the run and the program, which ran so; which words its host should have given,
    /// and whether the first state is one that anybody accepted, are for the caller to judge.
    public func check() throws(ProofFileFailure) -> (words: HostWords, program: ProvableAgent) {
        let provable = try provable()
        do throws(ChainFailure) {
            try chain.check(of: provable)
        } catch {
            throw .chain(error)
        }
        do throws(HostRuleFailure) {
            return (try HostWords(chain), provable)
        } catch {
            throw .host(error)
        }
    }

    private func provable() throws(ProofFileFailure) -> ProvableAgent {
        let agent: AgentProgram
        do throws(ProgramRefusal) {
            agent = try AgentProgram(decoding: program)
        } catch {
            throw .program(error)
        }
        do throws(UnprovableProgram) {
            return try ProvableAgent(agent)
        } catch {
            throw .unprovable(error)
        }
    }
}

extension ProofFile {
    /// The ASCII bytes `althing proof v1`, the counted program, the counted chain.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 1 << 17)
        writer.append(Self.mark)
        writer.writeCounted(program)
        writer.writeCounted(chain.encoded)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.read(count: Self.mark.count) == Self.mark else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        program = try reader.readCounted(limit: AgentLimits.programBytes)
        chain = try ProofChain(
            decoding: try reader.readCounted(limit: ProofChain.mostBytes))
        try reader.finish()
    }

    private static let mark = Array("althing proof v1".utf8)
}
