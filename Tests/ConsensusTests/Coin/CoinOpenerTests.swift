// When coins are opened, by whom, and what becomes of wrong, foreign and late shares.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct CoinOpenerTests {
    let seats: CoinCommittee

    init() throws { seats = try CoinCommittee(7, seed: 1) }

    func opener(
        _ seat: Int = 0, knownRounds: UInt64? = 6, head: UInt64 = 0, hasSecret: Bool = true
    ) -> CoinOpener {
        CoinOpener(
            coin: seats.coin, secret: hasSecret ? seats.secrets[seat] : nil,
            key: seats.committee.keys[seat],
            settings: CommitSettings(leadersPerRound: 2, knownRounds: knownRounds, depth: 64),
            head: Round(head))
    }

    func step(_ opener: inout CoinOpener, _ input: CoinOpener.Input) -> [CoinOpener.Action] {
        var actions: [CoinOpener.Action] = []
        opener.step(input, into: &actions)
        return actions
    }

    func share(_ seat: Int, _ round: UInt64) -> CoinOpener.Input {
        .share(seats.share(seat, round), from: Seat(UInt8(seat)), in: Round(round + 5))
    }

    /// D, L, round of the block, and the coin that is due.
    @Test(arguments: [
        (0, 0, 5, nil), (0, 0, 6, 1), (0, 0, 7, 2), (6, 0, 11, nil), (6, 0, 12, 7),
        (6, 3, 14, nil), (6, 3, 15, 10), (0, 9, 14, nil), (0, 9, 15, 10), (nil, 0, 1000, nil),
        (UInt64.max, 0, 1000, nil),
    ] as [(UInt64?, UInt64, UInt64, UInt64?)])
    func aShareIsDueFiveRoundsLater(
        knownRounds: UInt64?, head: UInt64, block: UInt64, due: UInt64?
    ) throws {
        var actions: [CoinOpener.Action] = []
        var opener = opener(knownRounds: knownRounds, head: head)
        let shares = opener.shares(inBlockOf: Round(block), into: &actions)
        #expect(shares.last?.round.number == due)
        #expect(actions.isEmpty)
        for share in shares { try seats.coin.check(share) }
        #expect(opener.shares(inBlockOf: Round(block), into: &actions).isEmpty)
        var silent = self.opener(knownRounds: knownRounds, head: head, hasSecret: false)
        #expect(silent.shares(inBlockOf: Round(block), into: &actions).isEmpty)
    }

    @Test func thresholdOfSharesOpens() throws {
        var opener = opener()
        var actions: [CoinOpener.Action] = []
        #expect(opener.shares(inBlockOf: Round(13), into: &actions).last?.round == Round(8))
        #expect(step(&opener, share(3, 8)).isEmpty)
        #expect(step(&opener, share(3, 8)).isEmpty)
        let value = try seats.value([0, 1, 2], 8)
        #expect(step(&opener, share(5, 8)) == [.open(Round(8), value)])
        #expect(step(&opener, share(6, 8)).isEmpty)
        let whole = try #require(opener.opened(Round(8)))
        #expect(try whole.value(in: seats.coin) == value)
        var other = self.opener(1)
        #expect(step(&other, .opened(whole)) == [.open(Round(8), value)])
        #expect(step(&other, .opened(whole)).isEmpty)
        // The share of an open coin still goes into the own block.
        #expect(other.shares(inBlockOf: Round(13), into: &actions).last == seats.share(1, 8))
        #expect(actions.isEmpty)
    }

    @Test func theOwnShareCanBeTheLast() throws {
        var opener = opener()
        _ = step(&opener, share(3, 8))
        _ = step(&opener, share(4, 8))
        var actions: [CoinOpener.Action] = []
        _ = opener.shares(inBlockOf: Round(13), into: &actions)
        #expect(actions == [.open(Round(8), try seats.value([0, 1, 2], 8))])
    }

    @Test func wrongSharesAreAccusedOnceAndPassedOver() throws {
        var opener = opener()
        let wrong = seats.wrongShare(1, 8)
        #expect(step(&opener, .share(wrong, from: Seat(1), in: Round(15))).isEmpty)
        #expect(step(&opener, .share(seats.wrongShare(1, 9), from: Seat(1), in: Round(15))).isEmpty)
        #expect(step(&opener, share(2, 8)).isEmpty)
        #expect(step(&opener, share(3, 8)) == [.accuse(CoinEvidence(share: wrong))])
        #expect(step(&opener, share(4, 8)) == [.open(Round(8), try seats.value([0, 1, 2], 8))])
        // Another round of the same seat is no new accusation, and nothing more is taken.
        _ = step(&opener, share(2, 9))
        #expect(step(&opener, share(3, 9)).isEmpty)
        #expect(step(&opener, .share(seats.share(1, 10), from: Seat(1), in: Round(15))).isEmpty)
        _ = step(&opener, share(2, 10))
        #expect(step(&opener, share(3, 10)).isEmpty)
        #expect(step(&opener, share(4, 10)).count == 1)
    }

    @Test func sharesOfNobodyAreRefused() throws {
        var opener = opener()
        #expect(
            step(&opener, .share(seats.share(1, 8), from: Seat(2), in: Round(15)))
                == [.refuse(Seat(2), .wrongSender)])
        let bytes = seats.share(1, 8).encoded
        let foreign = try CoinShare(decoding: [9] + bytes.dropFirst())
        #expect(
            step(&opener, .share(foreign, from: Seat(9), in: Round(15)))
                == [.refuse(Seat(9), .unknownSeat)])
        let spoiled = try CoinShare(decoding: Array(bytes.prefix(73)) + [1]
            + [UInt8](repeating: 0, count: 31) + bytes.suffix(64))
        _ = step(&opener, .share(spoiled, from: Seat(1), in: Round(15)))
        _ = step(&opener, share(2, 8))
        #expect(step(&opener, share(3, 8)) == [.refuse(Seat(1), .invalidSignature)])
        let bad = try #require(OpenedCoin(
            shares: [seats.share(0, 8), seats.wrongShare(1, 8), seats.share(2, 8)]))
        #expect(step(&opener, .opened(bad)) == [.refuse(nil, .invalidProof)])
    }

    /// A seat that is behind makes several blocks at once: the shares of all of them go into one.
    @Test func noShareIsLeftOutWhereBlocksAreMadeAtOnce() {
        var opener = opener(knownRounds: 0)
        var actions: [CoinOpener.Action] = []
        func rounds(_ block: UInt64) -> [UInt64] {
            opener.shares(inBlockOf: Round(block), into: &actions).map(\.round.number)
        }
        #expect(rounds(7) == [1, 2])
        #expect(rounds(9) == [3, 4])
        #expect(rounds(9) == [])
        // A restart: what came in own blocks is not given again, nor what is open.
        opener = self.opener(knownRounds: 0)
        _ = step(&opener, share(0, 1))
        for seat in 1...3 { _ = step(&opener, share(seat, 2)) }
        #expect(rounds(9) == [3, 4])
        _ = step(&opener, .committed(Round(20)))
        #expect(rounds(28) == [21, 22, 23])
        #expect(rounds(200) == Array(24...87))
        #expect(rounds(200) == Array(88...151))
    }

    /// Rounds at or below L + D are of no use, nor shares in blocks in which they are not due; of
    /// coins that are served whole those far above are not kept.
    @Test func onlyRoundsThatMatterAreKept() throws {
        var opener = opener(head: 100)
        let last = 106 + CoinOpener.window
        for round in [106, 1] as [UInt64] {
            for seat in 1...3 { #expect(step(&opener, share(seat, round)).isEmpty) }
            #expect(opener.opened(Round(round)) == nil)
        }
        let early = CoinOpener.Input.share(
            seats.share(1, 110), from: Seat(1), in: Round(114))
        #expect(step(&opener, early) == [.refuse(Seat(1), .roundTooFar)])
        let whole = try #require(OpenedCoin(shares: (1...3).map { seats.share($0, last + 1) }))
        #expect(step(&opener, .opened(whole)) == [.refuse(nil, .roundTooFar)])
        for seat in 1...2 { _ = step(&opener, share(seat, last + 1)) }
        #expect(step(&opener, share(3, last + 1)).count == 1)
    }

    @Test func commitsForgetRounds() throws {
        var opener = opener()
        for seat in 1...3 { _ = step(&opener, share(seat, 8)) }
        for seat in 1...2 { _ = step(&opener, share(seat, 9)) }
        _ = step(&opener, .committed(Round(3)))
        #expect(opener.opened(Round(8)) != nil)
        #expect(step(&opener, share(3, 9)).isEmpty)
        #expect(opener.opened(Round(9)) == nil)
        _ = step(&opener, .committed(Round(1)))
        #expect(step(&opener, share(4, 9)).isEmpty)
        _ = step(&opener, .committed(Round(72)))
        #expect(opener.opened(Round(8)) == nil)
    }

    @Test(arguments: propertySeeds) func anyOrderOfSharesGivesTheSameCoin(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let inputs = (0..<7).map { seat -> CoinOpener.Input in
            let isWrong = seat < 2
            let share = isWrong ? seats.wrongShare(seat, 8) : seats.share(seat, 8)
            return .share(share, from: Seat(UInt8(seat)), in: Round(15))
        }
        var opener = opener(6, hasSecret: false)
        var values: [CoinOpener.Action] = []
        for input in inputs.shuffled(using: &generator) {
            values += step(&opener, input).filter { if case .open = $0 { true } else { false } }
        }
        #expect(values == [.open(Round(8), try seats.value([2, 3, 4], 8))], "seed \(seed)")
    }
}
