// A block: a signed header that names its parents, and the opaque payload it carries.
import Cryptography
import Primitives

/// What the author signs. The chain is hashed with it and not sent.
public struct BlockHeader: Hashable, Sendable {
    public var epoch: UInt64
    public var round: Round
    public var author: Seat
    /// The author's clock.
    public var time: Instant
    /// The author's own previous block first, then the others by ascending author.
    public var parents: [BlockReference]
    /// `Block.root(of:)` of the payload.
    public var payloadRoot: Digest

    static let version: UInt16 = 1

    func encode(to writer: inout ByteWriter) {
        writer.write(Self.version)
        writer.write(epoch)
        writer.write(round.number)
        writer.write(author.index)
        writer.write(time)
        writer.write(payloadRoot)
        writer.write(UInt8(clamping: parents.count))
        for parent in parents { parent.encode(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        guard try reader.read(UInt16.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        epoch = try reader.read()
        let roundOffset = reader.offset
        round = Round(try reader.read())
        guard round <= .last else { throw DecodingFailure(.outOfRange, at: roundOffset) }
        author = Seat(try reader.read())
        time = try reader.readInstant()
        payloadRoot = try reader.read()
        let offset = reader.offset
        let count = Int(try reader.read(UInt8.self))
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        parents = []
        for _ in 0..<count { parents.append(try BlockReference(from: &reader)) }
    }

    /// A header over the empty payload; signing a block puts the root of its own.
    public init(
        epoch: UInt64, round: Round, author: Seat, parents: [BlockReference], at time: Instant
    ) {
        self.epoch = epoch
        self.round = round
        self.author = author
        self.time = time
        self.parents = parents
        payloadRoot = Block.root(of: [])
    }

    private static let domain = HashDomain("althing 2026 block v1")

    /// The digest of the block with this header on the chain `chain`.
    public func digest(chain: Digest) -> Digest {
        var writer = ByteWriter(capacity: 128 + 41 * parents.count)
        writer.write(chain)
        encode(to: &writer)
        return Self.domain.hash(writer.bytes)
    }
}

/// A block as it travels; nothing about it is checked.
public struct Block: Hashable, Sendable {
    public var header: BlockHeader
    public var signature: Signature
    /// Opaque byte strings, ordered as they stand.
    public var payload: BlockPayload

    public init(header: BlockHeader, signature: Signature, payload: BlockPayload) {
        self.header = header
        self.signature = signature
        self.payload = payload
    }

    /// Bytes of an encoded payload, at most.
    public static let payloadLimit = 1 << 20

    /// Signs `header` with `payload` under it.
    public init(
        signing header: BlockHeader, payload: BlockPayload, chain: Digest, with key: SigningKey
    ) {
        self.header = header
        self.header.payloadRoot = Self.root(of: payload)
        self.payload = payload
        signature = key.sign(Self.message(self.header.digest(chain: chain)))
    }

    /// What is signed: a tag and the digest.
    static func message(_ digest: Digest) -> [UInt8] {
        Array("althing block v1".utf8) + digest.bytes
    }

    private static let payloadDomain = HashDomain("althing 2026 block payload v1")

    /// The digest of the encoded payload.
    public static func root(of payload: BlockPayload) -> Digest {
        payloadDomain.hash(payload.encoded)
    }

    /// Header, signature, payload.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 256 + 41 * header.parents.count + payload.encoded.count)
        header.encode(to: &writer)
        writer.write(signature)
        writer.append(payload.encoded)
        return writer.bytes
    }

    /// Reads one block and nothing after it. The rules of `CheckedBlock` are not looked at.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        header = try BlockHeader(from: &reader)
        signature = try reader.read()
        let start = reader.offset
        guard reader.remaining <= Self.payloadLimit else {
            throw DecodingFailure(.overLimit, at: start)
        }
        payload = try BlockPayload(decoding: try reader.read(count: reader.remaining), at: start)
    }
}
