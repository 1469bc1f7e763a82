// State proofs with one thing wrong, each named for its fault.
import Primitives
import TestSupport
import Testing

@testable import Merkle

@Suite struct StateProofTests {
    /// A crowded tree, and keys of which the first half has values.
    static func tree(_ seed: UInt64) -> (tree: StateTree, keys: [Digest]) {
        var generator = SeededGenerator(seed: seed)
        let keys = generator.crowdedKeys(24)
        var tree = StateTree()
        tree.update(keys.prefix(12).map { ($0, $0.flipping(77)) })
        return (tree, keys)
    }

    @Test(arguments: propertySeeds) func refusesOtherClaims(seed: UInt64) {
        let (tree, keys) = Self.tree(seed)
        for key in keys {
            let proof = tree.proof(key)
            let value = tree.get(key)
            let wrong = value.map { $0.flipping(8) } ?? key
            #expect(!proof.isValid(root: tree.root, key: key, value: wrong), "wrong value")
            let opposite = value == nil ? Optional(key.flipping(77)) : nil
            #expect(!proof.isValid(root: tree.root, key: key, value: opposite), "opposite claim")
            #expect(
                !proof.isValid(root: tree.root.flipping(0), key: key, value: value), "wrong root")
            guard let value else { continue }
            for bit in stride(from: 0, through: 255, by: 15) {
                #expect(
                    !proof.isValid(root: tree.root, key: key.flipping(bit), value: value),
                    "seed \(seed) wrong key, bit \(bit)")
            }
        }
    }

    @Test(arguments: propertySeeds.prefix(8)) func refusesSpoiledSiblings(seed: UInt64) {
        let (tree, keys) = Self.tree(seed)
        for key in keys {
            let (proof, value) = (tree.proof(key), tree.get(key))
            var faults: [(String, [Digest])] = proof.siblings.indices.map { index in
                var siblings = proof.siblings
                siblings[index] = siblings[index].flipping(index)
                return ("sibling \(index) spoiled", siblings)
            }
            faults.append(("one added at the leaf", [Digest()] + proof.siblings))
            faults.append(("one added at the root", proof.siblings + [Digest()]))
            if !proof.siblings.isEmpty {
                faults.append(("one missing at the leaf", Array(proof.siblings.dropFirst())))
                faults.append(("one missing at the root", proof.siblings.dropLast()))
            }
            faults.append(("257 siblings", Array(repeating: Digest(), count: 257)))
            for (fault, siblings) in faults {
                let spoiled = StateProof(siblings: siblings, neighbour: proof.neighbour)
                #expect(
                    !spoiled.isValid(root: tree.root, key: key, value: value),
                    "seed \(seed) \(fault)")
            }
        }
    }

    @Test(arguments: propertySeeds) func refusesWrongNeighbours(seed: UInt64) {
        let (tree, keys) = Self.tree(seed)
        for key in keys {
            let proof = tree.proof(key)
            func holds(_ neighbour: StateLeaf?, value: Digest?) -> Bool {
                StateProof(siblings: proof.siblings, neighbour: neighbour)
                    .isValid(root: tree.root, key: key, value: value)
            }
            if let value = tree.get(key) {
                let own = StateLeaf(key: key, value: value)
                #expect(!holds(own, value: nil), "the key itself as its neighbour")
                #expect(!holds(own, value: value), "a neighbour beside a value")
            } else if let neighbour = proof.neighbour {
                #expect(!holds(nil, value: nil), "neighbour left out")
                var spoiled = neighbour
                spoiled.value = neighbour.value.flipping(200)
                #expect(!holds(spoiled, value: nil), "value of the neighbour spoiled")
                spoiled = StateLeaf(key: neighbour.key.flipping(255), value: neighbour.value)
                #expect(!holds(spoiled, value: nil), "key of the neighbour spoiled")
            } else {
                let stranger = StateLeaf(key: key.flipping(255), value: key)
                #expect(!holds(stranger, value: nil), "a neighbour where there is none")
            }
        }
    }

    /// No honest tree has such a root; whoever accepts one still learns nothing wrong from it.
    @Test func refusesANeighbourThatBelongsElsewhere() {
        var generator = SeededGenerator(seed: 1)
        let (key, sibling) = (generator.digest(), generator.digest())
        let stray = StateLeaf(key: key.flipping(0), value: sibling)
        let proof = StateProof(siblings: [sibling], neighbour: stray)
        let root = key.bit(0)
            ? Fork.domain.hashPair(sibling, stray.hash) : Fork.domain.hashPair(stray.hash, sibling)
        #expect(!proof.isValid(root: root, key: key, value: nil))
        let beside = StateLeaf(key: key.flipping(1), value: sibling)
        let right = StateProof(siblings: [sibling], neighbour: beside)
        let honest = key.bit(0)
            ? Fork.domain.hashPair(sibling, beside.hash)
            : Fork.domain.hashPair(beside.hash, sibling)
        #expect(right.isValid(root: honest, key: key, value: nil))
    }
}
