// Openings of commitments and whole proofs of runs, from an enemy: nothing traps, whatever comes.
import Agents
import BinaryFields
import ExecutionProof
import Ligerito
import PVM
import Primitives
import Prover

extension DecoderCheck {
    static let proofs = [
        DecoderCheck("opening", mostBytes: 4096) { bytes throws(BrokenRule) in
            guard let parameters = ProofSample.parameters else { return false }
            do throws(ProofFailure) {
                try ProofSample.claim.verify(bytes, parameters: parameters)
                return true
            } catch {
                return false
            }
        },
        DecoderCheck("run-proof", mostBytes: 1 << 16) { bytes throws(BrokenRule) in
            guard let proof = try? RunProof(decoding: bytes) else { return false }
            try require(proof.encoded == bytes, "a proof has one encoding")
            guard let program = ExecutionSample.program else { return false }
            do throws(RunProofFailure) {
                _ = try proof.check(of: program, margin: 0)
                return true
            } catch {
                return false
            }
        },
        DecoderCheck("transition-series", mostBytes: 1 << 16) { bytes throws(BrokenRule) in
            var reader = ByteReader(bytes)
            guard let series = try? TransitionSeries(from: &reader),
                (try? reader.finish()) != nil
            else { return false }
            var writer = ByteWriter()
            series.write(to: &writer)
            try require(writer.bytes == bytes, "a series has one encoding")
            let paid = series.parts.reduce(0) { $0 + $1.bytes }
            try require(paid >= bytes.count, "every byte is paid for")
            guard let program = AgentPlay.program, let provable = try? ProvableAgent(program)
            else { return false }
            do throws(TransitionProofFailure) {
                try series.checkProof(provable)
                return true
            } catch {
                return false
            }
        },
        DecoderCheck("proof-file", mostBytes: 1 << 17) { bytes throws(BrokenRule) in
            guard let file = try? ProofFile(decoding: bytes) else { return false }
            try require(file.encoded == bytes, "a file of a proof has one encoding")
            do throws(ProofFileFailure) {
                _ = try file.check()
                return true
            } catch {
                return false
            }
        },
    ]
}

/// A small polynomial with a claim about it.
enum ProofSample {
    static let parameters = LigeritoParameters(
        logElements: 7,
        levels: [
            LigeritoLevel(foldings: 3, rateBits: 1, queries: 4),
            LigeritoLevel(foldings: 1, rateBits: 2, queries: 3),
            LigeritoLevel(foldings: 2, rateBits: 3, queries: 2),
        ])

    private static let elements: [GF128] = {
        var generator = SeededGenerator(seed: 1)
        return (0..<128).map { _ in GF128(low: generator.next(), high: generator.next()) }
    }()

    static let claim: EvaluationClaim = {
        var generator = SeededGenerator(seed: 2)
        let point = (0..<7).map { _ in GF128(low: generator.next(), high: generator.next()) }
        return EvaluationClaim(point: point, value: Equality.evaluate(elements, at: point))
    }()

    static var opening: [UInt8] {
        guard let parameters else { return [] }
        return LigeritoProver(parameters, workers: Workers(count: 1)).proof(
            of: claim, FieldVector(elements), weights: FieldVector(count: 128))
    }

    /// The proof of a run of so many steps at most.
    static func run(steps: Int) -> [UInt8] {
        let root = LedgerPlay.chain
        guard let trace = ExecutionSample.trace(steps: steps) else { return [] }
        let prover = RunProver(workers: Workers(count: 1))
        let proof = try? prover.proof(of: trace, states: [(root, root)], margin: 0)
        return proof?.encoded ?? []
    }

    /// One proof of two runs of that program by an agent, of so many steps each.
    static func twoRuns(steps: UInt64) -> [UInt8] {
        guard let agent = AgentPlay.program, let program = try? ProvableAgent(agent) else {
            return []
        }
        let prover = SegmentProver(program, workers: Workers(count: 1), segmentSteps: 8)
        let requests = [2, 3].map { (change: UInt64) in
            RunRequest(image: agent.initialImage, steps: steps) { _, word in word &+ change }
        }
        let chain = try? prover.proof(of: requests)
        return chain.map { ProofFile(program: agent.encoded, chain: $0).encoded } ?? []
    }

    /// The first transitions of that agent, with one proof of them.
    static func series(_ count: Int) throws -> [UInt8] {
        guard let agent = AgentPlay.program else { return [] }
        var play = AgentPlay(agent)
        try play.run()
        let prover = SegmentProver(
            try ProvableAgent(agent), workers: Workers(count: 1), segmentSteps: 64)
        let proof = try prover.proof(of: Array(play.drafts.prefix(count)))
        let members = play.transitions.prefix(count).map {
            TransitionSeries.Member(signed: $0.signed, exchange: $0.exchange)
        }
        var writer = ByteWriter()
        TransitionSeries(members, proof: proof).write(to: &writer)
        return writer.bytes
    }

    /// The proof of the first steps of an agent's program, in segments of two.
    static func file(steps: UInt64) -> [UInt8] {
        guard let agent = AgentPlay.program, let program = try? ProvableAgent(agent) else {
            return []
        }
        let prover = SegmentProver(program, workers: Workers(count: 1), segmentSteps: 2)
        let chain = try? prover.proof(
            of: [
                RunRequest(image: agent.initialImage, steps: steps) { _, word in word &+ 2 }
            ])
        return chain.map { ProofFile(program: agent.encoded, chain: $0).encoded } ?? []
    }
}
