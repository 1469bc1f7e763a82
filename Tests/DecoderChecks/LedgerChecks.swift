// Operations and batches by signers who may sign: a refusal changes nothing, a change can be put
// back.
import Cryptography
import Ledger
import Merkle
import Primitives
import Records

extension DecoderCheck {
    static let ledger = [
        DecoderCheck("ledger", mostBytes: 8192) { bytes throws(BrokenRule) in
            guard let entries = try? EntryBundle.decode(bytes) else { return false }
            var play = LedgerPlay()
            var accepted = 0
            for entry in entries.prefix(16) where try play.take(entry) { accepted += 1 }
            return accepted > 0
        }
    ]
}

/// A small ledger and those who hold its keys; they sign what the input asks for.
struct LedgerPlay {
    static let time = Instant(nanoseconds: 1_700_000_000 * Nanoseconds.perSecond)
    static let chain = Digest([UInt8](repeating: 0xC1, count: 32)) ?? Digest()
    /// An owner, another one, a submitter, a stranger.
    static let keys = (1...4).compactMap {
        SigningKey(seed: [UInt8](repeating: UInt8($0), count: 32))
    }

    private var state = LedgerState(chain: Self.chain)

    /// What to do with an entry after its first byte.
    enum Verb: UInt8 {
        /// A body follows: the submitter seals it.
        case batch
        /// An operation follows: its key signs it again, if it is one of `keys`, else the first.
        case operation
    }

    /// Whether the ledger accepted what `entry` stands for.
    mutating func take(_ entry: [UInt8]) throws(BrokenRule) -> Bool {
        let (choice, rest) = entry.choice
        let counts = (state.records, state.operations)
        let isAccepted = switch Verb(rawValue: choice) {
        case .batch: try seal(rest)
        case .operation: try sign(rest)
        case nil: false
        }
        let changes = state.takeChanges()
        if isAccepted {
            try require(!changes.isEmpty, "what is accepted changes something")
        } else {
            try require(changes.isEmpty, "a refusal changes nothing")
            try require(
                counts == (state.records, state.operations), "a refusal is not counted")
        }
        try putBack(changes)
        return isAccepted
    }

    private func putBack(
        _ changes: [(key: StateKey, value: [UInt8])]
    ) throws(BrokenRule) {
        var other = LedgerState(chain: Self.chain)
        for (key, value) in changes {
            try require(StateKey(decoding: key.encoded) == key, "a key has one encoding")
            _ = try must("a changed entry can be put back") { () throws(DecodingFailure) in
                try other.restore(key, from: value)
            }
            try require((other.encodedEntry(key) ?? []) == value, "an entry has one encoding")
        }
    }

    private mutating func sign(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let asked = try? SignedOperation(decoding: bytes) else { return false }
        try require(asked.encoded == bytes, "an operation has one encoding")
        guard let key = Self.keys.first(where: { $0.publicKey == asked.key }) ?? Self.keys.first
        else { return false }
        let (sequence, overflow) = state.lastSequence(of: key.publicKey)
            .addingReportingOverflow(1)
        guard !overflow else { return false }
        let operation = SignedOperation(
            chain: Self.chain, owner: asked.owner, sequence: sequence,
            command: Self.proven(asked.command, owner: asked.owner), key: key)
        let again = try must("a signed operation decodes") { () throws(DecodingFailure) in
            try SignedOperation(decoding: operation.encoded)
        }
        try require(again == operation, "a signed operation comes back")
        return (try? Ledger.apply(again, at: Self.time, to: &state)) != nil
    }

    /// The command with true proofs of the keys that are ours.
    private static func proven(_ command: Command, owner: OwnerID) -> Command {
        func proof(
            _ key: PublicKey, _ old: Signature, _ purpose: KeyProof.Purpose
        ) -> Signature {
            let message = KeyProof.message(for: purpose, chain: chain, owner: owner)
            return keys.first { $0.publicKey == key }?.sign(message) ?? old
        }
        return switch command {
        case .owner(.addKey(let key, let old)):
            .owner(.addKey(key, proof: proof(key, old, .owner)))
        case .owner(.rotateKey(let last, let key, let old)):
            .owner(.rotateKey(old: last, new: key, proof: proof(key, old, .owner)))
        case .agent(.setKey(let agent, let key, let old)):
            .agent(.setKey(agent, key, proof: proof(key, old, .agent)))
        default: command
        }
    }

    private mutating func seal(_ body: [UInt8]) throws(BrokenRule) -> Bool {
        guard let columns = try? RecordColumns(decoding: body), Self.keys.count > 2 else {
            return false
        }
        let key = Self.keys[2]
        var header = BatchHeader()
        header.chain = Self.chain
        header.submitter = SubmitterID(key: key.publicKey)
        let submitter = state.submitter(header.submitter)
        header.sequence = (submitter?.sequence ?? 0) &+ 1
        header.previous = submitter?.last ?? Digest()
        header.closed = Self.time
        let batch = CheckedBatch(sealing: columns, header: header, key: key)
        return (try? Ledger.apply(batch, at: Self.time, to: &state)) != nil
    }
}
