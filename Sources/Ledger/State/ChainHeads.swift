// How far the chains of operations and of batches have come.
import Cryptography
import Primitives

/// The heads of all chains at one moment, wherever the state goes on to.
public struct ChainHeads: Sendable {
    let signers: [PublicKey: UInt64]
    let submitters: [SubmitterID: Submitter]

    /// The last sequence that was carried out in the chain of this key or submitter; 0 before the
    /// first.
    public func sequence(of chain: Digest) -> UInt64 {
        submitters[SubmitterID(chain)]?.sequence ?? signers[PublicKey(chain)] ?? 0
    }
}
