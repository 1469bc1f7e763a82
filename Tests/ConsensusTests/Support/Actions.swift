// What a list of actions says, by kind.
import Primitives

@testable import Consensus

extension [Validator.Action] {
    var persisted: [CheckedBlock] {
        compactMap { if case .persist(let block) = $0 { block } else { nil } }
    }

    var broadcast: [CheckedBlock] {
        compactMap { if case .broadcast(let block) = $0 { block } else { nil } }
    }

    var commits: [Commit] {
        compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
    }

    var sent: [CheckedBlock] {
        compactMap { if case .send(let block, _) = $0 { block } else { nil } }
    }

    var asked: [Peer] {
        compactMap { if case .request(_, _, let peer) = $0 { peer } else { nil } }
    }

    var halts: [Validator.Halt] {
        compactMap { if case .halt(let why) = $0 { why } else { nil } }
    }

    /// The last time asked for.
    var wake: Instant? {
        last { if case .wake = $0 { true } else { false } }.flatMap {
            if case .wake(let time) = $0 { time } else { nil }
        }
    }

    var withoutWakes: [Validator.Action] {
        filter { if case .wake = $0 { false } else { true } }
    }
}
