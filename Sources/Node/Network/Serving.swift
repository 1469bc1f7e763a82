// What a node gives its peers out of its store.
import Primitives
import Replica

extension Node {
    /// Answers from the store what the replica does not hold; what is not there is left out.
    func serve(_ wanted: Wanted, to peer: PublicKey, _ working: Working) {
    }
}
