// A proof is the prover's messages in order, and nothing else: this reads them.
import BinaryFields
import Primitives

/// Why a proof is refused.
public enum ProofFailure: Error, Hashable, Sendable {
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
    private var reader: ByteReader

    public init(_ proof: [UInt8]) { reader = ByteReader(proof) }

    /// `count` elements.
    public mutating func elements(_ count: Int) throws(ProofFailure) -> [GF128] {
        let (size, overflow) = count.multipliedReportingOverflow(by: 16)
        guard !overflow, let bytes = try? reader.read(count: size) else { throw .truncated }
        return [GF128](unsafeUninitializedCapacity: count) { list, initialized in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(list).copyMemory(from: $0) }
            initialized = count
        }
    }

    public mutating func element() throws(ProofFailure) -> GF128 {
        guard let low: UInt64 = try? reader.read(), let high: UInt64 = try? reader.read() else {
            throw .truncated
        }
        return GF128(low: low, high: high)
    }

    public mutating func digest() throws(ProofFailure) -> Digest {
        guard let digest: Digest = try? reader.read() else { throw .truncated }
        return digest
    }

    /// Throws unless everything was read.
    public func finish() throws(ProofFailure) {
        guard reader.remaining == 0 else { throw .trailingBytes }
    }
}
