// The compression function of SHA-256 by itself: transcripts and trees of proofs are built on it.
import CSHA256
import Primitives

/// A chaining value of SHA-256 (FIPS 180-4, §6.2). No padding is ever added here: whoever uses it
/// fixes the lengths in another way.
public struct SHA256State: Sendable {
    private var state: csha256_state

    /// The initial value of §5.3.3.
    public init() { state = csha256_initial }

    /// The value after one block that starts with the ASCII bytes of `label` and is zero after it:
    /// a start of its own for each use. `label` has at most 64 bytes.
    public init(label: String) {
        self.init()
        let ascii = Array(label.utf8)
        precondition(ascii.count <= 64, "a label is one block")
        compress(ascii + [UInt8](repeating: 0, count: 64 - ascii.count))
    }

    /// Compresses whole blocks; `blocks.count` is a multiple of 64.
    public mutating func compress(_ blocks: [UInt8]) {
        precondition(blocks.count % 64 == 0, "whole blocks")
        csha256_compress(&state, blocks, blocks.count / 64)
    }

    /// Compresses whole blocks; `blocks.count` is a multiple of 64.
    public mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        precondition(blocks.count % 64 == 0, "whole blocks")
        csha256_compress(&state, blocks.baseAddress, blocks.count / 64)
    }

    /// The eight words as 32 bytes, big-endian.
    public var digest: Digest {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 4) { bytes in
            withUnsafeBytes(of: state) { words in
                for place in stride(from: 0, to: 32, by: 4) {
                    let word = words.load(fromByteOffset: place, as: UInt32.self)
                    bytes.storeBytes(of: word.bigEndian, toByteOffset: place, as: UInt32.self)
                }
            }
            return Digest(loading: UnsafeRawBufferPointer(bytes))
        }
    }

    /// For each of `count` contiguous rows of `rowBytes` bytes, a multiple of 64: the digest after
    /// the row, starting from this value; 32 bytes each to `out`, which does not overlap `rows`.
    public func digests(
        ofRows rows: UnsafeRawPointer, rowBytes: Int, count: Int,
        into out: UnsafeMutableRawPointer
    ) {
        precondition(rowBytes % 64 == 0, "whole blocks")
        withUnsafePointer(to: state) { csha256_rows($0, rows, rowBytes / 64, count, out) }
    }
}
