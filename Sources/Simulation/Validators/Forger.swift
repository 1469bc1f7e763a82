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
        case .checkpointSignature(let signed): .checkpointSignature(wrong(signed, by: &chance))
        case .status(let status): .status(wrong(status, by: &chance))
        default: nil
        }
    }

    /// A block with other payload, parents, epoch or time in the place of one.
    private func twin(of block: Block, by chance: inout Chance) -> Block {
        var header = block.header
        var payload = block.payload
        switch chance.below(6) {
        case 0: header.time = Instant(nanoseconds: chance.word())
        case 1: header.epoch &+= 1
        case 2: header.parents = chance.shuffled(header.parents)
        case 3:
            if !header.parents.isEmpty {
                header.parents.remove(at: chance.below(header.parents.count))
            }
        case 4: payload = []
        default: payload.append(chance.bytes(1 + chance.below(40)))
        }
        return Block(signing: header, payload: payload, chain: chain, with: key)
    }

    /// A signature of another state, epoch or height.
    private func wrong(_ signed: SignedHeight, by chance: inout Chance) -> SignedHeight {
        var wrong = signed
        switch chance.below(3) {
        case 0: wrong.height &+= 1
        case 1: wrong.epoch &-= 1
        default: wrong.digest = BLAKE3.hash(chance.bytes(8))
        }
        wrong.signature = key.sign(SignatureTag.checkpoint + wrong.digest.bytes)
        return wrong
    }

    private func wrong(_ status: SeatStatus, by chance: inout Chance) -> SeatStatus {
        var wrong = status
        wrong.epoch = chance.below(2) == 0 ? status.epoch : chance.word()
        wrong.commits = chance.word()
        wrong.height = chance.below(2) == 0 ? status.height : chance.word()
        wrong.yours = nil
        return wrong
    }
}
