// A commitment by itself: the claim that a committed multilinear polynomial has a value at a point.
import BinaryFields
import Primitives

/// The statement P(point) = value for a polynomial given by its values on the cube.
public struct EvaluationClaim: Hashable, Sendable {
    /// As many coordinates as the polynomial has variables; coordinate 0 is bit 0 of the index.
    public var point: [GF128]
    public var value: GF128

    public init(point: [GF128], value: GF128) {
        self.point = point
        self.value = value
    }

    /// The transcript of a proof of this claim, up to its first message after the root.
    public func transcript(_ parameters: LigeritoParameters, root: Digest) -> Transcript {
        var transcript = Transcript()
        transcript.absorb(.parameters, parameters.encoded)
        transcript.absorb(.root, root)
        transcript.absorb(.statement, point + [value])
        return transcript
    }

    /// Throws unless `proof`, a root and an opening, shows the claim.
    public func verify(
        _ proof: [UInt8], parameters: LigeritoParameters
    ) throws(ProofFailure) {
        guard point.count == parameters.logElements else { throw .openingRefused }
        var reader = ProofReader(proof)
        let root = try reader.digest()
        var transcript = transcript(parameters, root: root)
        try LigeritoVerifier(parameters).verify(
            root: root, claim: value, proof: &reader, transcript: &transcript
        ) { Equality.value(point, $0) }
        try reader.finish()
    }
}
