// The rules a block can be held to alone, in the order they are looked at, and a block that keeps
// them.
import Cryptography
import Primitives

/// The first rule that a block breaks; docs/spec/consensus.md §3 has them in this order.
public enum BlockFault: Error, Hashable, Sendable {
    case wrongEpoch
    /// The author has no seat.
    case unknownAuthor
    /// Round 0, or past `Round.last`.
    case roundOutOfRange
    /// The first parent is missing or another author's.
    case firstParentNotOwn
    /// A parent's author has no seat.
    case unknownParentAuthor
    /// After the first, parents are not by ascending author, or an author is named twice.
    case parentsOutOfOrder
    /// A parent is of the block's round or later.
    case parentNotEarlier
    /// A parent of round 0 is not the genesis block of its author.
    case wrongGenesis
    /// Fewer than a quorum of parents are of the round before.
    case tooFewParents
    case payloadOverLimit
    case wrongPayloadRoot
    case invalidSignature
}

/// A block that keeps every rule of `BlockFault` in one committee. Making one verifies a signature:
/// a job for a worker.
public struct CheckedBlock: Hashable, Sendable {
    public let block: Block
    public let reference: BlockReference

    public var header: BlockHeader { block.header }
    public var round: Round { reference.round }
    public var author: Seat { reference.author }

    public init(_ block: Block, in committee: CommitteeView) throws(BlockFault) {
        try self.init(block, in: committee, [])
    }

    init(_ block: Block, in committee: CommitteeView, _ lapses: Lapses) throws(BlockFault) {
        try self.init(unsigned: block, in: committee, lapses)
        if lapses.contains(.takesAnySignature) { return }
        let key = committee.keys[Int(author.index)]
        guard Ed25519.isValid(block.signature, of: Block.message(reference.digest), by: key) else {
            throw .invalidSignature
        }
    }

    /// Signs a block and holds it to the rules; the signature needs no check.
    init(
        signing header: BlockHeader, payload: BlockPayload, in committee: CommitteeView,
        with key: SigningKey
    ) throws(BlockFault) {
        let block = Block(signing: header, payload: payload, chain: committee.chain, with: key)
        try self.init(unsigned: block, in: committee, [])
    }

    /// Every rule but the signature.
    private init(
        unsigned block: Block, in committee: CommitteeView, _ lapses: Lapses
    ) throws(BlockFault) {
        let header = block.header
        guard header.epoch == committee.epoch || lapses.contains(.takesOtherEpochs)
        else { throw .wrongEpoch }
        guard committee.contains(header.author) else { throw .unknownAuthor }
        guard header.round > .genesis, header.round <= .last else { throw .roundOutOfRange }
        try Self.checkParents(of: header, in: committee, lapses)
        guard block.payload.encoded.count <= Block.payloadLimit
            || lapses.contains(.takesLargePayload)
        else { throw .payloadOverLimit }
        guard Block.root(of: block.payload) == header.payloadRoot
            || lapses.contains(.takesAnyPayloadRoot)
        else { throw .wrongPayloadRoot }
        let digest = header.digest(chain: committee.chain)
        self.block = block
        reference = BlockReference(round: header.round, author: header.author, digest: digest)
    }

    private static func checkParents(
        of header: BlockHeader, in committee: CommitteeView, _ lapses: Lapses
    ) throws(BlockFault) {
        guard header.parents.first?.author == header.author
            || lapses.contains(.takesAnyFirstParent)
        else { throw .firstParentNotOwn }
        var last: Seat?
        var direct = 0
        for (index, parent) in header.parents.enumerated() {
            guard committee.contains(parent.author) else { throw .unknownParentAuthor }
            if index > 0 {
                guard parent.author != header.author && last.map({ $0 < parent.author }) ?? true
                    || lapses.contains(.takesParentsInAnyOrder)
                else { throw .parentsOutOfOrder }
                last = parent.author
            }
            guard parent.round < header.round || lapses.contains(.takesLaterParents)
            else { throw .parentNotEarlier }
            guard parent.round > .genesis || parent == committee.genesis[Int(parent.author.index)]
                || lapses.contains(.takesOtherGenesis)
            else { throw .wrongGenesis }
            if parent.round + 1 == header.round { direct += 1 }
        }
        guard direct >= committee.quorum || lapses.contains(.takesFewParents)
        else { throw .tooFewParents }
    }
}
