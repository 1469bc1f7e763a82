// Blocks, the fast path's objects, and those of the coin: what is accepted has one encoding, and
// checking it in a committee never traps.
import Consensus
import Cryptography
import Primitives
import Replica

extension DecoderCheck {
    static let consensus = [
        DecoderCheck("block") { bytes throws(BrokenRule) in try block(bytes) },
        DecoderCheck("fast-path") { bytes throws(BrokenRule) in
            let (choice, rest) = bytes.choice
            return try FastPathObject(rawValue: choice)?.accepts(rest) ?? false
        },
        DecoderCheck("coin", mostBytes: 8192) { bytes throws(BrokenRule) in
            let (choice, rest) = bytes.choice
            return try CoinObject(rawValue: choice)?.accepts(rest) ?? false
        },
    ]

    /// Its author signs it again, and another seat hears it.
    private static func block(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let block = try? Block(decoding: bytes) else { return false }
        try require(block.encoded == bytes, "a block has one encoding")
        let play = CommitteePlay.played
        let author = Int(block.header.author.index)
        guard let view = play.view, (1..<CommitteePlay.keys.count).contains(author) else {
            return false
        }
        _ = try? CheckedBlock(block, in: view)
        let key = CommitteePlay.keys[author]
        let signed = Block(
            signing: block.header, payload: block.payload, chain: view.chain, with: key)
        guard let checked = try? CheckedBlock(signed, in: view) else {
            // Most are of an epoch that is over: the form is all there is to accept.
            return block.header.epoch != view.epoch
        }
        try require(
            (try? Block(decoding: checked.block.encoded)) == signed, "a signed block comes back")
        var witness = play.replicas[0]
        var actions: [Replica.Action] = []
        witness.step(.message(.block(signed), from: key.publicKey), at: play.now, into: &actions)
        witness.step(.tick, at: play.now, into: &actions)
        try require(witness.halted == nil, "one faulty seat stops nobody")
        return true
    }
}

/// Throws where an accepted object has another encoding than the bytes it came from.
private func form<Object>(
    _ bytes: [UInt8], _ decode: ([UInt8]) throws(DecodingFailure) -> Object,
    _ encode: (Object) -> [UInt8]
) throws(BrokenRule) -> Object? {
    guard let object = try? decode(bytes) else { return nil }
    try require(encode(object) == bytes, "a \(Object.self) has one encoding")
    return object
}

/// What the first byte of an input of "fast-path" chooses.
enum FastPathObject: UInt8, CaseIterable {
    case proposal, reply, certificate, confirm, finality, evidence, unlock, unlockVote, entry
    case record

    func accepts(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let view = CommitteePlay.played.view else { return false }
        switch self {
        case .proposal: return try proposal(bytes, view)
        case .reply:
            let reply = try form(
                bytes, { b throws(DecodingFailure) in try LockReply(decoding: b) }, { $0.encoded })
            if let reply { _ = try? CheckedLockVote(reply.vote, in: view) }
            return reply != nil
        case .certificate:
            let certificate = try form(
                bytes, { b throws(DecodingFailure) in try Certificate(decoding: b) },
                { $0.encoded })
            if let certificate { try check(certificate, view) }
            return certificate != nil
        case .confirm:
            let confirm = try form(
                bytes, { b throws(DecodingFailure) in try Confirm(decoding: b) }, { $0.encoded })
            if let confirm { _ = try? CheckedConfirm(confirm, in: view) }
            return confirm != nil
        case .finality:
            let finality = try form(
                bytes, { b throws(DecodingFailure) in try Finality(decoding: b) }, { $0.encoded })
            if let finality { _ = try? finality.check(in: view) }
            return finality != nil
        case .evidence:
            let evidence = try form(
                bytes, { b throws(DecodingFailure) in try LockEvidence(decoding: b) },
                { $0.encoded })
            if let evidence { _ = try? evidence.check(in: view) }
            return evidence != nil
        default: return try unlocking(bytes, view)
        }
    }

    private func unlocking(_ bytes: [UInt8], _ view: CommitteeView) throws(BrokenRule) -> Bool {
        switch self {
        case .unlock:
            let unlock = try form(
                bytes, { b throws(DecodingFailure) in try Unlock(decoding: b) }, { $0.encoded })
            return unlock != nil
        case .unlockVote:
            let vote = try form(
                bytes, { b throws(DecodingFailure) in try UnlockVote(decoding: b) },
                { $0.encoded })
            if let vote, vote.slot.sequence > 0 {
                let head = ChainHead(
                    sequence: vote.slot.sequence - 1, digest: Digest(),
                    attempt: vote.slot.attempt)
                var entry = UnlockEntry(Unlock(slot: vote.slot), head: head)
                _ = entry?.take(vote, from: Seat(1), in: view)
            }
            return vote != nil
        case .entry:
            let entry = try form(
                bytes, { b throws(DecodingFailure) in try UnlockEntry(decoding: b) },
                { $0.encoded })
            if var entry {
                let vote = UnlockVote(slot: entry.slot, certificate: nil)
                for seat in view.seats { _ = entry.take(vote, from: seat, in: view) }
            }
            return entry != nil
        default:
            let record = try form(
                bytes, { b throws(DecodingFailure) in try LockRecord(decoding: b) },
                { $0.encoded })
            return record != nil
        }
    }

    /// Every item is proven to be in it by its path.
    private func proposal(_ bytes: [UInt8], _ view: CommitteeView) throws(BrokenRule) -> Bool {
        let found = try form(
            bytes, { b throws(DecodingFailure) in try Proposal(decoding: b) }, { $0.encoded })
        guard let found else { return false }
        let digest = found.digest(chain: view.chain)
        for index in found.items.indices.prefix(8) {
            let proof = ItemProof(of: found, at: index)
            try require(
                proof?.proposal(chain: view.chain) == digest, "an item is proven by its path")
        }
        return true
    }

    /// Where signatures hold the items are those of a quorum.
    private func check(
        _ certificate: Certificate, _ view: CommitteeView
    ) throws(BrokenRule) {
        guard let checked = try? CheckedCertificate(certificate, in: view) else { return }
        try require(!checked.updates.isEmpty, "a certificate certifies something")
        try require(
            certificate.votes.count >= view.quorum, "a certificate has the votes of a quorum")
    }
}

/// What the first byte of an input of "coin" chooses.
enum CoinObject: UInt8, CaseIterable {
    case share, keys, opened, keyMessage, keyEvidence, generation, registration

    func accepts(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let setting = CommitteePlay.played.setting else { return false }
        switch self {
        case .share:
            let share = try form(
                bytes, { b throws(DecodingFailure) in try CoinShare(decoding: b) },
                { $0.encoded })
            if let share, let coin = Self.coin { try? coin.check(share) }
            return share != nil
        case .keys:
            let keys = try form(
                bytes, { b throws(DecodingFailure) in try CoinKeys(decoding: b) }, { $0.encoded })
            return keys.map { _ = Coin(committee: setting.committee, keys: $0) } != nil
        case .opened:
            let opened = try form(
                bytes, { b throws(DecodingFailure) in try OpenedCoin(decoding: b) },
                { $0.encoded })
            if let opened, let coin = Self.coin { _ = try? opened.value(in: coin) }
            return opened != nil
        case .keyMessage: return try keyMessage(bytes, setting)
        case .keyEvidence:
            let evidence = try form(
                bytes, { b throws(DecodingFailure) in try KeyEvidence(decoding: b) },
                { $0.encoded })
            return evidence.map { _ = $0.isValid(in: setting) } != nil
        case .generation:
            let generation = try form(
                bytes,
                { b throws(DecodingFailure) in try KeyGeneration(decoding: b, in: setting) },
                { $0.encoded })
            return generation.map { _ = $0.keys() } != nil
        case .registration:
            var reader = ByteReader(bytes)
            guard let registration = try? SealingRegistration(from: &reader) else { return false }
            return registration.isValid(for: CommitteePlay.keys[0].publicKey)
        }
    }

    /// It changes a generation, or leaves no trace.
    private func keyMessage(
        _ bytes: [UInt8], _ setting: KeySetting
    ) throws(BrokenRule) -> Bool {
        let message = try form(
            bytes, { b throws(DecodingFailure) in try SignedKeyMessage(decoding: b) },
            { $0.encoded })
        guard let message else { return false }
        var generation = KeyGeneration(setting)
        let before = generation.encoded
        do throws(KeyGenerationFault) { _ = try generation.take(message) } catch {
            try require(generation.encoded == before, "a refused message leaves no trace")
        }
        return true
    }

    /// Of keys that the whole generation of the play came to.
    static let coin: Coin? = {
        guard let setting = CommitteePlay.played.setting,
            let generation = KeyPlay.generation(setting), let keys = generation.keys()
        else { return nil }
        return Coin(committee: setting.committee, keys: keys)
    }()
}

/// A generation of keys from its first message to its last.
enum KeyPlay {
    static func participants(_ setting: KeySetting) -> [KeyParticipant] {
        CommitteePlay.keys.compactMap { KeyParticipant(setting: setting, key: $0) }
    }

    static func messages(_ setting: KeySetting) -> [SignedKeyMessage] {
        var generation = KeyGeneration(setting)
        var messages: [SignedKeyMessage] = []
        for _ in 0..<2 {
            for participant in participants(setting) {
                let seed = [UInt8](repeating: participant.seat.index, count: 32)
                guard let message = participant.due(in: generation, seed: seed),
                    (try? generation.take(message)) != nil
                else { continue }
                messages.append(message)
            }
        }
        return messages
    }

    static func generation(_ setting: KeySetting) -> KeyGeneration? {
        var generation = KeyGeneration(setting)
        for message in messages(setting) { _ = try? generation.take(message) }
        return generation
    }
}
