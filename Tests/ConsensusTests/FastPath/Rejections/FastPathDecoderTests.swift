// Bytes that are not canonical encodings of the fast path's objects are refused, and none traps.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct FastPathDecoderTests {
    static let committee = TestCommittee(4)

    static func threeItems() -> Proposal {
        committee.proposal([
            TestUpdates.update(1, 1), TestUpdates.update(2, 7, attempt: 3, previous: .some(nil)),
            TestUpdates.update(3, 2, version: 1),
        ])
    }

    /// An object's bytes, and decoding them and encoding the result again.
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let again: @Sendable ([UInt8]) throws -> [UInt8]
        var testDescription: String { name }
    }

    static func sample<Object>(
        _ name: String, _ bytes: [UInt8],
        _ decode: @escaping @Sendable ([UInt8]) throws -> Object,
        _ encode: @escaping @Sendable (Object) -> [UInt8]
    ) -> Sample {
        Sample(name: name, bytes: bytes) { encode(try decode($0)) }
    }

    static let samples: [Sample] = {
        let proposal = threeItems()
        let vote = committee.vote(2, proposal, rejecting: [1])
        let reasons: [RejectReason] = [.app(3), .held(by: Digest(repeating: 4)), .gap]
        let reply = LockReply(
            vote: vote,
            rejections: reasons.enumerated().map { Rejection(index: $0, reason: $1) })
        var certificate = committee.certificate(proposal)
        certificate.votes[1] = committee.signed(1, proposal, rejecting: [0, 2])
        let confirm = committee.confirm(1, proposal, [0, 1])
        let finality = Finality(
            epoch: 1, proposal: confirm.proposal,
            confirms: [SeatSignature(
                seat: Seat(1), items: confirm.confirmed, signature: confirm.signature)])
        let lock = SignedLock(
            proposal: proposal, vote: committee.signed(2, proposal, rejecting: [1]), index: 2)
        let evidence = LockEvidence(first: lock, second: lock)
        let slot = proposal.items[0].slot
        var entry = UnlockEntry(Unlock(slot: slot), head: .start)
        _ = entry?.take(UnlockVote(slot: slot, certificate: nil), from: Seat(2), in: committee.view)
        return [
            sample("proposal", proposal.encoded, { try Proposal(decoding: $0) }, { $0.encoded }),
            sample("reply", reply.encoded, { try LockReply(decoding: $0) }, { $0.encoded }),
            sample(
                "certificate", certificate.encoded, { try Certificate(decoding: $0) },
                { $0.encoded }),
            sample("confirm", confirm.encoded, { try Confirm(decoding: $0) }, { $0.encoded }),
            sample("finality", finality.encoded, { try Finality(decoding: $0) }, { $0.encoded }),
            sample(
                "evidence", evidence.encoded, { try LockEvidence(decoding: $0) }, { $0.encoded }),
            sample(
                "unlock", Unlock(slot: slot).encoded, { try Unlock(decoding: $0) }, { $0.encoded }),
            sample(
                "unlock vote", UnlockVote(slot: slot, certificate: certificate).encoded,
                { try UnlockVote(decoding: $0) }, { $0.encoded }),
            sample(
                "entry", entry?.encoded ?? [], { try UnlockEntry(decoding: $0) }, { $0.encoded }),
            sample(
                "locked", LockRecord.locked(proposal.items, gateway: Seat(3)).encoded,
                { try LockRecord(decoding: $0) }, { $0.encoded }),
            sample(
                "unlocking", LockRecord.unlocking(slot).encoded, { try LockRecord(decoding: $0) },
                { $0.encoded }),
            sample(
                "closed", LockRecord.closed.encoded, { try LockRecord(decoding: $0) },
                { $0.encoded }),
            sample("item proof", itemProof(of: proposal), decodeItemProof, encodeItemProof),
        ]
    }()

    private static func itemProof(of proposal: Proposal) -> [UInt8] {
        ItemProof(of: proposal, at: 1).map(encodeItemProof) ?? []
    }

    @Sendable private static func encodeItemProof(_ proof: ItemProof) -> [UInt8] {
        var writer = ByteWriter()
        proof.encode(to: &writer)
        return writer.bytes
    }

    @Sendable private static func decodeItemProof(_ bytes: [UInt8]) throws -> ItemProof {
        var reader = ByteReader(bytes)
        let proof = try ItemProof(from: &reader)
        try reader.finish()
        return proof
    }

    @Test(arguments: samples) func theBytesComeBack(sample: Sample) throws {
        #expect(try sample.again(sample.bytes) == sample.bytes)
    }

    @Test(arguments: samples) func shortAndLongAreRefused(sample: Sample) {
        for count in 0..<sample.bytes.count {
            #expect(throws: DecodingFailure.self) {
                try sample.again(Array(sample.bytes[..<count]))
            }
        }
        #expect(throws: DecodingFailure.self) { try sample.again(sample.bytes + [0]) }
    }

    /// Whatever is accepted is the one encoding of what it says.
    @Test(arguments: samples) func hostileBytesAreRefusedOrCanonical(sample: Sample) {
        for bit in 0..<sample.bytes.count * 8 {
            let bytes = sample.bytes.flipping(bit: bit)
            if let again = try? sample.again(bytes) { #expect(again == bytes, "bit \(bit)") }
        }
        for seed in propertySeeds {
            var generator = SeededGenerator(seed: seed)
            var bytes = sample.bytes
            for _ in 0..<4 {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if let again = try? sample.again(bytes) { #expect(again == bytes, "seed \(seed)") }
            let noise = generator.bytes(200)
            if let again = try? sample.again(noise) { #expect(again == noise, "seed \(seed)") }
        }
    }

    @Test func countsAreLimited() {
        var bytes = Self.threeItems().encoded
        (bytes[19], bytes[20]) = (0, 0)
        #expect(throws: DecodingFailure(.overLimit, at: 19)) { try Proposal(decoding: bytes) }
        (bytes[19], bytes[20]) = (1, 4)
        #expect(throws: DecodingFailure(.overLimit, at: 19)) { try Proposal(decoding: bytes) }
        (bytes[0], bytes[1]) = (2, 0)
        #expect(throws: DecodingFailure(.unknownVersion, at: 0)) { try Proposal(decoding: bytes) }
    }

    @Test func slotsAreInRange() {
        for (sequence, attempt) in [
            (0, 0), (UpdateSlot.lastSequence + 1, 0), (1, UpdateSlot.lastAttempt + 1),
        ] {
            let slot = UpdateSlot(
                chain: Digest(), sequence: sequence, attempt: UInt32(attempt))
            #expect(throws: DecodingFailure(.outOfRange, at: 32)) {
                try Unlock(decoding: Unlock(slot: slot).encoded)
            }
        }
    }

    // Sets

    static let sets: [(ItemSet, [UInt8])] = [
        (ItemSet(count: 3), [3, 0, 0]),
        (.all(count: 3), [3, 0, 1]),
        (ItemSet([1], count: 3), [3, 0, 2, 0b010]),
        (ItemSet([0, 8], count: 9), [9, 0, 2, 1, 1]),
    ]

    @Test(arguments: sets.indices) func aSetHasOneEncoding(index: Int) throws {
        let (set, bytes) = Self.sets[index]
        var writer = ByteWriter()
        set.encode(to: &writer)
        #expect(writer.bytes == bytes)
        var reader = ByteReader(bytes)
        #expect(try ItemSet(from: &reader) == set)
    }

    @Test(arguments: [
        [3, 0, 2, 0b111], [3, 0, 2, 0], [3, 0, 2, 0b1001], [0, 0, 0], [1, 4, 0], [3, 0, 3],
    ] as [[UInt8]])
    func aSetInAnotherFormIsRefused(bytes: [UInt8]) {
        #expect(throws: DecodingFailure.self) {
            var reader = ByteReader(bytes)
            _ = try ItemSet(from: &reader)
        }
    }

    @Test func setsCount() {
        for seed in propertySeeds {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...200, using: &generator)
            func some() -> Set<Int> {
                Set((0..<count).filter { _ in Bool.random(using: &generator) })
            }
            let (one, other) = (some(), some())
            let (left, right) = (ItemSet(one, count: count), ItemSet(other, count: count))
            #expect(left.union(right).indices == one.union(other).sorted(), "seed \(seed)")
            #expect(left.intersection(right).indices == one.intersection(other).sorted())
            #expect(left.subtracting(right).indices == one.subtracting(other).sorted())
            #expect(left.complement.size == count - one.count && left.size == one.count)
            let held = ItemSet.held(byAtLeast: 2, of: [left, right, left], count: count)
            #expect(held == left, "seed \(seed)")
        }
    }
}
