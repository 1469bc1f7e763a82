// What a seat that holds its key can make of its own messages: signed, and wrong.
import Consensus
import Cryptography
import Primitives
import Records
import Replica

struct Forger {
    let chain: Digest
    let key: SigningKey

    /// Another message with this seat's signature; nil where the kind gives nothing to forge.
    func forge(_ message: PeerMessage, by chance: inout Chance) -> PeerMessage? {
        switch message {
        case .block(let block): .block(twin(of: block, by: &chance))
        case .checkpointVote(let vote): .checkpointVote(wrong(vote, by: &chance))
        case .status(let status): .status(wrong(status, by: &chance))
        default: nil
        }
    }

    /// A block with other payload, parents, epoch or time in the place of one.
    private func twin(of block: Block, by chance: inout Chance) -> Block {
        var header = block.header
        var payload = block.payload
        switch chance.below(7) {
        case 0: header.time = Instant(nanoseconds: chance.word())
        case 1: header.epoch &+= 1
        case 2: header.parents = chance.shuffled(header.parents)
        case 3:
            if !header.parents.isEmpty {
                header.parents.remove(at: chance.below(header.parents.count))
            }
        case 4: payload = []
        case 5: payload.append(chance.bytes(1 + chance.below(40)))
        default: payload = Self.spoiled(payload, by: &chance)
        }
        return Block(signing: header, payload: payload, chain: chain, with: key)
    }

    /// A vote for another state, epoch or height.
    private func wrong(_ vote: CheckpointVote, by chance: inout Chance) -> CheckpointVote {
        var header = vote.header
        switch chance.below(4) {
        case 0: header.height &+= 1
        case 1: header.epoch &-= 1
        case 2: header.time = Instant(nanoseconds: chance.word())
        default: header.stateRoot = BLAKE3.hash(chance.bytes(8))
        }
        return CheckpointVote(header: header, signature: key.sign(header.signedBytes))
    }

    private func wrong(_ status: SeatStatus, by chance: inout Chance) -> SeatStatus {
        var wrong = status
        wrong.epoch = chance.below(2) == 0 ? status.epoch : chance.word()
        wrong.commits = chance.word()
        wrong.height = chance.below(2) == 0 ? status.height : chance.word()
        wrong.yours = nil
        return wrong
    }

    /// One bit of one item is another: a certificate, a vote, a share of a coin that does not hold.
    private static func spoiled(_ payload: BlockPayload, by chance: inout Chance) -> BlockPayload {
        var items = payload.map { Array($0) }
        guard !items.isEmpty else { return payload }
        let index = chance.below(items.count)
        if !items[index].isEmpty {
            items[index][chance.below(items[index].count)] ^= UInt8(1 << chance.below(8))
        }
        return BlockPayload(items)
    }
}
