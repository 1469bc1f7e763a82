// The validators of an epoch, their quorum, and what they certify (docs/spec/record.md §5).
import Cryptography
import Primitives

/// Validators with equal seats, in order.
public struct Committee: Hashable, Sendable {
    /// 1...`Limits.validatorsPerCommittee` keys, all different.
    public let validators: [PublicKey]

    /// Nil where the number is out of range or a key stands twice.
    public init?(_ validators: [PublicKey]) {
        guard (1...Limits.validatorsPerCommittee).contains(validators.count),
            Set(validators).count == validators.count
        else { return nil }
        self.validators = validators
    }

    /// Signatures that make a certificate: more than two thirds.
    public var quorum: Int { 2 * validators.count / 3 + 1 }

    public var digest: Digest {
        var writer = ByteWriter()
        write(to: &writer)
        return Domains.committee.hash(writer.bytes)
    }

    func write(to writer: inout ByteWriter) {
        writer.write(UInt16(validators.count))
        for key in validators { writer.write(key) }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let count = Int(try reader.read(UInt16.self))
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: start)
        }
        guard let committee = Committee(try reader.readList(count: count)) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self = committee
    }

    /// Whether `certificate` carries the signatures of a quorum on `header`; one bad entry spoils
    /// all.
    public func certifies(
        _ header: CheckpointHeader, by certificate: [CheckpointSignature]
    ) -> Bool {
        guard header.committee == digest, certificate.count >= quorum else { return false }
        let message = header.signedBytes
        var last = -1
        for entry in certificate {
            let index = Int(entry.validator)
            guard index > last, index < validators.count,
                Ed25519.isValid(entry.signature, of: message, by: validators[index])
            else { return false }
            last = index
        }
        return true
    }
}
