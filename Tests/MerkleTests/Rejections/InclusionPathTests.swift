// Inclusion paths with one thing wrong, each named for its fault.
import Primitives
import Testing

@testable import Merkle

@Suite struct InclusionPathTests {
    @Test(arguments: 1...70) func refusesEveryFault(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let leaves = generator.digests(count)
        let tree = BatchTree(leaves: leaves)
        for index in 0..<count {
            let path = tree.path(at: index)!
            let leaf = leaves[index]
            func root(_ siblings: [Digest], _ leaf: Digest, _ index: Int) -> Digest? {
                InclusionPath(siblings: siblings).root(leaf: leaf, index: index, count: count)
            }
            #expect(root(path.siblings, leaf.flipping(0), index) != tree.root, "wrong leaf")
            #expect(root(path.siblings + [leaf], leaf, index) == nil, "one sibling too many")
            for other in [0, index ^ 1, (index + 1) % count] where other != index {
                #expect(root(path.siblings, leaf, other) != tree.root, "wrong index \(other)")
            }
            guard !path.siblings.isEmpty else { continue }
            #expect(root(path.siblings.dropLast(), leaf, index) == nil, "one sibling missing")
            for level in path.siblings.indices {
                var spoiled = path.siblings
                spoiled[level] = spoiled[level].flipping(level)
                #expect(root(spoiled, leaf, index) != tree.root, "sibling \(level) spoiled")
            }
        }
    }

    @Test func refusesPlacesOutsideTheTree() {
        var generator = SeededGenerator(seed: 5)
        let leaves = generator.digests(5)
        let tree = BatchTree(leaves: leaves)
        let path = tree.path(at: 0)!
        for (index, count) in [(5, 5), (-1, 5), (0, 0), (0, -1), (.max, .max), (.min, .max)] {
            #expect(path.root(leaf: leaves[0], index: index, count: count) == nil)
        }
        #expect(tree.path(at: 5) == nil)
        #expect(tree.path(at: -1) == nil)
        #expect(tree.leaf(at: 5) == nil)
        #expect(tree.leaf(at: -1) == nil)
    }
}
