// One small valid opening and what the tests of this module do to it.
import BinaryFields
import Ligerito
import Primitives
import Prover

struct Opening {
    var parameters: LigeritoParameters
    var claim: EvaluationClaim
    var proof: [UInt8]

    /// The opening of a random polynomial at a random point.
    init(_ parameters: LigeritoParameters, seed: UInt64, workers: Int = 1) {
        var generator = SeededGenerator(seed: seed)
        let count = 1 << parameters.logElements
        let elements = FieldVector((0..<count).map { _ in .random(&generator) })
        let point = (0..<parameters.logElements).map { _ in GF128.random(&generator) }
        self.parameters = parameters
        claim = EvaluationClaim(
            point: point, value: Equality.evaluate(elements.elements, at: point))
        let prover = LigeritoProver(parameters, workers: Workers(count: workers))
        proof = prover.proof(of: claim, elements, weights: FieldVector(count: count))
    }

    init(parameters: LigeritoParameters, claim: EvaluationClaim, proof: [UInt8]) {
        self.parameters = parameters
        self.claim = claim
        self.proof = proof
    }

    /// Nil where the proof passes.
    var failure: ProofFailure? {
        do throws(ProofFailure) {
            try claim.verify(proof, parameters: parameters)
            return nil
        } catch {
            return error
        }
    }

    /// Three levels of all kinds of width, so small that every byte can be tried.
    static let small = LigeritoParameters(
        logElements: 7,
        levels: [
            LigeritoLevel(foldings: 3, rateBits: 1, queries: 4),
            LigeritoLevel(foldings: 1, rateBits: 2, queries: 3),
            LigeritoLevel(foldings: 2, rateBits: 3, queries: 2),
        ])
}

extension GF128 {
    static func random(_ generator: inout SeededGenerator) -> GF128 {
        GF128(low: generator.next(), high: generator.next())
    }
}
