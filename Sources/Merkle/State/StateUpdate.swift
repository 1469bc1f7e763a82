// Changes to the state tree: many keys in one descent, each node on the way hashed once.
import Primitives

extension StateTree {
    /// A key and the value digest it gets, nil for none.
    public typealias Change = (key: Digest, value: Digest?)

    /// Sets the value digest of each key, or removes the key where the value is nil; of several
    /// changes to one key the last counts. Removing an absent key changes nothing.
    ///
    /// O(changes · (depth + log changes)); no sorting where the keys ascend already.
    /// Recursion goes as deep as the keys are long, 256 levels, whatever the keys are.
    public mutating func update(_ changes: [Change]) {
        let ordered = Self.ordered(changes)
        top = apply(ordered, ordered.indices, to: top, depth: 0)
    }

    /// Ascending by key, the last change of each key only.
    private static func ordered(_ changes: [Change]) -> [Change] {
        let ascends = zip(changes, changes.dropFirst()).allSatisfy { $0.key < $1.key }
        if ascends { return changes }
        let order = changes.indices.sorted {
            let (left, right) = (changes[$0].key, changes[$1].key)
            return left == right ? $0 < $1 : left < right
        }
        var ordered: [Change] = []
        ordered.reserveCapacity(order.count)
        for index in order {
            if ordered.last?.key == changes[index].key { ordered.removeLast() }
            ordered.append(changes[index])
        }
        return ordered
    }

    /// Applies `changes[range]`, which all lie below `link`, and returns what stands there then.
    private mutating func apply(
        _ changes: [Change], _ range: Range<Int>, to link: Link, depth: Int
    ) -> Link {
        if range.isEmpty { return link }
        switch link.target {
        case .empty:
            let added = Self.leaves(changes[range], beside: nil)
            return build(added, added.indices, depth: depth)
        case .leaf(let slot):
            return apply(changes[range], toLeaf: slot, depth: depth)
        case .fork(let slot):
            let middle = Self.middle(of: range, depth: depth) { changes[$0].key }
            let fork = forks[slot]
            let left = apply(changes, range.lowerBound..<middle, to: fork.left, depth: depth + 1)
            let right = apply(changes, middle..<range.upperBound, to: fork.right, depth: depth + 1)
            return join(left, right, reusing: slot)
        }
    }

    private mutating func apply(
        _ changes: ArraySlice<Change>, toLeaf slot: UInt32, depth: Int
    ) -> Link {
        let leaf = leaves[slot]
        if let only = changes.first, changes.count == 1, only.key == leaf.key,
            let value = only.value
        {
            leaves[slot].value = value
            return .leaf(slot)
        }
        leaves.remove(slot)
        let remaining = Self.leaves(changes, beside: leaf)
        return build(remaining, remaining.indices, depth: depth)
    }

    /// The leaves that `changes` set and, where they do not name its key, `present`; ascending.
    private static func leaves(
        _ changes: ArraySlice<Change>, beside present: StateLeaf?
    ) -> [StateLeaf] {
        var pending = present
        var leaves: [StateLeaf] = []
        leaves.reserveCapacity(changes.count + 1)
        for change in changes {
            if let leaf = pending, leaf.key <= change.key {
                if leaf.key < change.key { leaves.append(leaf) }
                pending = nil
            }
            if let value = change.value { leaves.append(StateLeaf(key: change.key, value: value)) }
        }
        if let leaf = pending { leaves.append(leaf) }
        return leaves
    }

    /// A fresh subtree of `items[range]`: ascending, all keys different and alike in `depth` bits,
    /// so that depth 256 is reached with one leaf at the most.
    private mutating func build(_ items: [StateLeaf], _ range: Range<Int>, depth: Int) -> Link {
        if range.isEmpty { return .empty }
        if range.count == 1 { return .leaf(leaves.insert(items[range.lowerBound])) }
        let middle = Self.middle(of: range, depth: depth) { items[$0].key }
        let left = build(items, range.lowerBound..<middle, depth: depth + 1)
        let right = build(items, middle..<range.upperBound, depth: depth + 1)
        return join(left, right, reusing: nil)
    }

    /// What two halves are together: nothing, a leaf that moves up, or a fork, in `slot` if given.
    private mutating func join(_ left: Link, _ right: Link, reusing slot: UInt32?) -> Link {
        if let whole = Self.whole(left, right) {
            if let slot { forks.remove(slot) }
            return whole
        }
        let fork = Fork(
            hash: Fork.domain.hashPair(hash(of: left), hash(of: right)), left: left, right: right)
        guard let slot else { return .fork(forks.insert(fork)) }
        forks[slot] = fork
        return .fork(slot)
    }

    /// The half that stands for both: the other is empty and it is no fork. Nil where a fork is
    /// due.
    private static func whole(_ left: Link, _ right: Link) -> Link? {
        let (half, other) = left == .empty ? (right, left) : (left, right)
        guard other == .empty else { return nil }
        if case .fork = half.target { return nil }
        return half
    }

    /// The first index of `range` whose key has bit `depth` set; keys ascend and agree above it.
    private static func middle(
        of range: Range<Int>, depth: Int, key: (Int) -> Digest
    ) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let probe = low + (high - low) / 2
            if key(probe).bit(depth) { high = probe } else { low = probe + 1 }
        }
        return low
    }
}
