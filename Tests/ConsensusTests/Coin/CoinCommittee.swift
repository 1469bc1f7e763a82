// A committee with the keys of a coin that a test knows whole, and of the key generation for one.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

/// Seats whose coin secrets come from one polynomial, drawn from a seed.
struct CoinCommittee {
    let committee: TestCommittee
    let coin: Coin
    let secrets: [CoinSecret]
    /// The value at 0 that nobody knows in earnest.
    let group: Scalar

    init(_ count: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let committee = TestCommittee(count)
        let polynomial = (0...committee.view.faults).map { _ in
            Scalar(wide: generator.bytes(64))
        }
        secrets = committee.view.seats.map {
            CoinSecret(seat: $0, value: Interpolation.value(of: polynomial, at: $0))
        }
        let keys = CoinKeys(
            groupKey: Point(baseTimes: polynomial[0]),
            publicShares: secrets.map { Point(baseTimes: $0.value) })
        coin = try #require(Coin(committee: committee.view, keys: keys))
        group = polynomial[0]
        self.committee = committee
    }

    func share(_ seat: Int, _ round: UInt64) -> CoinShare {
        coin.share(of: Round(round), secret: secrets[seat], key: committee.keys[seat])
    }

    /// The share of `seat` made with another secret, so wrong, and signed all the same.
    func wrongShare(_ seat: Int, _ round: UInt64) -> CoinShare {
        let other = CoinSecret(seat: Seat(UInt8(seat)), value: secrets[seat].value + .one)
        return coin.share(of: Round(round), secret: other, key: committee.keys[seat])
    }

    /// coin(R) of any f + 1 seats.
    func value(_ seats: [Int], _ round: UInt64) throws -> Digest {
        let whole = try #require(OpenedCoin(shares: seats.map { share($0, round) }))
        return try whole.value(in: coin)
    }
}

/// A committee about to generate keys.
struct KeyCommittee {
    let committee: TestCommittee
    let setting: KeySetting
    let participants: [KeyParticipant]

    init(_ count: Int) throws {
        let committee = TestCommittee(count)
        let points = committee.keys.map { SealingRegistration(key: $0).point }
        let setting = try #require(KeySetting(committee: committee.view, sealingKeys: points))
        participants = try committee.keys.map {
            try #require(KeyParticipant(setting: setting, key: $0))
        }
        self.committee = committee
        self.setting = setting
    }

    /// The seed of a seat's dealing; a different one for every seat and `salt`.
    static func seed(_ seat: Int, _ salt: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: salt << 8 | UInt64(seat))
        return generator.bytes(32)
    }

    func dealing(_ seat: Int) -> SignedKeyMessage {
        participants[seat].sign(.dealing(participants[seat].dealing(seed: Self.seed(seat, 0))))
    }

    /// The generation after the dealings of `dealers`.
    func dealt(by dealers: [Int]) throws -> KeyGeneration {
        var generation = KeyGeneration(setting)
        for dealer in dealers { _ = try generation.take(dealing(dealer)) }
        return generation
    }

    /// A dealing of `seat` whose share for each of `victims` is another number.
    func badDealing(_ seat: Int, victims: [Int]) -> SignedKeyMessage {
        let good = participants[seat].dealing(seed: Self.seed(seat, 0))
        let other = participants[seat].dealing(seed: Self.seed(seat, 1))
        var shares = good.shares
        for victim in victims { shares[victim] = other.shares[victim] }
        let bad = Dealing(
            commitments: good.commitments, secretProof: good.secretProof,
            ephemeral: good.ephemeral, ephemeralProof: good.ephemeralProof, shares: shares)
        return participants[seat].sign(.dealing(bad))
    }
}

/// All ways to choose `count` of 0..<`total`.
func subsets(of total: Int, count: Int) -> [[Int]] {
    (0..<(1 << total)).filter { $0.nonzeroBitCount == count }
        .map { mask in (0..<total).filter { mask >> $0 & 1 == 1 } }
}
