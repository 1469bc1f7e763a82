// Messages of peers, items of blocks, entries and snapshots of the state: what is accepted has one
// encoding, and a validator that hears it neither traps nor stops.
import Consensus
import Ledger
import Merkle
import Primitives
import Records
import Replica

extension DecoderCheck {
    static let replica = [
        DecoderCheck("peer-message", mostBytes: 8192) { bytes throws(BrokenRule) in
            try message(bytes)
        },
        DecoderCheck("ordered") { bytes throws(BrokenRule) in
            guard let ordered = try? Ordered(decoding: bytes) else { return false }
            try require(ordered.encoded == bytes, "an item has one encoding")
            return true
        },
        DecoderCheck("state-entry") { bytes throws(BrokenRule) in try entry(bytes) },
        DecoderCheck("snapshot", mostBytes: 8192) { bytes throws(BrokenRule) in
            try snapshot(bytes)
        },
    ]

    private static func message(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let message = try? PeerMessage(decoding: bytes) else { return false }
        try require(message.encoded == bytes, "a message has one encoding")
        let play = CommitteePlay.played
        guard var witness = play.replicas.first else { return false }
        var actions: [Replica.Action] = []
        for key in CommitteePlay.keys.dropFirst() {
            witness.step(.message(message, from: key.publicKey), at: play.now, into: &actions)
        }
        let later = play.now.advanced(byNanoseconds: Nanoseconds.perSecond)
        witness.step(.tick, at: later, into: &actions)
        try require(
            witness.halted == nil || isProof(message), "nobody stops a validator: \(message)")
        for action in actions {
            let said: PeerMessage
            switch action {
            case .send(let answer, _): said = answer
            case .broadcast(let answer): said = answer
            default: continue
            }
            let again = try must("what is said can be read") { () throws(BodyFailure) in
                try PeerMessage(decoding: said.encoded)
            }
            try require(again.encoded == said.encoded, "what is said has one encoding")
        }
        return true
    }

    /// Whether it holds what only the committee's keys can have made in another history: kept inputs
    /// are of other plays with the same keys.
    private static func isProof(_ message: PeerMessage) -> Bool {
        let play = CommitteePlay.played
        let committees = [CommitteePlay.committee, play.replicas.first?.committee]
        switch message {
        case .checkpoints(let checkpoints):
            return checkpoints.contains { checkpoint in
                committees.contains {
                    $0?.certifies(checkpoint.header, by: checkpoint.certificate) ?? false
                }
            }
        case .block(let block): return isOwn(block)
        case .status(let status): return status.yours.map(isOwn) ?? false
        default: return false
        }
    }

    private static func isOwn(_ block: Block) -> Bool {
        guard let view = CommitteePlay.played.view else { return false }
        return block.header.author == Seat(0) && (try? CheckedBlock(block, in: view)) != nil
    }

    /// The length of a key, the key, a value.
    private static func entry(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        let (length, rest) = bytes.choice
        let name = Array(rest.prefix(Int(length)))
        guard let key = StateKey(decoding: name) else { return false }
        try require(key.encoded == name, "a key has one encoding")
        let value = Array(rest.dropFirst(Int(length)))
        guard let genesis = CommitteePlay.genesis, !value.isEmpty else { return false }
        var state = LedgerState(genesis: genesis)
        guard (try? state.restore(key, from: value)) != nil else { return false }
        try require(state.encodedEntry(key) == value, "an entry has one encoding: \(key)")
        _ = state.committee.committee
        _ = state.nextCommittee
        return true
    }

    /// One entry of a sound state is another; whoever certified the state vouches for it, but a
    /// validator that takes it over must not trap.
    private static func snapshot(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        let play = CommitteePlay.played
        let (choice, value) = bytes.choice
        guard let genesis = CommitteePlay.genesis, let key = CommitteePlay.keys.first,
            var header = play.certified.last?.checkpoint.header
        else { return false }
        // The highest bit: as if it were the last of an epoch.
        if choice & 0x80 != 0 { header.next = header.committee }
        let slot = choice & 0x7F
        let place = slot < 8
            ? StateKey.consensus(slot)
            : .unlock(Digest(SubmitterID(key: LedgerPlay.keys[2].publicKey)))
        var state = play.state
        state[place] = value.isEmpty ? nil : value
        let entries = state.map { ($0.key, $0.value) }
            .sorted { $0.0.encoded.lexicographicallyPrecedes($1.0.encoded) }
        var tree = StateTree()
        tree.update(entries.map { $0.0.change(to: $0.1) })
        header.stateRoot = tree.root
        var replica = Replica(genesis: genesis, key: key, settings: CommitteePlay.settings)
        let checkpoint = Checkpoint(header: header, certificate: [])
        do throws(ReplayFailure) {
            try replica.restore(checkpoint: checkpoint, entries: entries.map { ($0.0, $0.1) })
        } catch { return false }
        try require(
            header.next != nil || replica.state.encodedEntry(place) ?? [] == value,
            "a state is taken over as it is")
        var actions: [Replica.Action] = []
        replica.start(at: play.now, into: &actions)
        for message in play.messages.suffix(16) {
            replica.step(
                .message(message, from: CommitteePlay.keys[1].publicKey), at: play.now,
                into: &actions)
        }
        return true
    }
}
