// Items carried out apart give what one after the other gives: effects, entries, order of changes.
import Cryptography
import Dispatch
import Merkle
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct ParallelTests {
    /// Backwards, on one thread: an order that no item may notice.
    private static func backwards(_ count: Int, _ body: @Sendable (Int) -> Void) {
        for number in (0..<count).reversed() { body(number) }
    }

    /// On as many threads as the machine has.
    private static func threads(_ count: Int, _ body: @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count) { body($0) }
    }

    private func expectEqual(_ left: LedgerState, _ right: LedgerState, _ name: String) {
        var (left, right) = (left, right)
        let (one, two) = (left.takeChanges(), right.takeChanges())
        #expect(one.map(\.key) == two.map(\.key), "\(name)")
        #expect(one.map(\.value) == two.map(\.value), "\(name)")
        #expect(left.records == right.records, "\(name)")
        #expect(left.operations == right.operations, "\(name)")
        var (first, second) = (StateTree(), StateTree())
        first.update(one.map { $0.key.change(to: $0.value) })
        second.update(two.map { $0.key.change(to: $0.value) })
        #expect(first.root == second.root, "\(name)")
    }

    @Test(arguments: propertySeeds) func sameAsOneAfterTheOther(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var mix = try ItemMix()
        var state = mix.state
        for round in 0..<4 {
            let items = mix.items(40, &generator)
            let name = "seed \(seed), round \(round)"
            var (serial, apart, threaded) = (state, state, state)
            let expected = items.map { serial.settle($0, at: World.time) }
            let found = Ledger.settle(
                items, at: World.time, to: &apart, on: Self.backwards)
            #expect(found == expected, "\(name)")
            let again = Ledger.settle(
                items, at: World.time, to: &threaded, on: Self.threads)
            #expect(again == expected, "\(name)")
            expectEqual(serial, apart, name)
            expectEqual(serial, threaded, name)
            state = apart
            mix.state = apart
        }
    }

    /// No item reads or writes what its access set does not name.
    @Test(arguments: propertySeeds) func accessSetsAreComplete(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var mix = try ItemMix()
        var state = mix.state
        for item in mix.items(120, &generator) {
            var spy = Spy(state: state)
            let settled = spy.settle(item, at: World.time)
            let set = AccessSet(of: item)
            let known = Set(set.reads + set.writes)
            let isVote = set.writes.contains(.adopted)
            for key in spy.reads.keys where !known.contains(key) {
                // A vote reads everybody's ballots, and faults, which no item writes.
                switch key {
                case .ballot, .fault: #expect(isVote, "seed \(seed): \(key)")
                default: Issue.record("seed \(seed): reads \(key)")
                }
            }
            for key in spy.writes where !set.writes.contains(key) {
                guard case .ballot = key, isVote else {
                    Issue.record("seed \(seed): writes \(key)")
                    continue
                }
            }
            #expect(settled == state.settle(item, at: World.time), "seed \(seed)")
        }
    }

    @Test func groupsShareNothingThatIsWritten() {
        let (one, two, three) = (World.chain, Digest(repeating: 1), Digest(repeating: 2))
        func set(_ reads: [Digest], _ writes: [Digest]) -> AccessSet {
            AccessSet(reads: reads.map(StateKey.unlock), writes: writes.map(StateKey.unlock))
        }
        let table: [([AccessSet], [[Int]])] = [
            ([], []),
            ([set([], [])], [[0]]),
            ([set([one], []), set([one], []), set([one], [])], [[0], [1], [2]]),
            ([set([one], []), set([one], []), set([], [one])], [[0, 1, 2]]),
            ([set([], [one]), set([one], []), set([one], [])], [[0, 1, 2]]),
            ([set([], [one]), set([], [two]), set([two], [one])], [[0, 1, 2]]),
            ([set([one], [two]), set([one], [three]), set([], [three])], [[0], [1, 2]]),
            ([set([one], []), set([], [two]), set([one], []), set([one], [two])],
                [[0], [1, 3], [2]]),
            ([set([], [three]), set([], [one]), set([], [two]), set([], [one, three])],
                [[0, 1, 3], [2]]),
        ]
        for (index, row) in table.enumerated() {
            #expect(ConflictGroups.make(row.0) == row.1, "row \(index)")
        }
    }
}

extension AccessSet {
    fileprivate init(reads: [StateKey], writes: [StateKey]) {
        self.init(of: .operation(
            SignedOperation(
                chain: Digest(), owner: OwnerID(), sequence: 0,
                command: .owner(.register(name: "")), key: TestKey.ada)))
        self.reads = reads
        self.writes = writes
    }
}
