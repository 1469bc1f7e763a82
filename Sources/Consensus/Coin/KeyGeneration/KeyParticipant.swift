// One seat's own part in key generation: what it deals, what it answers, and the share it ends
// with.
import Cryptography
import Primitives

/// Everything follows from the signing key and the replicated state, so there is nothing to keep
/// over a restart. A seat that deals twice, since its first dealing is not in the order yet, does
/// no harm: the first in the order counts, and the other polynomial is never used.
public struct KeyParticipant: Sendable {
    public let setting: KeySetting
    public let seat: Seat
    private let key: SigningKey
    private let sealing: SealingKey

    private static let seedDomain = HashDomain("althing 2026 dealing seed v1")

    /// Nil where the committee does not have `key`, or another sealing key for its seat.
    public init?(setting: KeySetting, key: SigningKey) {
        guard let index = setting.committee.keys.firstIndex(of: key.publicKey) else { return nil }
        let sealing = SealingKey(key)
        guard setting.sealingKeys[index] == sealing.point else { return nil }
        self.setting = setting
        self.key = key
        self.sealing = sealing
        seat = Seat(UInt8(index))
    }

    /// What this seat has to send now; nil where its message is in the order already, or nothing is
    /// to be sent any more.
    /// - Parameters:
    ///   - generation: of the same setting.
    ///   - seed: 32 unpredictable bytes. The signing key is hashed in, so that a weak seed gives
    ///     nothing away.
    public func due(in generation: KeyGeneration, seed: [UInt8]) -> SignedKeyMessage? {
        guard !generation.hasSent(seat) else { return nil }
        switch generation.phase {
        case .dealing: return sign(.dealing(dealing(seed: seed)))
        case .responding: return sign(.response(complaints(in: generation)))
        case .complete, .failed: return nil
        }
    }

    /// x_j, the sum of the shares of QUAL; nil unless the phase is `complete`. Nil also where a
    /// dealer in QUAL sealed this seat a bad share and its complaint came too late: then it opens
    /// no coins, and f + 1 honest seats that can are still there.
    public func secret(from generation: KeyGeneration) -> CoinSecret? {
        guard generation.phase == .complete else { return nil }
        var sum = Scalar.zero
        for entry in generation.dealings
        where !generation.disqualified.contains(entry.dealer) {
            guard let share = share(in: entry) else { return nil }
            sum = sum + share
        }
        return CoinSecret(seat: seat, value: sum)
    }

    func sign(_ message: KeyMessage) -> SignedKeyMessage {
        SignedKeyMessage(signing: message, by: seat, key: key, in: setting)
    }

    func dealing(seed: [UInt8]) -> Dealing {
        var writer = setting.writer()
        writer.append(key.seed)
        writer.append(seed)
        let mixed = Self.seedDomain.hash(writer.bytes)
        return Dealing(by: seat, seed: mixed.bytes, in: setting)
    }

    private func share(in entry: SignedDealing) -> Scalar? {
        let shared = sealing.secret * entry.dealing.ephemeral
        return entry.dealing.share(for: seat, from: entry.dealer, shared: shared, in: setting)
    }

    func complaints(in generation: KeyGeneration) -> [Complaint] {
        generation.dealings.filter { share(in: $0) == nil }.map { complaint(about: $0) }
    }

    func complaint(about entry: SignedDealing) -> Complaint {
        Complaint(by: seat, about: entry, key: sealing, in: setting)
    }
}
