// The tree over the rows of a codeword: how leaves and nodes are hashed, and how a set of rows is
// shown to lie in it.
import BinaryFields
import Cryptography
import Primitives

/// A complete binary tree of SHA-256 chaining values. All rows of a tree have one length, which
/// the parameters fix, so rows and nodes need no padding; they start from different values.
public enum RowTree {
    /// A row is compressed onto this; rows of fewer than 4 elements are filled up with zeros.
    public static let leafStart = SHA256State(label: "althing/proof/leaf/1")
    /// The two children are compressed onto this.
    public static let nodeStart = SHA256State(label: "althing/proof/node/1")

    /// Bytes of a row of `2^columns` elements as it is hashed: a multiple of 64.
    public static func rowBytes(columns: Int) -> Int { max(64, 16 << columns) }

    /// The digests of `count` rows of `2^columns` elements each, one after the other.
    public static func leaves(_ rows: [GF128], columns: Int, count: Int) -> [Digest] {
        let width = 1 << columns
        precondition(rows.count == count * width, "whole rows")
        guard width < 4 else { return digests(rows, start: leafStart, count: count) }
        var filled: [GF128] = []
        for row in 0..<count {
            filled += rows[row * width..<(row + 1) * width]
            filled += [GF128](repeating: .zero, count: 4 - width)
        }
        return digests(filled, start: leafStart, count: count)
    }

    /// The root of the tree of `2^depth` leaves in which the leaf at `positions[i]` is
    /// `leaves[i]`, with the missing siblings read from `proof`: from the leaves upward, on each
    /// level from left to right. Positions ascend strictly and there is at least one.
    public static func root(
        positions: [Int], leaves: [Digest], depth: Int, proof: inout ProofReader
    ) throws(ProofFailure) -> Digest {
        precondition(!positions.isEmpty && positions.count == leaves.count, "a leaf a position")
        var (places, known) = (positions, leaves)
        for _ in 0..<depth {
            var (parents, children): ([Int], [Digest]) = ([], [])
            parents.reserveCapacity(places.count)
            children.reserveCapacity(2 * places.count)
            var index = 0
            while index < places.count {
                let place = places[index]
                if place & 1 == 0, index + 1 < places.count, places[index + 1] == place + 1 {
                    children.append(known[index])
                    children.append(known[index + 1])
                    index += 2
                } else {
                    let sibling = try proof.digest()
                    children.append(place & 1 == 0 ? known[index] : sibling)
                    children.append(place & 1 == 0 ? sibling : known[index])
                    index += 1
                }
                parents.append(place >> 1)
            }
            known = digests(children, start: nodeStart, count: parents.count)
            places = parents
        }
        return known[0]
    }

    private static func digests<Element>(
        _ rows: [Element], start: SHA256State, count: Int
    ) -> [Digest] {
        [Digest](unsafeUninitializedCapacity: count) { out, initialized in
            rows.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress, let target = out.baseAddress else { return }
                start.digests(
                    ofRows: base, rowBytes: bytes.count / max(1, count), count: count,
                    into: target)
            }
            initialized = count
        }
    }
}
