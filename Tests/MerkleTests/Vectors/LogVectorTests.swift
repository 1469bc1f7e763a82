// The roots and proofs of Certificate Transparency's reference log of eight entries.
import Cryptography
import Primitives
import Testing

@testable import Merkle

/// Provenance: testonly/constants.go of transparency-dev/merkle, first in
/// certificate-transparency's merkle_tree_test.cc; entries, roots for sizes 0 to 8, and proofs.
@Suite struct LogVectorTests {
    static let entries = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ].map { Hex.decode($0)! }

    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ].map { Digest(hex: $0)! }

    static let nodes = [
        "96a296d2": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf2": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "bc1a0643": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea1": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "0ebc5d34": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    ].mapValues { Digest(hex: $0)! }

    static var log: TileLog {
        var log = TileLog()
        for entry in entries { log.append(entry: entry) }
        return log
    }

    @Test(arguments: 0...8) func root(size: Int) {
        #expect(Self.log.head(at: UInt64(size))?.root == Self.roots[size])
    }

    @Test(arguments: [
        (0, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
        (5, 8, ["bc1a0643", "ca854ea1", "d37ee418"]),
    ]) func inclusion(index: UInt64, size: UInt64, names: [String]) {
        let path = names.map { Self.nodes[$0]! }
        #expect(Self.log.inclusionProof(index: index, size: size) == path)
        #expect(
            LogProof.isIncluded(
                leafHash: LogHash.leaf(Self.entries[Int(index)]), at: index,
                in: TreeHead(size: size, root: Self.roots[Int(size)]), siblings: path))
    }

    @Test(arguments: [
        (2, 8, ["5f083f0a", "6b47aaf2"]),
        (6, 8, ["0ebc5d34", "ca854ea1", "d37ee418"]),
        (2, 5, ["5f083f0a", "bc1a0643"]),
    ]) func consistency(older: UInt64, newer: UInt64, names: [String]) {
        let path = names.map { Self.nodes[$0]! }
        #expect(Self.log.consistencyProof(from: older, to: newer) == path)
        #expect(
            LogProof.isConsistent(
                older: TreeHead(size: older, root: Self.roots[Int(older)]),
                newer: TreeHead(size: newer, root: Self.roots[Int(newer)]), path: path))
    }
}
