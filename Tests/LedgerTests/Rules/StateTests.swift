// The state: equal inputs give equal entries, and every kind of entry comes back from its bytes.
import Merkle
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct StateTests {
    private func root(_ state: inout LedgerState) -> Digest {
        var tree = StateTree()
        tree.update(
            state.takeChanges().map { ($0.key.place, LedgerDomains.stateValue.hash($0.value)) })
        return tree.root
    }

    @Test func sameInputsSameChangesAndRoot() throws {
        var first = LedgerState(chain: World.chain)
        var second = LedgerState(chain: World.chain)
        for operation in World.operations() {
            let one = try Ledger.apply(operation, at: World.time, to: &first)
            let two = try Ledger.apply(operation, at: World.time, to: &second)
            #expect(one == two)
        }
        var copy = first
        let (left, right) = (first.takeChanges(), second.takeChanges())
        #expect(left.map(\.key) == right.map(\.key))
        #expect(left.map(\.value) == right.map(\.value))
        #expect(left.count == 10)
        var again = copy
        #expect(root(&copy) == root(&again))
        #expect(first.takeChanges().isEmpty)
    }

    /// An entry changed twice stands once, at its first change and with its last value.
    @Test func changesInOrderOfFirstChange() throws {
        var state = LedgerState(chain: World.chain)
        for operation in World.operations() {
            _ = try Ledger.apply(operation, at: World.time, to: &state)
        }
        let changes = state.takeChanges()
        #expect(
            changes.map(\.key) == [
                .owner(World.ada), .signer(TestKey.ada.publicKey), .submitter(World.submitter),
                .grant(World.ada, World.submitter), .agent(World.scout), .agent(World.idle),
                .agent(World.gone), .owner(World.bo), .signer(TestKey.bo.publicKey),
                .agent(World.other),
            ])
        #expect(changes[1].value == [7, 0, 0, 0, 0, 0, 0, 0])
        for change in changes { #expect(state.encodedEntry(change.key) == change.value) }
    }

    @Test func changesOfABatch() throws {
        var submission = try Submission()
        submission.records += [Submission.record(World.scout)]
        _ = try submission.run()
        let keys = submission.state.takeChanges().map(\.key)
        #expect(
            keys == [
                .submitter(World.submitter), .usage(World.scout), .meter(World.scoutAccount),
                .meter(World.adaAccount),
            ])
    }

    @Test func everyEntryIsRestored() throws {
        let world = try World.seated()
        var state = LedgerState(chain: World.chain)
        for key in World.seatedKeys {
            let bytes = try #require(world.encodedEntry(key), "\(key)")
            #expect(state.encodedEntry(key) == nil, "\(key)")
            try state.restore(key, from: bytes)
            #expect(state.encodedEntry(key) == bytes, "\(key)")
        }
        #expect(state.takeChanges().isEmpty)
        #expect(state.agentCount == 4)
        #expect(state.agent(World.scout) == world.agent(World.scout))
        #expect(state.usage(World.scout) == world.usage(World.scout))
        state.restore(records: 1)
        #expect(state.records == world.records)
        #expect(state.committee == world.committee && state.adopted == world.adopted)
        var submission = Submission(state: state)
        _ = try submission.run()
    }

    @Test func spoiledEntriesAreRefused() throws {
        let world = try World.seated()
        for key in World.seatedKeys {
            var state = LedgerState(chain: World.chain)
            let bytes = try #require(world.encodedEntry(key))
            for length in 0..<bytes.count {
                #expect(throws: DecodingFailure.self, "\(key), \(length) bytes") {
                    try state.restore(key, from: Array(bytes[..<length]))
                }
            }
            #expect(throws: DecodingFailure(.trailingBytes, at: bytes.count), "\(key)") {
                try state.restore(key, from: bytes + [0])
            }
            #expect(state.encodedEntry(key) == nil, "\(key)")
        }
    }

    @Test func entriesHaveOneEncoding() throws {
        var state = try World.state()
        let grant = StateKey.grant(World.ada, World.submitter)
        let bytes = try #require(state.encodedEntry(grant))
        for flag in [2, 0xFF] as [UInt8] {
            #expect(throws: DecodingFailure(.notCanonical, at: 65)) {
                try state.restore(grant, from: bytes.dropLast() + [flag])
            }
        }
        #expect(throws: DecodingFailure(.outOfRange, at: 64)) {
            try state.restore(grant, from: bytes.prefix(64) + [2, 1])
        }
    }

    /// What is accepted after one turned bit encodes to itself.
    @Test func turnedBits() throws {
        let world = try World.seated()
        for key in World.seatedKeys {
            let bytes = try #require(world.encodedEntry(key))
            for bit in 0..<bytes.count * 8 {
                var state = LedgerState(chain: World.chain)
                let spoiled = bytes.flipping(bit: bit)
                guard (try? state.restore(key, from: spoiled)) != nil else { continue }
                #expect(state.encodedEntry(key) == spoiled, "\(key), bit \(bit)")
            }
        }
    }

    /// An entry that names another place than the one it was found at is refused.
    @Test func entriesAtTheWrongPlace() throws {
        var state = try World.seated()
        let wrong: [(StateKey, StateKey)] = [
            (.owner(World.ada), .owner(World.bo)), (.agent(World.scout), .agent(World.idle)),
            (.submitter(World.submitter), .submitter(SubmitterID())),
            (.grant(World.ada, World.submitter), .grant(World.bo, World.submitter)),
            (.grant(World.ada, World.submitter), .grant(World.ada, SubmitterID())),
            (.usage(World.scout), .usage(World.idle)),
            (.ballot(World.seat(0)), .ballot(World.seat(1))),
            (.fault(World.seat(3)), .fault(World.seat(1))),
        ]
        for (from, to) in wrong {
            let bytes = try #require(state.encodedEntry(from))
            #expect(throws: DecodingFailure(.outOfRange, at: 0), "\(to)") {
                try state.restore(to, from: bytes)
            }
        }
    }

    @Test func keysComeBackFromTheirBytes() {
        var places: [Digest] = []
        for (index, key) in (World.seatedKeys + World.opaqueKeys + World.agentKeys).enumerated() {
            #expect(StateKey(decoding: key.encoded) == key, "key \(index)")
            #expect(StateKey(decoding: Array(key.encoded.dropLast())) == nil, "key \(index)")
            #expect(StateKey(decoding: key.encoded + [0]) == nil, "key \(index)")
            #expect(!places.contains(key.place), "key \(index)")
            places.append(key.place)
        }
        let rest = [UInt8](repeating: 0, count: 32)
        for kind in [0, 7, 8, 11, 16, 255] as [UInt8] {
            #expect(StateKey(decoding: [kind] + rest) == nil)
        }
        #expect(StateKey(decoding: []) == nil)
    }
}
