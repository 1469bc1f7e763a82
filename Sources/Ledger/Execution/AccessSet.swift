// Which entries an item may touch, told from the item alone, and which items therefore go together.
import Primitives
import Records

/// The entries that carrying out an item may read or write, whatever the state is.
///
/// Without the ballots and faults that a vote reads: ballots are written by votes only, all of which
/// write `adopted` here, and faults by no item.
struct AccessSet: Sendable {
    /// Read and not written.
    var reads: [StateKey] = []
    var writes: [StateKey] = []

    init(of item: Item) {
        switch item {
        case .batch(let batch, _): insert(batch)
        case .operation(let operation):
            writes.append(.signer(operation.key))
            switch operation.command {
            case .owner(let command): insert(command, of: operation.owner)
            case .agent(let command): insert(command, operation)
            case .validator(let command): insert(command, by: operation.key)
            }
        }
    }

    private mutating func insert(_ batch: CheckedBatch) {
        let agents = batch.columns.agents.entries
        writes.reserveCapacity(1 + 2 * agents.count)
        writes.append(.submitter(batch.batch.header.submitter))
        for agent in agents {
            writes.append(.agent(agent))
            writes.append(.usage(agent))
        }
    }

    private mutating func insert(_ command: OwnerCommand, of owner: OwnerID) {
        switch command {
        case .register, .addKey, .rotateKey, .revokeKey: writes.append(.owner(owner))
        case .authorize(let key, _):
            let id = SubmitterID(key: key)
            reads.append(.owner(owner))
            writes += [.submitter(id), .grant(owner, id)]
        case .withdraw(let key):
            reads.append(.owner(owner))
            writes.append(.grant(owner, SubmitterID(key: key)))
        }
    }

    private mutating func insert(_ command: AgentCommand, _ operation: SignedOperation) {
        let owner = operation.owner
        reads.append(.owner(owner))
        switch command {
        case .register(let name, _):
            reads.append(.grant(owner, SubmitterID(key: operation.key)))
            writes.append(.agent(AgentID(owner: owner, name: name)))
        case .update(let id, _), .setStatus(let id, _), .setKey(let id, _, _):
            writes.append(.agent(id))
        }
    }

    private mutating func insert(_ command: ValidatorCommand, by key: PublicKey) {
        switch command {
        case .vote:
            reads.append(.committee)
            writes += [.adopted, .ballot(key)]
        case .setAddress: writes.append(.committee)
        }
    }
}

/// Items by number, in groups that share no entry that one of them may write.
struct ConflictGroups {
    /// Of each item, another one of its group, or itself: a forest.
    private var parents: [Int]
    private var places: [StateKey: Place] = [:]

    /// Who touched an entry so far.
    private struct Place {
        var first: Int
        var isWritten: Bool
        /// Further readers while nobody wrote; they belong together as soon as somebody does.
        var readers: [Int] = []
    }

    /// Groups in the order of their first items, each in ascending order.
    static func make(_ sets: [AccessSet]) -> [[Int]] {
        var groups = ConflictGroups(count: sets.count)
        for (item, set) in sets.enumerated() {
            for key in set.writes { groups.touch(key, by: item, writing: true) }
            for key in set.reads { groups.touch(key, by: item, writing: false) }
        }
        return groups.collect()
    }

    private init(count: Int) { parents = Array(0..<count) }

    private mutating func touch(_ key: StateKey, by item: Int, writing: Bool) {
        guard var place = places[key] else {
            places[key] = Place(first: item, isWritten: writing)
            return
        }
        guard writing || place.isWritten else {
            places[key]?.readers.append(item)
            return
        }
        join(item, place.first)
        for reader in place.readers { join(reader, place.first) }
        place.readers = []
        place.isWritten = true
        places[key] = place
    }

    /// The least item of the group of `item`, as far as joins were made.
    private mutating func root(of item: Int) -> Int {
        var item = item
        while parents[item] != item {
            parents[item] = parents[parents[item]]
            item = parents[item]
        }
        return item
    }

    private mutating func join(_ one: Int, _ other: Int) {
        let (left, right) = (root(of: one), root(of: other))
        parents[max(left, right)] = min(left, right)
    }

    private mutating func collect() -> [[Int]] {
        var groups: [[Int]] = []
        var places = [Int](repeating: 0, count: parents.count)
        for item in parents.indices {
            let root = root(of: item)
            if root == item {
                places[item] = groups.count
                groups.append([])
            }
            groups[places[root]].append(item)
        }
        return groups
    }
}
