// Honest openings pass, whatever their shape, and are the same on any number of threads.
import BinaryFields
import Ligerito
import Primitives
import Prover
import Testing

@Suite struct OpeningTests {
    @Test(arguments: [6, 8, 11, 14, 15]) func honestOpeningsPass(logElements: Int) throws {
        let parameters = try #require(LigeritoParameters.standard(logElements: logElements, margin: 0))
        let opening = Opening(parameters, seed: UInt64(logElements))
        #expect(opening.failure == nil)
    }

    @Test func narrowMatricesPass() throws {
        let opening = Opening(try #require(Opening.small), seed: 1)
        #expect(opening.failure == nil)
    }

    @Test func threadsDoNotChangeTheProof() throws {
        let parameters = try #require(LigeritoParameters.standard(logElements: 14, margin: 0))
        let (one, two) = (Opening(parameters, seed: 3), Opening(parameters, seed: 3, workers: 3))
        #expect(one.proof == two.proof)
    }

    /// <P, B> for any public weights, not only those of an evaluation.
    @Test func weightsMayBeAnything() throws {
        let parameters = try #require(LigeritoParameters.standard(logElements: 9, margin: 0))
        var generator = SeededGenerator(seed: 5)
        let elements = FieldVector((0..<512).map { _ in .random(&generator) })
        let weights = (0..<512).map { _ in GF128.random(&generator) }
        let sigma = FieldLoops.dot(elements.base, weights, count: 512)
        let opening = WeightedOpening(parameters, elements, weights, sigma: sigma)
        #expect(opening.passes(weights, sigma: sigma))
        #expect(!opening.passes(weights, sigma: sigma + .one))
        var others = weights
        others[77] += .one
        #expect(!opening.passes(others, sigma: sigma))
    }
}

/// An opening of <P, B> = sigma.
private struct WeightedOpening {
    let parameters: LigeritoParameters
    let root: Digest
    let proof: [UInt8]

    init(
        _ parameters: LigeritoParameters, _ elements: FieldVector, _ weights: [GF128],
        sigma: GF128
    ) {
        let prover = LigeritoProver(parameters, workers: Workers(count: 1))
        root = prover.commit(elements)
        var writer = ByteWriter()
        var transcript = Transcript()
        prover.open(
            elements, weights: FieldVector(weights), claim: sigma, transcript: &transcript,
            into: &writer)
        (self.parameters, proof) = (parameters, writer.bytes)
    }

    func passes(_ weights: [GF128], sigma: GF128) -> Bool {
        var (reader, transcript) = (ProofReader(proof), Transcript())
        do throws(ProofFailure) {
            try LigeritoVerifier(parameters).verify(
                root: root, claim: sigma, proof: &reader, transcript: &transcript
            ) { Equality.evaluate(weights, at: $0) }
            try reader.finish()
            return true
        } catch {
            return false
        }
    }
}
