// The bytes of messages between validators (docs/spec/replica.md §2).
import Consensus
import Ledger
import Primitives
import Records

extension PeerMessage {
    /// Bytes of an encoded message, at most: a proposal with a batch of the largest size.
    public static let mostBytes = Body.mostBytes + (1 << 20)
    /// Bodies in one message.
    public static let mostBodies = 1024
    /// Block references in one question.
    static let mostReferences = 1024
    /// Checkpoints in one answer.
    public static let mostCheckpoints = 256

    private var kind: UInt8 {
        switch self {
        case .block: 1
        case .blocksWanted: 2
        case .proposal: 3
        case .vote: 4
        case .certificate: 5
        case .confirm: 6
        case .bodiesWanted: 7
        case .bodies: 8
        case .checkpointVote: 9
        case .status: 10
        case .checkpointsWanted: 11
        case .checkpoints: 12
        case .snapshotWanted: 13
        case .snapshot: 14
        }
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(kind)
        switch self {
        case .block(let block): writer.append(block.encoded)
        case .blocksWanted(let epoch, let references, let round):
            writer.write(epoch)
            writer.write(round.number)
            writer.write(UInt32(references.count))
            for reference in references { reference.encode(to: &writer) }
        case .proposal(let proposal, let bodies):
            writer.writeCounted(proposal.encoded)
            write(bodies, to: &writer)
        case .vote(let reply): writer.append(reply.encoded)
        case .certificate(let certificate): writer.append(certificate.encoded)
        case .confirm(let confirm): writer.append(confirm.encoded)
        case .bodiesWanted(let digests):
            writer.write(UInt32(digests.count))
            for digest in digests { writer.write(digest) }
        case .bodies(let bodies): write(bodies, to: &writer)
        case .checkpointVote(let vote): writer.append(vote.encoded)
        case .status(let status): status.encode(to: &writer)
        case .checkpointsWanted(let height): writer.write(height)
        case .checkpoints(let checkpoints):
            writer.write(UInt32(checkpoints.count))
            for checkpoint in checkpoints { writer.writeCounted(checkpoint.encoded) }
        case .snapshotWanted(let request):
            writer.write(request.height)
            writer.write(request.epoch)
            writer.write(request.part)
        case .snapshot(let part): part.encode(to: &writer)
        }
        return writer.bytes
    }

    private func write(_ bodies: [Body], to writer: inout ByteWriter) {
        writer.write(UInt32(bodies.count))
        for body in bodies { writer.writeCounted(body.encoded) }
    }

    /// Decodes a message. Bodies are checked in themselves, which is the heavy part; signatures of
    /// validators are not.
    public init(decoding bytes: [UInt8]) throws(BodyFailure) {
        var reader = ByteReader(bytes)
        let kind: UInt8
        do { kind = try reader.read() } catch { throw .malformed(error) }
        if kind == 3 || kind == 8 {
            self = try Self.withBodies(kind, &reader)
            return
        }
        do throws(DecodingFailure) {
            self = try Self.plain(kind, &reader)
            try reader.finish()
        } catch { throw .malformed(error) }
    }

    private static func withBodies(
        _ kind: UInt8, _ reader: inout ByteReader
    ) throws(BodyFailure) -> Self {
        var proposal: Proposal?
        var encodings: [ArraySlice<UInt8>] = []
        do throws(DecodingFailure) {
            if kind == 3 {
                proposal = try Proposal(decoding: reader.readCounted(limit: 1 << 20))
            }
            let count = try reader.readCount(limit: mostBodies)
            for _ in 0..<count {
                encodings.append(try reader.readCountedSlice(limit: Body.mostBytes))
            }
            try reader.finish()
        } catch { throw .malformed(error) }
        var bodies: [Body] = []
        for encoding in encodings {
            // A batch keeps the message it lies in: a small part of a large one is copied out.
            let isMost = encoding.count > reader.offset / 2
            bodies.append(try Body(decoding: isMost ? encoding : Array(encoding)[...]))
        }
        return proposal.map { .proposal($0, bodies) } ?? .bodies(bodies)
    }

    private static func plain(
        _ kind: UInt8, _ reader: inout ByteReader
    ) throws(DecodingFailure) -> Self {
        switch kind {
        case 1: return .block(try Block(decoding: reader.rest()))
        case 2: return try blocksWanted(&reader)
        case 4: return .vote(try LockReply(decoding: reader.rest()))
        case 5: return .certificate(try Certificate(decoding: reader.rest()))
        case 6: return .confirm(try Confirm(decoding: reader.rest()))
        case 7:
            let count = try reader.readCount(limit: mostBodies)
            return .bodiesWanted(try reader.readList(count: count))
        case 9: return .checkpointVote(try CheckpointVote(decoding: reader.rest()))
        case 10: return .status(try SeatStatus(from: &reader))
        case 11: return .checkpointsWanted(from: try reader.read())
        case 12:
            var checkpoints: [Checkpoint] = []
            for _ in 0..<(try reader.readCount(limit: mostCheckpoints)) {
                checkpoints.append(
                    try Checkpoint(decoding: reader.readCounted(limit: 1 << 16)))
            }
            return .checkpoints(checkpoints)
        case 13:
            return .snapshotWanted(
                SnapshotRequest(
                    height: try reader.read(), epoch: try reader.read(), part: try reader.read()))
        case 14: return .snapshot(try SnapshotPart(from: &reader))
        default: throw DecodingFailure(.outOfRange, at: 0)
        }
    }

    private static func blocksWanted(
        _ reader: inout ByteReader
    ) throws(DecodingFailure) -> Self {
        let epoch: UInt64 = try reader.read()
        let round = Round(try reader.read())
        guard round <= .last else { throw DecodingFailure(.outOfRange, at: 9) }
        var references: [BlockReference] = []
        for _ in 0..<(try reader.readCount(limit: mostReferences)) {
            references.append(try BlockReference(from: &reader))
        }
        return .blocksWanted(epoch: epoch, references, above: round)
    }
}

extension ByteReader {
    /// A count of what follows.
    mutating func readCount(limit: Int) throws(DecodingFailure) -> Int {
        let start = offset
        let count = Int(try read(UInt32.self))
        guard count <= limit else { throw DecodingFailure(.overLimit, at: start) }
        return count
    }

    /// Everything that was not read yet.
    mutating func rest() throws(DecodingFailure) -> [UInt8] { try read(count: remaining) }
}

extension CheckpointVote {
    /// Signature, header.
    var encoded: [UInt8] { signature.bytes + header.encoded }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        signature = try reader.read()
        header = try CheckpointHeader(decoding: reader.rest())
    }
}

extension SeatStatus {
    func encode(to writer: inout ByteWriter) {
        writer.write(epoch)
        writer.write(head.number)
        writer.write(commits)
        writer.write(floor.number)
        writer.write(height)
        writer.write(UInt8(isAsking ? 1 : 0))
        writer.writeCounted(yours?.encoded ?? [])
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        epoch = try reader.read()
        head = try reader.readRound()
        commits = try reader.read()
        floor = try reader.readRound()
        height = try reader.read()
        let flag: UInt8 = try reader.read()
        guard flag <= 1 else { throw DecodingFailure(.notCanonical, at: reader.offset - 1) }
        isAsking = flag == 1
        let block = try reader.readCounted(limit: Block.mostBytes)
        yours = block.isEmpty ? nil : try Block(decoding: block)
    }
}

extension SnapshotPart {
    func encode(to writer: inout ByteWriter) {
        writer.writeCounted(checkpoint.encoded)
        writer.write(UInt32(steps.count))
        for step in steps { writer.writeCounted(step.encoded) }
        writer.write(part)
        writer.write(UInt8(isLast ? 1 : 0))
        writer.write(UInt32(entries.count))
        for entry in entries {
            writer.writeCounted(entry.key.encoded)
            writer.writeCounted(entry.value)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        checkpoint = try Checkpoint(decoding: reader.readCounted(limit: 1 << 16))
        steps = []
        for _ in 0..<(try reader.readCount(limit: Self.mostSteps)) {
            steps.append(try EpochStep(decoding: reader.readCounted(limit: 1 << 16)))
        }
        part = try reader.read()
        let flag: UInt8 = try reader.read()
        guard flag <= 1 else { throw DecodingFailure(.notCanonical, at: reader.offset - 1) }
        isLast = flag == 1
        entries = []
        for _ in 0..<(try reader.readCount(limit: Self.mostBytes)) {
            let start = reader.offset
            guard let key = StateKey(decoding: try reader.readCounted(limit: 256)) else {
                throw DecodingFailure(.outOfRange, at: start)
            }
            let value = try reader.readCounted(limit: LedgerState.consensusBytes)
            entries.append(SnapshotEntry(key: key, value: value))
        }
    }
}

extension ByteReader {
    mutating func readRound() throws(DecodingFailure) -> Round {
        let start = offset
        let round = Round(try read())
        guard round <= .last else { throw DecodingFailure(.outOfRange, at: start) }
        return round
    }
}
