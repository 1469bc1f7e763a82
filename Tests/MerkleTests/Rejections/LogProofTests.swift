// Proofs of the log with one thing wrong, each named for its fault.
import Primitives
import Testing

@testable import Merkle

@Suite struct LogProofTests {
    static let leaves = TileLogTests.leaves
    static let log = TileLogTests.log

    static func head(_ size: Int) -> TreeHead { log.head(at: UInt64(size))! }

    /// The path with each node spoiled, one left out at either end, one added at either end.
    static func spoiled(_ path: [Digest]) -> [(fault: String, path: [Digest])] {
        var all = path.indices.map { index in
            var copy = path
            copy[index] = copy[index].flipping(index * 7 % 256)
            return (fault: "node \(index) spoiled", path: copy)
        }
        if !path.isEmpty {
            all.append(("first left out", Array(path.dropFirst())))
            all.append(("last left out", Array(path.dropLast())))
        }
        let extra = path.last ?? leaves[0]
        all.append(("one added at the end", path + [extra]))
        all.append(("one added at the start", [extra] + path))
        return all
    }

    @Test(arguments: 1...70) func refusesEveryFaultOfInclusion(size: Int) {
        let head = Self.head(size)
        for index in 0..<size {
            let path = Self.log.inclusionProof(index: UInt64(index), size: UInt64(size))!
            let leaf = Self.leaves[index]
            func holds(_ leaf: Digest, _ index: Int, _ path: [Digest], _ head: TreeHead) -> Bool {
                LogProof.isIncluded(leafHash: leaf, at: UInt64(index), in: head, siblings: path)
            }
            for (fault, path) in Self.spoiled(path) {
                #expect(!holds(leaf, index, path, head), "\(fault), \(index) of \(size)")
            }
            #expect(!holds(leaf.flipping(3), index, path, head), "wrong leaf")
            let foreign = TreeHead(size: head.size, root: head.root.flipping(9))
            #expect(!holds(leaf, index, path, foreign), "wrong root")
            #expect(!holds(leaf, size, path, head), "index outside the log")
            if size > 1 {
                #expect(!holds(leaf, (index + 1) % size, path, head), "wrong index")
            }
        }
    }

    @Test(arguments: 1...70) func refusesEveryFaultOfConsistency(newer: Int) {
        for older in 0...newer {
            let path = Self.log.consistencyProof(from: UInt64(older), to: UInt64(newer))!
            let (past, head) = (Self.head(older), Self.head(newer))
            for (fault, path) in Self.spoiled(path) {
                #expect(
                    !LogProof.isConsistent(older: past, newer: head, path: path),
                    "\(fault), \(older) to \(newer)")
            }
            let wrongPast = TreeHead(size: past.size, root: past.root.flipping(1))
            #expect(
                !LogProof.isConsistent(older: wrongPast, newer: head, path: path), "wrong old root")
            if older > 0 {
                let wrongHead = TreeHead(size: head.size, root: head.root.flipping(1))
                #expect(
                    !LogProof.isConsistent(older: past, newer: wrongHead, path: path),
                    "wrong new root")
            }
            if older < newer {
                #expect(
                    !LogProof.isConsistent(older: head, newer: past, path: path), "backwards")
            }
        }
    }

    /// The roots fit here; only the number of nodes does not fit the sizes.
    @Test(arguments: 2...70) func refusesConsistencyOfTheWrongHeight(newer: Int) {
        let (head, extra) = (Self.head(newer), Self.leaves[0])
        for older in 1..<newer {
            let path = Self.log.consistencyProof(from: UInt64(older), to: UInt64(newer))!
            let past = Self.head(older)
            let taller = TreeHead(size: 256, root: head.root)
            #expect(
                !LogProof.isConsistent(older: past, newer: taller, path: path),
                "one node missing, \(older) to \(newer)")
            let below = { (head: TreeHead) in
                TreeHead(size: head.size, root: LogHash.node(extra, head.root))
            }
            guard older & (older - 1) != 0 else { continue }
            #expect(
                !LogProof.isConsistent(
                    older: below(past), newer: below(head), path: path + [extra]),
                "one node too many, \(older) to \(newer)")
        }
    }

    @Test func refusesAnEmptyLogWithAnotherRoot() {
        let empty = TreeHead(size: 0, root: Self.leaves[0])
        #expect(!LogProof.isConsistent(older: empty, newer: empty, path: []))
        #expect(!LogProof.isConsistent(older: empty, newer: Self.head(3), path: []))
    }

    @Test func answersForTheLargestSizes() {
        let head = TreeHead(size: .max, root: Self.leaves[0])
        let path = Array(repeating: Self.leaves[1], count: 200)
        for size: UInt64 in [0, 1, 1 << 63, .max - 1, .max] {
            let past = TreeHead(size: size, root: Self.leaves[2])
            #expect(!LogProof.isConsistent(older: past, newer: head, path: path))
            #expect(
                !LogProof.isIncluded(
                    leafHash: Self.leaves[2], at: size, in: head, siblings: path))
        }
    }

    @Test func hasNoProofsBeyondItsSize() {
        #expect(Self.log.inclusionProof(index: 70, size: 71) == nil)
        #expect(Self.log.inclusionProof(index: 9, size: 9) == nil)
        #expect(Self.log.consistencyProof(from: 3, to: 71) == nil)
        #expect(Self.log.consistencyProof(from: 4, to: 3) == nil)
        #expect(Self.log.head(at: 71) == nil)
        #expect(Self.log.head(at: .max) == nil)
    }
}
