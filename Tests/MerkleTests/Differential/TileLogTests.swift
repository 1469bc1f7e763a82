// The log against the recursive definitions of the RFC, at every size to 70.
import Cryptography
import Primitives
import Testing

@testable import Merkle

@Suite struct TileLogTests {
    static let leaves = (0..<70).map { LogHash.leaf([UInt8($0), 0x55]) }
    static let log = TileLog(leafHashes: leaves)

    @Test(arguments: 1...70) func rootAtEverySize(size: Int) {
        let expected = ReferenceTree.root(Self.leaves[..<size], node: LogHash.node)
        #expect(Self.log.head(at: UInt64(size)) == TreeHead(size: UInt64(size), root: expected))
        #expect(TileLog(leafHashes: Self.leaves[..<size]).head.root == expected)
    }

    @Test func emptyLog() {
        let log = TileLog()
        #expect(log.head == TreeHead(size: 0, root: LogHash.emptyRoot))
        #expect(log.head(at: 1) == nil)
        #expect(log.inclusionProof(index: 0, size: 0) == nil)
        #expect(log.consistencyProof(from: 0, to: 0) == [])
    }

    @Test func appendReturnsTheIndexAndLeavesCopiesAlone() {
        var log = TileLog()
        #expect(log.append(entry: [1]) == 0)
        let copy = log
        #expect(log.append(leafHash: LogHash.leaf([2])) == 1)
        #expect(copy.size == 1)
        #expect(copy.head == log.head(at: 1))
    }

    @Test(arguments: 1...70) func everyInclusionProof(size: Int) throws {
        let head = try #require(Self.log.head(at: UInt64(size)))
        for index in 0..<size {
            let expected = ReferenceTree.path(index, Self.leaves[..<size], node: LogHash.node)
            let path = try #require(
                Self.log.inclusionProof(index: UInt64(index), size: UInt64(size)))
            #expect(path == expected, "\(index) of \(size)")
            #expect(
                LogProof.isIncluded(
                    leafHash: Self.leaves[index], at: UInt64(index), in: head, siblings: path),
                "\(index) of \(size)")
        }
    }

    @Test(arguments: 1...70) func everyConsistencyProof(newer: Int) throws {
        let head = try #require(Self.log.head(at: UInt64(newer)))
        for older in 0...newer {
            let path = try #require(
                Self.log.consistencyProof(from: UInt64(older), to: UInt64(newer)))
            if older > 0 {
                let expected = ReferenceTree.consistency(
                    older, Self.leaves[..<newer], isWhole: true, node: LogHash.node)
                #expect(path == expected, "\(older) to \(newer)")
            }
            let past = try #require(Self.log.head(at: UInt64(older)))
            #expect(
                LogProof.isConsistent(older: past, newer: head, path: path), "\(older) to \(newer)")
        }
    }
}
