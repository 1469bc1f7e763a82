// Random items: many at once like one after the other, and a check like the real thing on a copy.
import Cryptography
import Dispatch
import Merkle
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct SettlePropertyTests {
    /// Backwards, on one thread: an order that no item may notice.
    private static func backwards(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        for number in (0..<count).reversed() { body(number) }
    }

    /// On as many threads as the machine has.
    private static func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count) { body($0) }
    }

    private func root(_ changes: [(key: StateKey, value: [UInt8])]) -> Digest {
        var tree = StateTree()
        tree.update(changes.map { $0.key.change(to: $0.value) })
        return tree.root
    }

    private func expectEqual(_ left: LedgerState, _ right: LedgerState, _ name: String) {
        var (left, right) = (left, right)
        let (one, two) = (left.takeChanges(), right.takeChanges())
        #expect(one.map(\.key) == two.map(\.key), "\(name)")
        #expect(one.map(\.value) == two.map(\.value), "\(name)")
        #expect(left.records == right.records, "\(name)")
        #expect(left.operations == right.operations, "\(name)")
        #expect(root(one) == root(two), "\(name)")
    }

    @Test(arguments: propertySeeds) func sameAsOneAfterTheOther(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var mix = try ItemMix()
        for round in 0..<4 {
            let items = mix.items(40, &generator)
            let name = "seed \(seed), round \(round)"
            var (serial, apart, threaded) = (mix.state, mix.state, mix.state)
            let expected = items.map { serial.settle($0, at: World.time) }
            let found = Ledger.settle(items, at: World.time, to: &apart, on: Self.backwards)
            #expect(found == expected, "\(name)")
            let again = Ledger.settle(
                items, at: World.time, to: &threaded, on: Self.threads)
            #expect(again == expected, "\(name)")
            expectEqual(serial, apart, name)
            expectEqual(serial, threaded, name)
            mix.state = apart
        }
    }

    /// What `apply` would do to a copy, without a trace in the state.
    @Test(arguments: propertySeeds) func checkedLikeApplied(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var mix = try ItemMix()
        var outcomes: [Bool] = []
        for (step, item) in mix.items(80, &generator).enumerated() {
            let name = "seed \(seed), step \(step)"
            let state = mix.state
            var (before, copy) = (state, state)
            let checked = check(item, in: state)
            let applied = apply(item, to: &copy)
            #expect(checked == applied, "\(name)")
            expectEqual(state, before, name)
            outcomes.append(applied == nil)
            let settled = before.settle(item, at: World.time)
            if applied == nil {
                expectEqual(before, copy, name)
            } else if case .batch = item, case .done = settled {
                #expect(mayStillBeSettled(applied), "\(name)")
            } else if case .operation = item, case .done = settled {
                Issue.record("\(name): refused by apply, done by settle")
            }
            mix.state = before
        }
        #expect(outcomes.contains(true) && outcomes.contains(false), "seed \(seed)")
    }

    /// Rights, status, quantities and the law are not looked at when a batch is settled; its place is.
    private func mayStillBeSettled(_ failure: LedgerFailure?) -> Bool {
        switch failure {
        case .recording(.agentUnknown), .recording(.agentNotActive),
            .recording(.notAuthorized), .law:
            true
        default: false
        }
    }

    private func check(_ item: Item, in state: LedgerState) -> LedgerFailure? {
        do throws(LedgerFailure) {
            switch item {
            case .batch(let batch, _):
                let entry = state.submitter(batch.batch.header.submitter)
                let head = ChainHead(
                    sequence: entry?.sequence ?? 0, last: entry?.last ?? Digest())
                try Ledger.check(batch, head: head, at: World.time, in: state)
            case .operation(let operation):
                let last = state.lastSequence(of: operation.key)
                try Ledger.check(operation, lastSequence: last, at: World.time, in: state)
            }
            return nil
        } catch {
            return error
        }
    }

    private func apply(_ item: Item, to state: inout LedgerState) -> LedgerFailure? {
        do throws(LedgerFailure) {
            switch item {
            case .batch(let batch, _): _ = try Ledger.apply(batch, at: World.time, to: &state)
            case .operation(let operation):
                _ = try Ledger.apply(operation, at: World.time, to: &state)
            }
            return nil
        } catch {
            return error
        }
    }
}
