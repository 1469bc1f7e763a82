// The coin: any f + 1 shares open the same one, fewer open none, and it elects all seats alike.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct CoinTests {
    @Test(arguments: [1, 4, 5, 7], [UInt64(1), 2, 3])
    func anyThresholdOfSharesGivesTheSameCoin(count: Int, seed: UInt64) throws {
        let seats = try CoinCommittee(count, seed: seed)
        let round = seed * 1000 + 7
        let choices = subsets(of: count, count: seats.coin.threshold)
        let values = try choices.map { try seats.value($0, round) }
        #expect(Set(values).count == 1, "n \(count), seed \(seed)")
        var writer = ByteWriter()
        writer.write(seats.committee.view.chain)
        writer.write(seats.committee.view.epoch)
        writer.write(round)
        writer.write(
            seats.group * WideDomain("althing 2026 coin point v1").point(writer.bytes))
        let expected = HashDomain("althing 2026 coin v1").hash(writer.bytes)
        #expect(values.first == expected, "n \(count), seed \(seed)")
    }

    /// f points of a polynomial of degree f say nothing of its value at 0: for every value there is
    /// a polynomial through them. Here: two committees that agree on f secrets and on nothing else.
    @Test(arguments: propertySeeds) func fewerSharesSayNothing(seed: UInt64) throws {
        let seats = try CoinCommittee(7, seed: seed)
        let pair = [seats.secrets[0], seats.secrets[1]]
        #expect(OpenedCoin(shares: []) == nil)
        let few = try #require(OpenedCoin(shares: [seats.share(0, 9), seats.share(1, 9)]))
        #expect(throws: CoinFault.wrongCount) { try few.value(in: seats.coin) }
        var values: Set<Digest> = []
        for guess in [UInt64(0), 1, 2] {
            let third = CoinSecret(seat: Seat(2), value: Scalar(guess))
            let secrets = pair + [third]
            let weights = Interpolation.weightsAtZero(secrets.map(\.seat))
            let group = zip(secrets, weights).reduce(Scalar.zero) { $0 + $1.0.value * $1.1 }
            let shares = secrets.map {
                seats.coin.share(
                    of: Round(9), secret: $0, key: seats.committee.keys[Int($0.seat.index)])
            }
            let value = seats.coin.combine(shares)
            #expect(group != seats.group, "seed \(seed)")
            values.insert(value)
        }
        let right = try seats.value([0, 1, 2], 9)
        #expect(values.count == 3 && !values.contains(right), "seed \(seed)")
    }

    @Test func roundsEpochsAndChainsHaveTheirOwnCoins() throws {
        let seats = try CoinCommittee(4, seed: 1)
        let first = seats.committee.view
        let views = try [
            #require(CommitteeView(chain: first.chain, epoch: 2, keys: first.keys)),
            #require(CommitteeView(chain: Digest(), epoch: 1, keys: first.keys)),
        ]
        var values = try [seats.value([0, 1], 1), seats.value([0, 1], 2)]
        // Were two points H the same, the first opened would tell the second.
        var points = [seats.share(0, 1).value, seats.share(0, 2).value]
        for view in views {
            let coin = try #require(Coin(committee: view, keys: seats.coin.keys))
            let shares = (0..<2).map {
                coin.share(of: Round(1), secret: seats.secrets[$0], key: seats.committee.keys[$0])
            }
            values.append(try #require(OpenedCoin(shares: shares)).value(in: coin))
            points.append(shares[0].value)
            #expect(throws: CoinFault.invalidSignature) { try coin.check(seats.share(0, 1)) }
        }
        #expect(Set(values).count == 4 && Set(points).count == 4)
    }

    /// The group's secret lies at 0, where no seat's share may lie.
    @Test func noSeatHoldsTheSecret() throws {
        let seats = try CoinCommittee(7, seed: 1)
        let places = (UInt8(0)...127).map { Seat($0).coordinate }
        #expect(Set(places).count == 128 && !places.contains(.zero))
        #expect(!seats.coin.keys.publicShares.contains(seats.coin.keys.groupKey))
    }

    @Test(arguments: propertySeeds) func weightsFindTheValueAtZero(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let degree = Int.random(in: 0..<6, using: &generator)
        let polynomial = (0...degree).map { _ in Scalar(wide: generator.bytes(64)) }
        let seats = (0..<128).map { Seat(UInt8($0)) }.shuffled(using: &generator)
            .prefix(degree + 1)
        let values = seats.map { Interpolation.value(of: polynomial, at: $0) }
        let weights = Interpolation.weightsAtZero(Array(seats))
        let sum = zip(weights, values).reduce(Scalar.zero) { $0 + $1.0 * $1.1 }
        #expect(sum == polynomial[0], "seed \(seed)")
        let commitments = polynomial.map { Point(baseTimes: $0) }
        for (seat, value) in zip(seats, values) {
            let point = Interpolation.value(of: commitments, at: seat)
            #expect(point == Point(baseTimes: value), "seed \(seed)")
        }
    }

    /// 10,000 rounds of four seats. With three degrees of freedom chi-square passes 25 by chance
    /// once in 65,000 runs; the seeds are fixed. Consecutive elections are independent too: the 16
    /// pairs, 15 degrees of freedom, stay below 50 (once in 85,000).
    @Test(arguments: [UInt64(1), 2]) func electionsAreFair(seed: UInt64) throws {
        let seats = try CoinCommittee(4, seed: seed)
        let whole = CoinSecret(seat: Seat(0), value: seats.group)
        var counts = [Int](repeating: 0, count: 4)
        var pairs = [Int](repeating: 0, count: 16)
        var last = 0
        for round in 1...UInt64(10_000) {
            let value = value(of: round, whole, in: seats)
            if round % 2_000 == 0 { #expect(try value == seats.value([1, 3], round)) }
            let seat = Int(seats.committee.view.elected(by: value).index)
            counts[seat] += 1
            pairs[4 * last + seat] += 1
            last = seat
        }
        // Σ (count - mean)² / mean, times the mean.
        let spread = counts.reduce(0) { $0 + ($1 - 2_500) * ($1 - 2_500) }
        #expect(spread < 25 * 2_500, "seed \(seed): \(counts)")
        let pairSpread = pairs.reduce(0) { $0 + ($1 - 625) * ($1 - 625) }
        #expect(pairSpread < 50 * 625, "seed \(seed): \(pairs)")
    }

    /// coin(R) from the group secret: as one share of a committee of one would give it.
    private func value(of round: UInt64, _ secret: CoinSecret, in seats: CoinCommittee) -> Digest {
        var writer = ByteWriter()
        writer.write(seats.committee.view.chain)
        writer.write(seats.committee.view.epoch)
        writer.write(round)
        writer.write(secret.value * seats.coin.point(of: Round(round)))
        return HashDomain("althing 2026 coin v1").hash(writer.bytes)
    }
}
