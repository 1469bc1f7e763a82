// The validators of a chain, their quorum, and the genesis that names them (docs/spec/record.md §5,
// §6).
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

/// What a chain starts from; its digest is the chain's name.
public struct Genesis: Hashable, Sendable {
    public static let version: UInt16 = 1
    /// Bytes of a chain's name, UTF-8.
    public static let nameBytes = 1...64

    public let name: String
    public let created: Instant
    public let committee: Committee

    /// Nil where the name has a length out of `nameBytes` or holds a control character.
    public init?(name: String, created: Instant, committee: Committee) {
        guard Self.nameBytes.contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 }) else {
            return nil
        }
        self.name = name
        self.created = created
        self.committee = committee
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.version)
        writer.write(name)
        writer.write(created)
        committee.write(to: &writer)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.read(UInt16.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        let name = try reader.readText(limit: Self.nameBytes.upperBound)
        let created = try reader.readInstant()
        let count = Int(try reader.read(UInt16.self))
        let keys: [PublicKey] = try reader.readList(count: count)
        try reader.finish()
        guard let committee = Committee(keys),
            let genesis = Genesis(name: name, created: created, committee: committee)
        else { throw DecodingFailure(.outOfRange, at: 2) }
        self = genesis
    }

    /// The chain's name everywhere.
    public var digest: Digest { Domains.genesis.hash(encoded) }
}
