// What a graph accepts, what waits, what becomes of twins, and what pruning leaves.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct BlockStoreTests {
    static let committee = TestCommittee(4)

    /// Full rounds 1...`count`: every block names the whole round before.
    static func fullRounds(_ count: UInt64) throws -> [[CheckedBlock]] {
        var rounds: [[CheckedBlock]] = []
        var parents = committee.view.genesis
        for round in 1...count {
            let row = try (0..<4).map { try committee.block($0, round, parents) }
            parents = row.map(\.reference)
            rounds.append(row)
        }
        return rounds
    }

    @Test func parentsComeFirst() throws {
        let rounds = try Self.fullRounds(2)
        var store = Self.committee.store()
        let child = rounds[1][0]
        let expected = rounds[0].map(\.reference).sorted()
        guard case .waiting(let missing) = store.insert(child) else {
            Issue.record("a block without parents was accepted")
            return
        }
        #expect(missing.sorted() == expected)
        #expect(store.missing == expected)
        for block in rounds[0].dropLast() {
            #expect(store.insert(block) == .accepted([block.reference]))
        }
        #expect(!store.contains(child.reference))
        let last = rounds[0][3]
        #expect(store.insert(last) == .accepted([last.reference, child.reference]))
        #expect(store.insert(child) == .known)
        #expect(store.missing == [])
        #expect(store.quorumRound == Round(1))
        #expect(store.highestRound == Round(2))
    }

    @Test(arguments: propertySeeds) func anyOrderOfArrivalGivesTheSameGraph(seed: UInt64) throws {
        let rounds = try Self.fullRounds(4)
        var generator = SeededGenerator(seed: seed)
        var store = Self.committee.store()
        var order: [BlockReference] = []
        for block in rounds.joined().shuffled(using: &generator) {
            if case .accepted(let references) = store.insert(block) { order += references }
        }
        #expect(Set(order) == Set(rounds.joined().map(\.reference)), "seed \(seed)")
        for (index, reference) in order.enumerated() {
            let parents = store.block(reference)?.header.parents ?? []
            #expect(
                parents.allSatisfy { $0.round == .genesis || order[..<index].contains($0) },
                "seed \(seed)")
        }
    }

    @Test func aTwinIsKeptOnlyForWhoeverNamesIt() throws {
        let rounds = try Self.fullRounds(1)
        let genesis = Self.committee.view.genesis
        let twin = try Self.committee.block(3, 1, genesis, payload: [[1]])
        var store = Self.committee.store()
        for block in rounds[0] { _ = store.insert(block) }
        #expect(store.evidence == [])
        #expect(store.insert(twin) == .unwantedTwin)
        #expect(store.exposed.contains(Seat(3)) && store.exposed.count == 1)
        #expect(store.evidence == [Evidence(first: rounds[0][3].block, second: twin.block)])
        #expect(!store.contains(twin.reference))

        let parents = rounds[0].dropLast().map(\.reference) + [twin.reference]
        let child = try Self.committee.block(0, 2, parents)
        #expect(store.insert(child) == .waiting(missing: [twin.reference]))
        #expect(store.insert(twin) == .accepted([twin.reference, child.reference]))
        #expect(store.references(in: Round(1)).count == 5)
        #expect(store.authors(in: Round(1)).count == 4)
        #expect(store.evidence.count == 1)
    }

    @Test func anAuthorCannotFillTheWaitingRoom() throws {
        var store = Self.committee.store()
        let genesis = Self.committee.view.genesis
        let absent = BlockReference(round: Round(1), author: Seat(0), digest: Digest(repeating: 9))
        for round in 2..<UInt64(WaitingRoom.blockLimit) + 2 {
            let parents = (0..<4).map {
                BlockReference(
                    round: Round(round - 1), author: Seat(UInt8($0)), digest: absent.digest)
            }
            let block = try Self.committee.block(0, round, parents)
            guard case .waiting = store.insert(block) else {
                Issue.record("round \(round) does not wait")
                return
            }
        }
        let far = try Self.committee.block(0, 1_000, (0..<4).map {
            BlockReference(round: Round(999), author: Seat(UInt8($0)), digest: absent.digest)
        })
        #expect(store.insert(far) == .overLimit)
        let other = try Self.committee.block(1, 1, genesis)
        #expect(store.insert(other) == .accepted([other.reference]))
    }

    @Test func pruningForgetsAndReleases() throws {
        let rounds = try Self.fullRounds(6)
        var store = Self.committee.store()
        for block in rounds[1...].joined() { _ = store.insert(block) }
        #expect(store.highestRound == .genesis)
        let released = store.prune(through: Round(1))
        #expect(released.count == 20)
        #expect(store.insert(rounds[0][0]) == .pruned)
        #expect(store.references(in: Round(1)) == [])
        #expect(store.prune(through: Round(4)) == [])
        #expect(store.prune(through: Round(3)) == [])
        #expect(!store.contains(rounds[3][0].reference))
        #expect(store.references(in: Round(5)).count == 4)
        let next = try Self.committee.block(0, 7, rounds[5].map(\.reference))
        #expect(store.insert(next) == .accepted([next.reference]))
        // A parent in a pruned round counts as present, whether it was ever here or not.
        let row = rounds[5].map(\.reference)
        let late = try Self.committee.block(
            1, 7, [rounds[2][1].reference] + [0, 2, 3].map { row[$0] })
        #expect(store.insert(late) == .accepted([late.reference]))
        let place = try #require(store.place(of: next.reference))
        #expect(History(of: place, in: store, downTo: .genesis).places.count == 9)
    }

    @Test func answersComeLowestFirst() throws {
        let rounds = try Self.fullRounds(4)
        var store = Self.committee.store()
        for block in rounds.joined() { _ = store.insert(block) }
        let tip = rounds[3][0]
        func answer(_ names: [CheckedBlock], _ floor: UInt64, _ limit: Int) -> [CheckedBlock] {
            store.answer(names.map(\.reference), above: Round(floor), limit: limit, bytes: 1 << 20)
        }
        let below = (rounds[1] + rounds[2]).sorted { $0.reference < $1.reference }
        #expect(answer([tip], 1, 100) == below + [tip])
        #expect(answer([tip], 1, 3) == Array(below.prefix(3)))
        #expect(answer([tip], 3, 100) == [tip])
        #expect(answer([tip, rounds[0][2]], 2, 6).first == rounds[0][2])
        #expect(answer([], 0, 100) == [])
    }

    @Test func prunedBlocksAreServedWhileTheyAreKept() throws {
        let rounds = try Self.fullRounds(6)
        var store = Self.committee.store(archiveBytes: 8_000)
        for block in rounds.joined() { _ = store.insert(block) }
        _ = store.prune(through: Round(4))
        let found = store.answer(
            [rounds[5][0].reference], above: .genesis, limit: 100, bytes: 1 << 20)
        #expect(found.last == rounds[5][0])
        #expect(found.contains(rounds[3][0]) && !found.contains(rounds[0][0]))
        #expect(found == found.sorted { $0.reference < $1.reference })
        #expect(!store.contains(rounds[3][0].reference))
    }

    /// Twins of seat 3: whoever has both in its history supports the lower digest, by whatever
    /// path.
    @Test func supportIsCanonical() throws {
        let committee = Self.committee
        let first = try (0..<4).map { try committee.block($0, 1, committee.view.genesis) }
        let twin = try committee.block(3, 1, committee.view.genesis, payload: [[1]])
        let plain = first.map(\.reference)
        let other = plain.dropLast() + [twin.reference]
        let second = [
            try committee.block(0, 2, plain), try committee.block(1, 2, Array(other)),
            try committee.block(2, 2, Array(plain.dropLast())),
        ]
        let third = try committee.block(2, 3, second.map(\.reference))
        let lower = min(twin.reference.digest, first[3].reference.digest)
        for order in [[first[3], twin], [twin, first[3]]] {
            var store = committee.store()
            for block in [third] + second + first.dropLast() + order { _ = store.insert(block) }
            func support(_ block: CheckedBlock, _ rule: SupportRule) -> Digest? {
                store.place(of: block.reference)
                    .flatMap { store.support(by: $0, for: Seat(3), in: Round(1), rule) }
                    .map { store.name(at: $0).digest }
            }
            #expect(support(third, .history) == lower)
            #expect(support(third, .parent) == nil)
            #expect(support(second[1], .parent) == twin.reference.digest)
            #expect(support(second[2], .history) == nil)
        }
    }
}
