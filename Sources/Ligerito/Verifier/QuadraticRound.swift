// One round of a sumcheck of degree two.
import BinaryFields

/// The polynomial g of a round by g(0) and its highest coefficient; g(1) is what the claim
/// g(0) + g(1) leaves.
public struct QuadraticRound: Hashable, Sendable {
    public var atZero: GF128
    /// The coefficient of X^2, also called the value at infinity.
    public var leading: GF128

    public init(atZero: GF128, leading: GF128) {
        self.atZero = atZero
        self.leading = leading
    }

    /// g(r), the claim of the next round, where `claim` is that of this one.
    public func next(_ claim: GF128, at r: GF128) -> GF128 {
        // g(0) + g(1) + leading is the coefficient of X.
        let linear = claim + leading
        return atZero + r * (linear + r * leading)
    }
}

extension ProofReader {
    /// Reads one round, absorbs it, and moves `claim` to the challenge, which it returns.
    public mutating func round(
        _ claim: inout GF128, _ transcript: inout Transcript
    ) throws(ProofFailure) -> GF128 {
        let message = try elements(2)
        transcript.absorb(.round, message)
        let challenge = transcript.challenge()
        claim = QuadraticRound(atZero: message[0], leading: message[1]).next(claim, at: challenge)
        return challenge
    }
}
