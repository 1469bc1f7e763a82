// Roots, updates and multiproofs against the definition, on random images and leaves.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct ImageTreeTests {
    private func image(_ chance: inout SeededGenerator) -> Image {
        let leaves = 2 + Int(chance.next() % 40)
        var bytes: [UInt8] = []
        for _ in 0..<leaves {
            bytes += chance.next() % 2 == 0 ? chance.bytes(64) : [UInt8](repeating: 0, count: 64)
        }
        return Image(bytes: bytes)
    }

    /// The definition of docs/spec/agents.md §1, word for word.
    private func root(_ image: Image, _ leafCount: Int) -> Digest {
        var level = (0..<leafCount).map { index in
            SHA256.hash(
                [0] + (index < image.leafCount
                    ? Array(image.leaf(index)) : [UInt8](repeating: 0, count: 64)))
        }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map {
                SHA256.hash([1] + level[$0].bytes + level[$0 + 1].bytes)
            }
        }
        return level[0]
    }

    @Test(arguments: propertySeeds) func roots(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<8 {
            var image = image(&chance)
            let leafCount = 64 << Int(chance.next() % 3)
            var tree = ImageTree(of: image, leafCount: leafCount)
            #expect(tree.root == root(image, leafCount))
            let touched = (0..<image.leafCount).filter { _ in chance.next() % 4 == 0 } + []
            guard !touched.isEmpty else { continue }
            let proof = Multiproof(of: touched, in: tree, image: image)
            let old = touched.map { image.leaf($0) }
            #expect(proof.root(leafCount: leafCount, contents: old) == tree.root)
            for leaf in touched { image.bytes[leaf * 64 + Int(chance.next() % 64)] ^= 1 }
            let new = touched.map { image.leaf($0) }
            #expect(proof.root(leafCount: leafCount, contents: new) == root(image, leafCount))
            tree.update(touched, of: image)
            #expect(tree.root == root(image, leafCount))
        }
    }

    @Test func refusals() {
        var chance = SeededGenerator(seed: 5)
        let image = Image(bytes: chance.bytes(64 * 16))
        let tree = ImageTree(of: image, leafCount: 16)
        let honest = Multiproof(of: [0, 1, 6], in: tree, image: image)
        func root(_ change: (inout Multiproof) -> Void) -> Digest? {
            var proof = honest
            change(&proof)
            return proof.root(leafCount: 16, contents: proof.leaves.map { $0.bytes[...] })
        }
        #expect(root { _ in } == tree.root)
        #expect(root { $0.siblings.removeLast() } == nil)
        #expect(root { $0.siblings.append(Digest()) } == nil)
        #expect(root { $0.leaves[2].index = 16 } == nil)
        #expect(root { $0.leaves[2].index = 1 } == nil)
        #expect(root { $0.leaves.swapAt(0, 1) } == nil)
        #expect(root { $0.leaves = [] } == nil)
        #expect(root { $0.leaves[2].index = 7 } != tree.root)
        #expect(root { $0.leaves[2].bytes[3] ^= 1 } != tree.root)
        #expect(root { $0.siblings[0] = Digest() } != tree.root)
    }
}
