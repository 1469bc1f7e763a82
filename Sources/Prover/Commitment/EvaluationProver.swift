// Proves that a committed multilinear polynomial has a value at a point.
import BinaryFields
import Ligerito
import Primitives

extension LigeritoProver {
    /// The proof that `elements`, as the values of a multilinear polynomial on the cube, have
    /// `claim.value` at `claim.point`. `weights` is memory of the same size.
    public func proof(
        of claim: EvaluationClaim, _ elements: FieldVector, weights: FieldVector
    ) -> [UInt8] {
        let root = commit(elements)
        var proof = ByteWriter(capacity: 1 << 18)
        proof.write(root)
        var transcript = claim.transcript(parameters, root: root)
        Equality.fill(weights.base, claim.point, scale: .one)
        open(
            elements, weights: weights, claim: claim.value, transcript: &transcript,
            into: &proof)
        return proof.bytes
    }
}
