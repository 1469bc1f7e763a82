// What a node does after its journal was replayed: the replica may act, and what was on its way when
// the node went down is submitted again.
import Primitives
import Records
import Replica
import Storage

extension Core {
    mutating func start(_ turn: Turn) throws(StorageFailure) {
        var actions: [Replica.Action] = []
        replica.start(at: turn.now, into: &actions)
        try obey(actions, turn)
    }
}
