// Entries that the ledger does not understand: limits, removal, and what both do to the state root.
import Merkle
import Primitives
import Testing

@testable import Ledger

@Suite struct OpaqueEntryTests {
    private let place = Digest(repeating: 3)

    private func update(_ tree: inout StateTree, _ state: inout LedgerState) {
        tree.update(state.takeChanges().map { $0.key.change(to: $0.value) })
    }

    private func set(_ key: StateKey, _ value: [UInt8], _ state: inout LedgerState) {
        let isSet =
            switch key {
            case .consensus(let slot): state.setConsensus(slot, to: value)
            case .unlock(let place): state.setUnlock(place, to: value)
            default: false
            }
        #expect(isSet, "\(key)")
    }

    @Test func removedEntriesLeaveTheTree() throws {
        var state = try World.seated()
        let empty = state
        var tree = StateTree()
        tree.update([(Digest(repeating: 9), Digest(repeating: 9))])
        let before = tree.root
        set(.unlock(place), [1, 2], &state)
        set(.consensus(7), [3], &state)
        #expect(state.unlock(place) == [1, 2] && state.consensus(7) == [3])
        update(&tree, &state)
        #expect(tree.count == 3 && tree.root != before)
        set(.unlock(place), [], &state)
        set(.consensus(7), [], &state)
        #expect(state.encodedEntry(.unlock(place)) == nil)
        let changes = state.takeChanges()
        #expect(changes.map(\.key) == [.unlock(place), .consensus(7)])
        #expect(changes.allSatisfy { $0.value.isEmpty })
        tree.update(changes.map { $0.key.change(to: $0.value) })
        #expect(tree.root == before)
        expectUnchanged(state, since: empty, "removed", #_sourceLocation)
    }

    @Test func setToWhatItIsChangesNothing() throws {
        var state = try World.seated()
        for (value, count) in [([], 0), ([1], 1), ([1], 0)] as [([UInt8], Int)] {
            set(.unlock(place), value, &state)
            #expect(state.takeChanges().count == count)
        }
        // Set and taken back between two roots: the tree is asked to remove what it never had.
        set(.consensus(0), [1], &state)
        set(.consensus(0), [], &state)
        var tree = StateTree()
        update(&tree, &state)
        #expect(tree.root == Digest())
    }

    @Test func valuesAreLimited() throws {
        var state = try World.seated()
        let (most, few) = (LedgerState.consensusBytes, LedgerState.unlockBytes)
        let long = state.setConsensus(1, to: [UInt8](repeating: 0, count: most + 1))
        let wide = state.setUnlock(place, to: [UInt8](repeating: 0, count: few + 1))
        let changes = state.takeChanges()
        #expect(!long && !wide && changes.isEmpty)
        set(.consensus(1), [UInt8](repeating: 0, count: most), &state)
        set(.unlock(place), [UInt8](repeating: 0, count: few), &state)
        for key in [StateKey.consensus(1), .unlock(place)] {
            let bytes = try #require(state.encodedEntry(key))
            var other = LedgerState(chain: World.chain)
            #expect(throws: DecodingFailure(.overLimit, at: 0)) {
                try other.restore(key, from: bytes + [0])
            }
            try other.restore(key, from: bytes)
            #expect(other.encodedEntry(key) == bytes)
            try other.restore(key, from: [])
            let changes = other.takeChanges()
            #expect(other.encodedEntry(key) == nil && changes.isEmpty)
        }
    }
}
