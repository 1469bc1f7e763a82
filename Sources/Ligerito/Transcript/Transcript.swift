// The conversation between prover and verifier, from which every challenge is drawn.
import BinaryFields
import Cryptography
import Primitives

/// A chaining value of SHA-256 that takes in messages and gives out challenges (Fiat and Shamir).
/// Each message is absorbed before any challenge that depends on it. The chaining value itself is
/// never given out. Byte by byte: `docs/spec/proof.md`, section 2.
public struct Transcript: Sendable {
    /// What a message or a challenge is; part of what is hashed.
    public enum Label: UInt32, Sendable {
        case statement = 1
        case parameters = 2
        case root = 3
        case claim = 4
        case round = 5
        case vector = 6
        case values = 7
        case challenge = 16
        case queries = 17
    }

    private enum Kind: UInt8 {
        case absorb = 1
        case advance = 2
        case output = 3
    }

    private var state = SHA256State(label: "althing/proof/transcript/1")

    public init() {}

    /// Takes in `bytes`, with their number and their label before them.
    public mutating func absorb(_ label: Label, _ bytes: [UInt8]) {
        var blocks = Self.header(.absorb, label, count: bytes.count)
        blocks.reserveCapacity(128 + bytes.count)
        blocks += bytes
        blocks += [UInt8](repeating: 0, count: -bytes.count & 63)
        state.compress(blocks)
    }

    /// Takes in elements as their bytes.
    public mutating func absorb(_ label: Label, _ elements: [GF128]) {
        absorb(label, elements.withUnsafeBytes { Array($0) })
    }

    public mutating func absorb(_ label: Label, _ digest: Digest) { absorb(label, digest.bytes) }

    /// One element, uniform over the field.
    public mutating func challenge() -> GF128 {
        squeeze(.challenge).withUnsafeBytes {
            GF128(
                low: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                high: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    public mutating func challenges(_ count: Int) -> [GF128] {
        (0..<count).map { _ in challenge() }
    }

    /// `count` independent positions below 2^`bits`, sorted and without repetition; `bits` is at
    /// most 32.
    public mutating func positions(count: Int, bits: Int) -> [Int] {
        var drawn: [Int] = []
        while drawn.count < count {
            squeeze(.queries).withUnsafeBytes { words in
                for index in 0..<8 where drawn.count < count {
                    let word = words.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                    drawn.append(Int(UInt32(littleEndian: word)) & ((1 << bits) - 1))
                }
            }
        }
        drawn.sort()
        var distinct: [Int] = []
        for position in drawn where distinct.last != position { distinct.append(position) }
        return distinct
    }

    /// 32 bytes from a copy that goes no further.
    private mutating func squeeze(_ label: Label) -> [UInt8] {
        state.compress(Self.header(.advance, label, count: 0))
        var copy = state
        copy.compress(Self.header(.output, label, count: 0))
        return copy.digest.bytes
    }

    private static func header(_ kind: Kind, _ label: Label, count: Int) -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.write(UInt64(count))
        writer.write(label.rawValue)
        writer.write(kind.rawValue)
        writer.append([UInt8](repeating: 0, count: 51))
        return writer.bytes
    }
}
