// One round of a sumcheck of eq(z, x) F(x), where F has degree two in each variable.
import BinaryFields
import Ligerito

/// The claim before the round is the sum over x of eq(z, x) F(x) over the variables that are left.
/// The factor eq(z_j, X) of a round is public, so the message is only h, the sum of the rest: its
/// coefficients of X and X^2. From claim = (1 + z_j) h(0) + z_j h(1) the constant follows.
package struct EqualityRound: Hashable, Sendable {
    package var linear: GF128
    package var leading: GF128

    package init(linear: GF128, leading: GF128) {
        self.linear = linear
        self.leading = leading
    }

    /// From h(1) and the leading coefficient, by the maker of the proof. Where z_j is one there is
    /// no such round; that happens with probability 2^-128.
    package init(claim: GF128, z: GF128, atOne: GF128, leading: GF128) {
        let atZero = (claim + z * atOne) * (.one + z).inverted()
        self.init(linear: atZero + atOne + leading, leading: leading)
    }

    /// h(r), the claim of the next round.
    package func next(_ claim: GF128, z: GF128, at r: GF128) -> GF128 {
        let constant = claim + z * (linear + leading)
        return constant + r * (linear + r * leading)
    }
}

extension ProofReader {
    /// Reads and absorbs one round for each coordinate of `point`, from the first, and moves
    /// `claim` to the challenges, which it returns.
    package mutating func equalityRounds(
        _ claim: inout GF128, at point: some Collection<GF128>, _ transcript: inout Transcript
    ) throws(ProofFailure) -> [GF128] {
        var challenges: [GF128] = []
        for z in point {
            let message = try elements(2)
            transcript.absorb(.round, message)
            let r = transcript.challenge()
            let round = EqualityRound(linear: message[0], leading: message[1])
            claim = round.next(claim, z: z, at: r)
            challenges.append(r)
        }
        return challenges
    }

    /// Reads and absorbs `count` values that end a step.
    package mutating func values(
        _ count: Int, _ transcript: inout Transcript
    ) throws(ProofFailure) -> [GF128] {
        let values = try elements(count)
        transcript.absorb(.values, values)
        return values
    }
}
