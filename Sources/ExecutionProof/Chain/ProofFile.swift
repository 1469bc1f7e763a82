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

/// What a file that holds proves.
public struct ProvenRuns: Sendable {
    /// A run, in the parts into which it was cut.
    public struct Run: Sendable {
        /// At least one, each from the state that the one before left.
        public let statements: [Statement]
        public let words: HostWords

        public var roots: (before: Digest, after: Digest) {
            (statements[0].before, statements[statements.count - 1].after)
        }
        public var steps: UInt64 { statements.reduce(0) { $0 + UInt64($1.steps) } }
        public var gas: UInt64 { statements.reduce(0) { $0 &+ $1.gas } }
    }

    public let program: ProvableAgent
    /// At least 100.
    public let soundnessBits: Int
    public let runs: [Run]
}

extension ProofChain {
    /// The statements, those together that go on where the one before ended.
    var stories: [[Statement]] {
        var stories: [[Statement]] = []
        for statement in statements {
            if let before = stories.last?.last, !before.hasExited,
                before.after == statement.before
            {
                stories[stories.count - 1].append(statement)
            } else {
                stories.append([statement])
            }
        }
        return stories
    }
}

/// A program, and the proofs of runs of it, each from some state to another.
public struct ProofFile: Hashable, Sendable {
    /// Bytes of a file, at most.
    public static let mostBytes = AgentLimits.programBytes + ProofChain.mostBytes + 16

    /// An encoded standard program.
    public var program: [UInt8]
    public var chain: ProofChain

    public init(program: [UInt8], chain: ProofChain) {
        (self.program, self.chain) = (program, chain)
    }

    /// What ran, and what was said; which words the host should have given, and whether the first
    /// states are ones that anybody accepted, are for the caller to judge.
    public func check() throws(ProofFileFailure) -> ProvenRuns {
        let program = try provable()
        let bits: Int
        do throws(ChainFailure) {
            bits = try chain.checkEach(of: program)
        } catch {
            throw .chain(error)
        }
        var runs: [ProvenRuns.Run] = []
        do throws(HostRuleFailure) {
            for statements in chain.stories {
                runs.append(
                    ProvenRuns.Run(statements: statements, words: try HostWords(statements)))
            }
        } catch {
            throw .host(error)
        }
        return ProvenRuns(program: program, soundnessBits: bits, runs: runs)
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
    /// The ASCII bytes `althing proof v2`, the counted program, the counted chain.
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

    private static let mark = Array("althing proof v2".utf8)
}
