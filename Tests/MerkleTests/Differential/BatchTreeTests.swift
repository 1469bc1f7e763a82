// Batch trees against the recursive definition, at every small size and some larger ones.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Merkle

@Suite struct BatchTreeTests {
    static let node = HashDomain("althing 2026 node v1").hashPair

    @Test(arguments: Array(1...70) + [127, 128, 129, 1000, 4097])
    func rootIsThatOfTheDefinition(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let leaves = generator.digests(count)
        let expected = ReferenceTree.root(leaves[...], node: Self.node)
        #expect(BatchTree.root(of: leaves) == expected)
        #expect(BatchTree(leaves: leaves).root == expected)
    }

    @Test func noLeavesGiveZeroAndOneGivesItself() {
        let leaf = Digest([UInt8](repeating: 7, count: 32))!
        #expect(BatchTree.root(of: []) == Digest())
        #expect(BatchTree(leaves: []).root == Digest())
        #expect(BatchTree.root(of: [leaf]) == leaf)
        #expect(BatchTree(leaves: [leaf]).root == leaf)
        #expect(BatchTree(leaves: [leaf]).path(at: 0) == InclusionPath(siblings: []))
    }

    @Test(arguments: 1...70) func everyPathIsThatOfTheDefinition(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let leaves = generator.digests(count)
        let tree = BatchTree(leaves: leaves)
        for index in 0..<count {
            let path = ReferenceTree.path(index, leaves[...], node: Self.node)
            #expect(tree.path(at: index)?.siblings == path, "\(index) of \(count)")
            #expect(tree.leaf(at: index) == leaves[index])
            let root = tree.path(at: index)?.root(leaf: leaves[index], index: index, count: count)
            #expect(root == tree.root, "\(index) of \(count)")
        }
    }

    @Test func pathWithoutKeepingTheTreeIsTheSame() {
        var generator = SeededGenerator(seed: 11)
        let leaves = generator.digests(11)
        #expect(BatchTree.path(leaves: leaves, index: 9) == BatchTree(leaves: leaves).path(at: 9))
    }
}
