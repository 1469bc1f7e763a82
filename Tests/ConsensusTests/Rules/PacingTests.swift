// When blocks are made: rest without payload, speed with it, and what a silent or a blaming seat
// costs.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct PacingTests {
    @Test(arguments: [1, 2, 4, 7]) func anIdleCommitteeRests(seats: Int) {
        var network = SmallNetwork(seats)
        network.run(milliseconds: 10_000)
        for made in network.made {
            #expect((39...44).contains(made.count), "\(made.count) blocks in ten seconds")
        }
    }

    /// At most five message delays of 1 ms and four paces, from whichever seat.
    @Test(arguments: [4, 7]) func payloadDoesNotWaitForTheIdleDelay(seats: Int) throws {
        var network = SmallNetwork(seats)
        network.run(milliseconds: 1_130)
        for item in 0..<UInt8(3 * seats) {
            let start = network.now
            let seat = Int(item) % seats
            network.submit([item], to: seat)
            network.run(milliseconds: 700)
            let end = try #require(network.committed([item], by: seat))
            let latency = end.nanoseconds - start.nanoseconds
            #expect(latency <= 14 * Nanoseconds.perMillisecond, "item \(item): \(latency) ns")
        }
        // Then it rests again.
        let before = network.made[0].count
        network.run(milliseconds: 5_000)
        #expect(network.made[0].count - before <= 22)
    }

    @Test func aCommitteeOfOneOrdersItsPayloadInOneStepAndRests() throws {
        var network = SmallNetwork(1)
        network.run(milliseconds: 600)
        let before = network.made[0].count
        let start = network.now
        network.submit([42], to: 0)
        network.run(milliseconds: 100)
        #expect(network.committed([42], by: 0) == start)
        #expect(network.made[0].count - before == 3)
        #expect(network.made[0].last?.block.block.payload.isEmpty == true)
    }

    /// With one seat dead, rounds do not wait for it once it is long silent.
    @Test func aSilentLeaderIsNotWaitedForLong() throws {
        var network = SmallNetwork(4)
        network.absent = [3]
        for item in 0..<60 as Range<UInt8> {
            network.submit([item], to: 0)
            network.run(milliseconds: 30)
        }
        network.run(milliseconds: 500)
        let start = network.now
        network.submit([99], to: 0)
        network.run(milliseconds: 200)
        let end = try #require(network.committed([99], by: 0))
        #expect(end.nanoseconds - start.nanoseconds <= 25 * Nanoseconds.perMillisecond)
    }

    /// Five honest seats of seven, of which 1 and 3 are heard late by the other three, though
    /// within half the leader wait, and two faulty seats that blame every leader in time. Blocks
    /// wait for the votes on the leaders before them, so these are committed.
    @Test func fastBlamersDoNotStopCommits() throws {
        var network = SmallNetwork(7) { $0.leaderWait = 80 * Nanoseconds.perMillisecond }
        var blamers = Blamers(network.committee)
        network.absent = [5, 6]
        network.react = { blamers.react(to: $0) }
        network.extra = { from, to, block in
            guard [1, 3].contains(from), [0, 2, 4].contains(to), let block else { return 0 }
            let isLeader = Blamers.leaders(of: block.round).contains(from)
            return (isLeader ? 10 : 30) * Nanoseconds.perMillisecond
        }
        for item in 0..<8 as Range<UInt8> {
            network.submit([item], to: 0)
            network.run(milliseconds: 100)
        }
        let direct = network.commits[0].map(\.commit).filter { commit in
            commit.decisions.contains {
                if case .committed(_, .direct) = $0.verdict { true } else { false }
            }
        }
        #expect(direct.count >= 4, "\(direct.count) direct commits in 800 ms")
    }
}

/// Seats 5 and 6 of seven: they see every block at once, and blame the leaders of each round.
private struct Blamers {
    let committee: TestCommittee
    private var rounds: [[CheckedBlock]] = [[]]
    private var last: [BlockReference]

    init(_ committee: TestCommittee) {
        self.committee = committee
        last = [committee.view.genesis[5], committee.view.genesis[6]]
    }

    static func leaders(of round: Round) -> [Int] {
        [0, 1].map { Int((round.number * 2 + $0) % 7) }
    }

    mutating func react(to block: CheckedBlock) -> [CheckedBlock] {
        see(block)
        var made: [CheckedBlock] = []
        for index in 0..<2 {
            let round = last[index].round.number + 1
            var parents = round == 1 ? committee.view.genesis : blaming(round - 1)
            parents.removeAll { Int($0.author.index) == 5 + index }
            guard parents.count >= 4,
                let next = try? committee.block(5 + index, round, [last[index]] + parents)
            else { continue }
            last[index] = next.reference
            see(next)
            made.append(next)
        }
        return made
    }

    private mutating func see(_ block: CheckedBlock) {
        while rounds.count <= Int(block.round.number) { rounds.append([]) }
        guard !rounds[Int(block.round.number)].contains(block) else { return }
        rounds[Int(block.round.number)].append(block)
    }

    /// Blocks of `round` but for those of its leaders.
    private func blaming(_ round: UInt64) -> [BlockReference] {
        guard round < UInt64(rounds.count) else { return [] }
        let leaders = Self.leaders(of: Round(round))
        return rounds[Int(round)].map(\.reference)
            .filter { !leaders.contains(Int($0.author.index)) }
    }
}
