// The conversation between prover and verifier, from which every challenge is drawn.
import BinaryFields
import Cryptography
import Primitives

/// A chaining value of SHA-256 that takes in messages and gives out challenges (Fiat and Shamir).
/// Each message is absorbed before any challenge that depends on it. The chaining value itself is
/// never given out. Byte by byte: `docs/spec/proof-protocol.md`, section 2.
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
    public mutating func absorb(_ label: Label, _ bytes: UnsafeRawBufferPointer) {
        let padded = (bytes.count + 63) & ~63
        withUnsafeTemporaryAllocation(byteCount: 64 + padded, alignment: 16) { blocks in
            Self.write(.absorb, label, count: bytes.count, to: blocks)
            UnsafeMutableRawBufferPointer(rebasing: blocks[64...]).copyMemory(from: bytes)
            let rest = UnsafeMutableRawBufferPointer(rebasing: blocks[(64 + bytes.count)...])
            rest.initializeMemory(as: UInt8.self, repeating: 0)
            state.compress(UnsafeRawBufferPointer(blocks))
        }
    }

    public mutating func absorb(_ label: Label, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { absorb(label, $0) }
    }

    /// Takes in elements as their bytes.
    public mutating func absorb(_ label: Label, _ elements: [GF128]) {
        elements.withUnsafeBytes { absorb(label, $0) }
    }

    public mutating func absorb(_ label: Label, _ digest: Digest) { absorb(label, digest.bytes) }

    /// One element, uniform over the field.
    public mutating func challenge() -> GF128 {
        withUnsafeBytes(of: squeeze(.challenge)) {
            GF128(
                low: $0.load(fromByteOffset: 0, as: UInt64.self),
                high: $0.load(fromByteOffset: 8, as: UInt64.self))
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
            withUnsafeBytes(of: squeeze(.queries)) { words in
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
    private mutating func squeeze(_ label: Label) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 16) { block in
            Self.write(.advance, label, count: 0, to: block)
            state.compress(UnsafeRawBufferPointer(block))
            Self.write(.output, label, count: 0, to: block)
            var copy = state
            copy.compress(UnsafeRawBufferPointer(block))
            return copy.digest
        }
    }

    /// The first block of an operation: count, label, kind, zeros.
    private static func write(
        _ kind: Kind, _ label: Label, count: Int, to blocks: UnsafeMutableRawBufferPointer
    ) {
        UnsafeMutableRawBufferPointer(rebasing: blocks[..<64])
            .initializeMemory(as: UInt8.self, repeating: 0)
        blocks.storeBytes(of: UInt64(count).littleEndian, toByteOffset: 0, as: UInt64.self)
        blocks.storeBytes(of: label.rawValue.littleEndian, toByteOffset: 8, as: UInt32.self)
        blocks.storeBytes(of: kind.rawValue, toByteOffset: 12, as: UInt8.self)
    }
}
