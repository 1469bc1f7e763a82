// Proof that a seat signed a wrong share of a coin.
import Primitives

/// A share that its seat signed and whose proof is not valid. An honest seat never signs one.
public struct CoinEvidence: Hashable, Sendable {
    public let share: CoinShare

    public init(share: CoinShare) { self.share = share }

    /// The seat that is accused.
    public var seat: Seat { share.seat }

    /// Whether it convicts `seat`: a pure function of the share, the committee and the keys.
    public func isValid(in coin: Coin) -> Bool {
        do { try coin.check(share) } catch { return error == .invalidProof }
        return false
    }
}
