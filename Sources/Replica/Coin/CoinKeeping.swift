// The coin of an epoch and the keys of the next, where the chain elects leaders by coin
// (docs/spec/coin.md): all of it follows from the state and the signing key.
import Consensus
import Cryptography
import Primitives
import Records

/// The coin as one seat holds it. Empty while the chain has known leaders only, or no keys yet.
struct CoinKeeping: Sendable {
    /// Opens the coins of this epoch; nil without keys.
    var opener: CoinOpener?
    /// Keys of the next epoch, while this one closes.
    var generation: KeyGeneration?
    /// This seat's part in it.
    var participant: KeyParticipant?
    /// The phase for which an own message was put in order.
    var spoken: KeyGeneration.Phase?

    /// Places of values in the state (`StateKey.consensus`): sealing keys of validators, the
    /// generation of the present epoch's keys, the generation under way.
    static let registrySlot: UInt8 = 3
    static let presentSlot: UInt8 = 4
    static let nextSlot: UInt8 = 5
    /// Nanoseconds that an epoch is kept open for the generation of keys.
    static let patience = 2 * Nanoseconds.perSecond
}

extension CoinKeeping {
    /// The shares that are due in the own block of `round` and were not given before, as items.
    mutating func shares(for round: Round, into actions: inout [CoinOpener.Action]) -> [[UInt8]] {
        let shares = opener?.shares(inBlockOf: round, into: &actions) ?? []
        return shares.map { Ordered.coinShare($0).encoded }
    }

    /// Looks for shares in an accepted block.
    mutating func scan(_ block: CheckedBlock, into actions: inout [CoinOpener.Action]) {
        guard opener != nil else { return }
        for item in block.block.payload where item.first == Ordered.coinShareKind {
            guard case .coinShare(let share) = try? Ordered(decoding: Array(item)) else { continue }
            opener?.step(
                .share(share, from: block.author, in: block.round), into: &actions)
        }
    }
}

/// Sealing keys by validator, in the order of validators.
struct SealingRegistry: Sendable {
    private var entries: [(key: PublicKey, registration: SealingRegistration)] = []

    /// Keys that a registry holds, at most: several committees' worth.
    private static let most = 4 * Limits.validatorsPerCommittee

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        if bytes.isEmpty { return }
        var reader = ByteReader(bytes)
        for _ in 0..<(try reader.readCount(limit: Self.most)) {
            entries.append((try reader.read(), try SealingRegistration(from: &reader)))
        }
        try reader.finish()
    }

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt32(entries.count))
        for entry in entries {
            writer.write(entry.key)
            entry.registration.encode(to: &writer)
        }
        return writer.bytes
    }

    subscript(key: PublicKey) -> SealingRegistration? {
        entries.first { $0.key == key }?.registration
    }

    /// Whether there was room, and none for the key before.
    mutating func add(_ key: PublicKey, _ registration: SealingRegistration) -> Bool {
        guard entries.count < Self.most, self[key] == nil else { return false }
        let place = entries.firstIndex { key < $0.key } ?? entries.count
        entries.insert((key, registration), at: place)
        return true
    }
}

extension Replica {
    var hasCoin: Bool { settings.commits.knownRounds != nil }

    private var registry: SealingRegistry {
        let bytes = state.consensus(CoinKeeping.registrySlot)
        return (try? SealingRegistry(decoding: bytes)) ?? .empty
    }

    /// The setting of a generation for `view`; nil where a seat has no sealing key yet.
    private func setting(of view: CommitteeView) -> KeySetting? {
        let registry = registry
        let points = view.keys.compactMap { registry[$0]?.point }
        return KeySetting(committee: view, sealingKeys: points)
    }

    // MARK: The coin of this epoch

    /// Takes up the coin of the present epoch out of the state.
    mutating func restoreCoin() {
        coin = CoinKeeping()
        guard hasCoin else { return }
        let bytes = state.consensus(CoinKeeping.presentSlot)
        if !bytes.isEmpty, let setting = setting(of: view),
            let generation = try? KeyGeneration(decoding: bytes, in: setting),
            let keys = generation.keys(), let coin = Coin(committee: view, keys: keys)
        {
            let secret = key.flatMap { KeyParticipant(setting: setting, key: $0) }?
                .secret(from: generation)
            self.coin.opener = CoinOpener(
                coin: coin, secret: secret, key: key, settings: settings.commits,
                head: order.head.round)
        }
        restoreGeneration()
    }

    /// Offers the shares that are due in the next own block.
    mutating func offerShares() {
        guard seat != nil, !isReplaying, order.isReady else { return }
        var made: [CoinOpener.Action] = []
        let shares = coin.shares(for: order.nextRound, into: &made)
        if !shares.isEmpty { work.append(.order(.system(BlockPayload(shares)))) }
        obey(made)
    }

    /// Looks for shares in an accepted block.
    mutating func scan(_ block: CheckedBlock) {
        var made: [CoinOpener.Action] = []
        coin.scan(block, into: &made)
        obey(made)
    }

    /// The order came to `round`.
    mutating func advanceCoin(to round: Round) {
        var made: [CoinOpener.Action] = []
        coin.opener?.step(.committed(round), into: &made)
        obey(made)
    }

    private mutating func obey(_ actions: [CoinOpener.Action]) {
        for action in actions {
            switch action {
            case .open(let round, let value): work.append(.order(.coin(round, value)))
            case .accuse(let evidence): put([.wrongShare(evidence)])
            case .refuse: break
            }
        }
    }

    // MARK: Keys of the next

    /// Registers this validator's sealing key, once.
    mutating func registerSealingKey() {
        guard hasCoin, let key, seat != nil, registry[key.publicKey] == nil else { return }
        put([.sealingKey(key.publicKey, SealingRegistration(key: key))])
    }

    mutating func take(_ registration: SealingRegistration, of key: PublicKey) {
        var registry = registry
        guard hasCoin, registration.isValid(for: key), registry.add(key, registration) else {
            return
        }
        _ = state.setConsensus(CoinKeeping.registrySlot, to: registry.encoded)
    }

    /// Begins to generate the keys of the epoch after this one.
    mutating func beginGeneration() {
        guard hasCoin, let setting = setting(of: nextView) else { return }
        let generation = KeyGeneration(setting)
        _ = state.setConsensus(CoinKeeping.nextSlot, to: generation.encoded)
        restoreGeneration()
    }

    private mutating func restoreGeneration() {
        let bytes = state.consensus(CoinKeeping.nextSlot)
        guard flow.isClosing, !bytes.isEmpty, let setting = setting(of: nextView),
            let generation = try? KeyGeneration(decoding: bytes, in: setting)
        else { return }
        coin.generation = generation
        coin.participant = key.flatMap { KeyParticipant(setting: setting, key: $0) }
        speak()
    }

    /// The committee of the next epoch, as it was fixed when this one began to close.
    private var nextView: CommitteeView {
        Self.view(of: nextCommittee, chain: genesis.digest, epoch: epoch + 1)
    }

    /// Puts this seat's message in order where one is due.
    private mutating func speak() {
        guard !isReplaying, let generation = coin.generation, let participant = coin.participant,
            coin.spoken != generation.phase, let key,
            let message = participant.due(in: generation, seed: key.seed)
        else { return }
        coin.spoken = generation.phase
        put([.keyMessage(message)])
    }

    mutating func take(
        _ message: SignedKeyMessage, from author: Seat, at time: Instant,
        into actions: inout [Action]
    ) {
        guard var generation = coin.generation else { return }
        do throws(KeyGenerationFault) {
            let progress = try generation.take(message)
            for evidence in progress.evidence {
                let faulty = generation.setting.committee.keys[Int(evidence.seat.index)]
                if let seat = view.seat(of: faulty) {
                    punish(seat, for: .badDealing, by: author, at: time, into: &actions)
                }
            }
        } catch { return }
        coin.generation = generation
        _ = state.setConsensus(CoinKeeping.nextSlot, to: generation.encoded)
        speak()
    }

    mutating func take(
        _ evidence: CoinEvidence, from author: Seat, at time: Instant,
        into actions: inout [Action]
    ) {
        guard let opener = coin.opener, evidence.isValid(in: opener.coin) else { return }
        punish(evidence.seat, for: .wrongShare, by: author, at: time, into: &actions)
    }

    /// Whether the keys of the next epoch are made, or cannot be.
    var isGenerationOver: Bool {
        guard let generation = coin.generation else { return true }
        return generation.phase == .complete || generation.phase == .failed
    }

    /// The next epoch begins: its generation becomes the present one.
    mutating func turnKeys() {
        let made = coin.generation?.phase == .complete ? state.consensus(CoinKeeping.nextSlot) : []
        _ = state.setConsensus(CoinKeeping.presentSlot, to: made)
        _ = state.setConsensus(CoinKeeping.nextSlot, to: [])
    }
}

extension SealingRegistry {
    private init() {}

    static let empty = SealingRegistry()
}
