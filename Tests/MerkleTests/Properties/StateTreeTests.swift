// The state tree against its definition under random changes to crowded keys.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Merkle

@Suite struct StateTreeTests {
    @Test func emptyTree() {
        let tree = StateTree()
        #expect(tree.root == Digest())
        #expect(tree.get(Digest()) == nil)
        #expect(tree.count == 0)
        #expect(tree.proof(Digest()).isValid(root: tree.root, key: Digest(), value: nil))
    }

    @Test(arguments: propertySeeds) func followsTheDefinition(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keys = generator.crowdedKeys(48)
        var content: [Digest: Digest] = [:]
        var tree = StateTree()
        for round in 0..<12 {
            var changes: [StateTree.Change] = []
            for _ in 0..<generator.next() % 24 {
                let key = keys.randomElement(using: &generator)!
                let value = generator.next() % 3 == 0 ? nil : generator.digest()
                changes.append((key, value))
                content[key] = value
            }
            tree.update(changes)
            #expect(tree.root == ReferenceState.root(content), "seed \(seed) round \(round)")
            #expect(tree.count == content.count, "seed \(seed) round \(round)")
            #expect(tree.forks.count == ReferenceState.forks(content), "seed \(seed): slots lost")
            for key in keys {
                #expect(tree.get(key) == content[key], "seed \(seed) round \(round)")
            }
        }
    }

    @Test(arguments: propertySeeds) func provesPresenceAndAbsence(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keys = generator.crowdedKeys(40)
        var tree = StateTree()
        let values = generator.digests(20)
        tree.update(zip(keys, values).map { ($0, $1) })
        for key in keys {
            let proof = tree.proof(key)
            #expect(proof.isValid(root: tree.root, key: key, value: tree.get(key)), "seed \(seed)")
        }
    }

    @Test(arguments: propertySeeds) func contentAloneDecidesTheRoot(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keys = Array(Set(generator.crowdedKeys(40))).sorted()
        let content = keys.map { (key: $0, value: Optional($0.flipping(1))) }
        var whole = StateTree()
        whole.update(content)

        var oneByOne = StateTree()
        for change in content.shuffled(using: &generator) { oneByOne.update([change]) }
        #expect(oneByOne.root == whole.root, "seed \(seed)")

        var roundabout = StateTree()
        let extra = generator.digests(20)
        roundabout.update(content.shuffled(using: &generator).map { ($0.key, $0.key) })
        roundabout.update(extra.map { ($0, $0) })
        roundabout.update(content.shuffled(using: &generator))
        roundabout.update(extra.map { ($0, nil) })
        #expect(roundabout.root == whole.root, "seed \(seed)")
    }

    @Test(arguments: propertySeeds) func removalReturnsToTheEarlierRoot(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keys = Array(Set(generator.crowdedKeys(60))).sorted().shuffled(using: &generator)
        var tree = StateTree()
        var roots = [tree.root]
        for key in keys {
            tree.update([(key, generator.digest())])
            roots.append(tree.root)
        }
        #expect(Set(roots).count == roots.count, "seed \(seed)")
        for (index, key) in keys.enumerated().reversed() {
            tree.update([(key, nil)])
            #expect(tree.root == roots[index], "seed \(seed) at \(index)")
        }
        #expect(tree.count == 0)
        #expect(tree.forks.count == 0)
    }

    @Test func keysAlikeIn255Bits() {
        let low = Digest([UInt8](repeating: 0xA5, count: 32))!
        let high = low.flipping(255)
        var tree = StateTree()
        tree.update([(high, low), (low, high)])
        #expect(tree.root == ReferenceState.root([high: low, low: high]))
        #expect(tree.forks.count == 256)
        #expect(tree.proof(low).siblings.count == 256)
        #expect(tree.proof(low).isValid(root: tree.root, key: low, value: high))
        #expect(tree.proof(high).isValid(root: tree.root, key: high, value: low))
        tree.update([(high, nil)])
        #expect(tree.forks.count == 0)
        #expect(tree.proof(high).isValid(root: tree.root, key: high, value: nil))
    }

    @Test func theLastOfSeveralChangesToAKeyCounts() {
        var generator = SeededGenerator(seed: 3)
        let (key, first, second) = (generator.digest(), generator.digest(), generator.digest())
        var tree = StateTree()
        tree.update([(key, first), (key, second)])
        #expect(tree.get(key) == second)
        tree.update([(key, first), (key, nil)])
        #expect(tree.get(key) == nil)
        tree.update([(key, nil), (key, first)])
        #expect(tree.get(key) == first)
    }

    @Test func removingAnAbsentKeyChangesNothing() {
        var generator = SeededGenerator(seed: 4)
        var tree = StateTree()
        let keys = generator.crowdedKeys(30)
        tree.update(keys.map { ($0, $0) })
        let root = tree.root
        tree.update(generator.digests(30).map { ($0, nil) })
        #expect(tree.root == root)
        tree.update([])
        #expect(tree.root == root)
    }

    @Test func copiesAreIndependent() {
        var generator = SeededGenerator(seed: 5)
        var tree = StateTree()
        let keys = generator.digests(3000)
        tree.update(keys.map { ($0, $0) })
        let copy = tree
        let root = tree.root
        tree.update(keys.prefix(1500).map { ($0, nil) })
        tree.update([(keys[2000], keys[0])])
        #expect(copy.root == root)
        #expect(copy.get(keys[0]) == keys[0])
        #expect(copy.get(keys[2000]) == keys[2000])
        #expect(tree.count == 1500)
    }
}
