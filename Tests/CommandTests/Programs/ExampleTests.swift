// The worked examples, compiled and run: what they answer, and the rules they keep.
import Primitives
import Testing

@testable import Command

@Suite(.enabled(if: GuestPrograms.canBuild, GuestPrograms.reason))
struct ExampleTests {
    @Test func theCounterAddsUp() throws {
        var counter = try Conversation("examples/agents/counter")
        #expect(counter.send([5, 6]) == [11])
        #expect(counter.send([7], from: 9) == [18])
        #expect(counter.send([]) == [18])
        #expect(counter.send([.max, 2]) == [19])
    }

    private static let arbiter: UInt64 = 100
    private static let payer: UInt64 = 200
    private static let payee: UInt64 = 300
    private static let stranger: UInt64 = 400

    private static func opening(_ amount: UInt64, deadline: UInt64) -> [UInt64] {
        [1] + Array(repeating: payer, count: 4) + Array(repeating: payee, count: 4)
            + [amount, deadline]
    }

    @Test func theEscrowPaysOnceAndOnlyWhomItMay() throws {
        var escrow = try Conversation("examples/agents/escrow", time: 50)
        #expect(escrow.send(Self.opening(70, deadline: 60), from: Self.arbiter) == [0, 0, 0])
        #expect(escrow.send(Self.opening(80, deadline: 40), from: Self.arbiter) == [0, 1, 0])
        #expect(escrow.send(Self.opening(90, deadline: 40), from: Self.payer) == [2, 0, 0])
        #expect(escrow.send([2, 0], from: Self.stranger) == [2, 0, 0])
        #expect(escrow.send([2, 0], from: Self.payee) == [2, 0, 0])
        #expect(escrow.send([2, 0], from: Self.payer) == [0, 0, 0])
        #expect(escrow.send([2, 0], from: Self.payer) == [4, 0, 0])
        #expect(escrow.send([3, 0], from: Self.payee) == [4, 0, 0])
        #expect(escrow.send([4, 0]) == [0, 2, 70])
        // The payer gets the second deal back, whose deadline is over.
        #expect(escrow.send([3, 1], from: Self.payer) == [0, 1, 0])
        #expect(escrow.send([4, 1]) == [0, 3, 80])
        #expect(escrow.send([2, 9], from: Self.arbiter) == [1, 9, 0])
        let transfers = escrow.notes.map { $0.prefix(14) }
        #expect(transfers == ["transfer of 70", "transfer of 80"])
    }

    @Test func thePayerMustWaitForTheDeadline() throws {
        var escrow = try Conversation("examples/agents/escrow", time: 60)
        #expect(escrow.send(Self.opening(70, deadline: 60), from: Self.arbiter) == [0, 0, 0])
        #expect(escrow.send([3, 0], from: Self.payer) == [2, 0, 0])
        #expect(escrow.send([3, 0], from: Self.payee) == [0, 0, 0])
    }

    @Test func theEscrowAnswersNonsense() throws {
        var escrow = try Conversation("examples/agents/escrow")
        for words: [UInt64] in [[], [0], [9, 9, 9], [1], [2], [4, 77], Array(repeating: 1, count: 50)] {
            #expect(escrow.send(words, from: Self.arbiter) == [1, 0, 0], "\(words)")
        }
        for number: UInt64 in 0..<64 {
            let answer = escrow.send(Self.opening(1, deadline: 0), from: Self.arbiter)
            #expect(answer == [0, number, 0])
        }
        #expect(escrow.send(Self.opening(1, deadline: 0), from: Self.arbiter) == [3, 0, 0])
    }

    /// x y never falls by a trade, and what goes out is what the formula says, rounded down.
    @Test func theMarketKeepsItsInvariant() throws {
        for seed: UInt64 in 1...6 {
            var chance = SeededGenerator(seed: seed)
            var market = try Conversation("examples/agents/market")
            var x = UInt64.random(in: 1...1 << 50, using: &chance) >> UInt64(5 * seed)
            var y = UInt64.random(in: 1...1 << 50, using: &chance) >> UInt64(40 - 5 * seed)
            (x, y) = (max(x, 1), max(y, 1))
            #expect(market.send([1, x, y], from: 7) == [1, 0, x, y])
            for round in 0..<80 {
                let isX = Bool.random(using: &chance)
                let (source, target) = isX ? (x, y) : (y, x)
                let bits = UInt64.random(in: 1..<54, using: &chance)
                let amount = UInt64.random(in: 0..<1 << bits, using: &chance)
                let answer = market.send([isX ? 2 : 3, amount, 0], from: 8)
                let given = Self.output(amount, source, target)
                if let given {
                    let before = UInt128(x) * UInt128(y)
                    if isX { (x, y) = (x + amount, y - given) } else {
                        (x, y) = (x - given, y + amount)
                    }
                    #expect(UInt128(x) * UInt128(y) >= before, "seed \(seed), round \(round)")
                }
                #expect(
                    answer == [given == nil ? 0 : 1, given ?? 0, x, y],
                    "seed \(seed), round \(round): \(amount)")
            }
        }
    }

    /// The formula with integers of 128 bits, in the order of the textbook.
    private static func output(_ amount: UInt64, _ source: UInt64, _ target: UInt64) -> UInt64? {
        guard amount > 0, amount <= 1 << 53, source + amount <= 1 << 53 else { return nil }
        let effective = UInt128(amount) * 997
        let given = effective * UInt128(target) / (UInt128(source) * 1000 + effective)
        return given > 0 ? UInt64(given) : nil
    }

    @Test func theMarketRefusesWhatItMust() throws {
        var market = try Conversation("examples/agents/market")
        #expect(market.send([2, 5, 0], from: 7) == [0, 0, 0, 0])
        #expect(market.send([1, 1_000, 1_000], from: 8) == [0, 0, 0, 0])
        #expect(market.send([1, 1_000, 1_000], from: 7) == [1, 0, 1_000, 1_000])
        #expect(market.send([2, 100, 91], from: 8) == [0, 0, 1_000, 1_000])
        #expect(market.send([2, 100, 90], from: 8) == [1, 90, 1_100, 910])
        #expect(market.send([1, 1 << 60, 0], from: 7) == [0, 0, 1_100, 910])
        #expect(market.send([9], from: 7) == [0, 0, 1_100, 910])
        #expect(market.send([4]) == [1, 0, 1_100, 910])
    }
}
