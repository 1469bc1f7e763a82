// A proof is the prover's messages in order, and nothing else: this reads them.
import BinaryFields
import Primitives

/// Why a proof is refused.
public enum ProofFailure: Error, Hashable, Sendable {
    /// What is to be proven has more rows than can be committed, or none.
    case impossibleSize
    /// The proof ended before the last message did.
    case truncated
    /// The last message ended before the proof did.
    case trailingBytes
    /// The rows that were opened are not those of the commitment of this level.
    case rowsNotCommitted(level: Int)
    /// The committed polynomial does not have the value that is claimed.
    case openingRefused
    /// The sums of this step of the protocol do not agree.
    case stepRefused(ProofStep)
}

/// The steps of a proof that can fail by themselves, in their order.
public enum ProofStep: Hashable, Sendable {
    case products
    case leaves
    case constraints
    case merge
    case columns
    case ringSwitch
}

/// Reads messages from the front of a proof. Lengths come from the parameters, never from the
/// proof, and are checked before memory is taken.
public struct ProofReader: Sendable {
    private let bytes: [UInt8]
    private var offset = 0

    public init(_ proof: [UInt8]) { bytes = proof }

    /// `count` elements; `count` is at least 0.
    public mutating func elements(_ count: Int) throws(ProofFailure) -> [GF128] {
        precondition(count >= 0, "a count")
        guard count <= (bytes.count - offset) / 16 else { throw .truncated }
        let start = offset
        offset += 16 * count
        return [GF128](unsafeUninitializedCapacity: count) { list, initialized in
            bytes.withUnsafeBytes { raw in
                let source = UnsafeRawBufferPointer(rebasing: raw[start..<start + 16 * count])
                UnsafeMutableRawBufferPointer(list).copyMemory(from: source)
            }
            initialized = count
        }
    }

    public mutating func digest() throws(ProofFailure) -> Digest {
        guard bytes.count - offset >= 32 else { throw .truncated }
        defer { offset += 32 }
        return bytes.withUnsafeBytes {
            Digest(loading: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + 32]))
        }
    }

    /// Throws unless everything was read.
    public func finish() throws(ProofFailure) {
        guard offset == bytes.count else { throw .trailingBytes }
    }
}
