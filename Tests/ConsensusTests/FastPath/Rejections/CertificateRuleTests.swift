// Each rule of certificates, votes, confirms, finality and evidence broken alone.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct CertificateRuleTests {
    static let committee = TestCommittee(4)
    static let updates = [TestUpdates.update(1, 1), TestUpdates.update(2, 1)]
    static let proposal = committee.proposal(updates)

    struct Case: CustomTestStringConvertible, Sendable {
        let fault: CertificateFault
        let spoil: @Sendable (inout Certificate) -> Void
        init(_ fault: CertificateFault, _ spoil: @escaping @Sendable (inout Certificate) -> Void) {
            self.fault = fault
            self.spoil = spoil
        }
        var testDescription: String { "\(fault)" }
    }

    static let cases: [Case] = [
        Case(.wrongEpoch) { $0.proposal.epoch = 2 },
        Case(.unknownSeat) { $0.proposal.gateway = Seat(4) },
        Case(.wrongItemCount) { $0.proposal.items = [] },
        Case(.wrongItemCount) {
            $0.proposal.items = Array(repeating: $0.proposal.items[0], count: 1025)
        },
        Case(.tooFewSignatures) { $0.votes.removeLast() },
        Case(.seatsOutOfOrder) { $0.votes.swapAt(0, 1) },
        Case(.seatsOutOfOrder) { $0.votes[1] = $0.votes[0] },
        Case(.unknownSeat) { $0.votes[2].seat = Seat(4) },
        Case(.wrongSet) { $0.votes[1].items = ItemSet(count: 3) },
        Case(.invalidSignature(Seat(1))) { $0.votes[1].signature = $0.votes[0].signature },
        Case(.invalidSignature(Seat(1))) { $0.votes[1].items.insert(0) },
        Case(.invalidSignature(Seat(0))) { $0.proposal.number = 2 },
        Case(.invalidSignature(Seat(0))) { $0.proposal.gateway = Seat(1) },
        Case(.invalidSignature(Seat(0))) { $0.proposal.items.swapAt(0, 1) },
        Case(.nothingReached) {
            for seat in 0..<3 {
                $0.votes[seat] = committee.signed(
                    UInt8(seat), proposal, rejecting: [seat == 0 ? 0 : 1, seat == 1 ? 0 : 1])
            }
        },
    ]

    @Test(arguments: cases) func aSpoiledCertificateIsNamed(spoiled: Case) {
        var certificate = Self.committee.certificate(Self.proposal)
        spoiled.spoil(&certificate)
        #expect(throws: spoiled.fault) {
            try CheckedCertificate(certificate, in: Self.committee.view)
        }
    }

    @Test func itemsAreCountedOneByOne() throws {
        let votes = [
            Self.committee.signed(0, Self.proposal),
            Self.committee.signed(1, Self.proposal, rejecting: [0]),
            Self.committee.signed(2, Self.proposal),
        ]
        let certificate = Certificate(proposal: Self.proposal, votes: votes)
        let checked = try CheckedCertificate(certificate, in: Self.committee.view)
        #expect(checked.certified.indices == [1])
        #expect(checked.updates == [Self.updates[1]])
    }

    @Test func signaturesBindChainEpochAndKind() throws {
        let vote = Self.committee.vote(1, Self.proposal)
        #expect(try CheckedLockVote(vote, in: Self.committee.view).vote == vote)
        let keys = Self.committee.view.keys
        let elsewhere = try #require(
            CommitteeView(chain: Digest(repeating: 8), epoch: 1, keys: keys))
        let later = try #require(
            CommitteeView(chain: Self.committee.view.chain, epoch: 2, keys: keys))
        #expect(throws: CertificateFault.invalidSignature(Seat(1))) {
            try CheckedLockVote(vote, in: elsewhere)
        }
        #expect(throws: CertificateFault.wrongEpoch) { try CheckedLockVote(vote, in: later) }
        var moved = vote
        moved.epoch = 2
        #expect(throws: CertificateFault.invalidSignature(Seat(1))) {
            try CheckedLockVote(moved, in: later)
        }
        var stranger = vote
        stranger.voter = Seat(7)
        #expect(throws: CertificateFault.unknownSeat) {
            try CheckedLockVote(stranger, in: Self.committee.view)
        }
        // A vote is no confirm, though it is over the same proposal and set.
        let confirm = Confirm(
            epoch: 1, proposal: vote.proposal, voter: vote.voter, confirmed: vote.rejected,
            signature: vote.signature)
        #expect(throws: CertificateFault.invalidSignature(Seat(1))) {
            try CheckedConfirm(confirm, in: Self.committee.view)
        }
    }

    // Finality

    private func finality(_ sets: [[Int]]) -> Finality {
        let confirms = sets.enumerated().map { seat, items in
            let confirm = Self.committee.confirm(UInt8(seat), Self.proposal, items)
            return SeatSignature(
                seat: confirm.voter, items: confirm.confirmed, signature: confirm.signature)
        }
        return Finality(
            epoch: 1, proposal: Self.proposal.digest(chain: Self.committee.view.chain),
            confirms: confirms)
    }

    @Test func finalityNeedsAQuorumAnItem() throws {
        let view = Self.committee.view
        #expect(try finality([[0, 1], [0], [0, 1]]).check(in: view).indices == [0])
        #expect(try finality([[0, 1], [0], [1], [0, 1]]).check(in: view).isFull)
        for (fault, sets) in [
            (CertificateFault.tooFewSignatures, [[0], [0]]), (.tooFewSignatures, []),
            (.nothingReached, [[0], [1], [0]]),
        ] {
            #expect(throws: fault) { try finality(sets).check(in: view) }
        }
        var spoiled = finality([[0], [0], [0]])
        spoiled.epoch = 2
        #expect(throws: CertificateFault.wrongEpoch) { try spoiled.check(in: view) }
        spoiled.epoch = 1
        spoiled.confirms[2].items.insert(1)
        #expect(throws: CertificateFault.invalidSignature(Seat(2))) {
            try spoiled.check(in: view)
        }
    }

    // Evidence

    private func evidence(_ first: Update, _ second: Update) -> LockEvidence {
        let one = Self.committee.proposal([Self.updates[1], first], number: 1)
        let other = Self.committee.proposal([second], gateway: 1, number: 2)
        return LockEvidence(
            first: SignedLock(
                proposal: one, vote: Self.committee.signed(2, one, rejecting: [0]), index: 1),
            second: SignedLock(proposal: other, vote: Self.committee.signed(2, other), index: 0))
    }

    @Test func evidenceIsTwoLocksOfOneSlot() throws {
        let view = Self.committee.view
        let rival = TestUpdates.update(1, 1, version: 1)
        let proof = evidence(Self.updates[0], rival)
        #expect(try proof.check(in: view) == Seat(2))
        for harmless in [
            evidence(Self.updates[0], Self.updates[0]),
            evidence(Self.updates[0], TestUpdates.update(1, 1, version: 1, attempt: 1)),
            evidence(Self.updates[0], TestUpdates.update(1, 2)),
            evidence(Self.updates[0], TestUpdates.update(2, 1, version: 1)),
        ] {
            #expect(throws: CertificateFault.noContradiction) { try harmless.check(in: view) }
        }
    }

    static let spoils: [(String, CertificateFault, @Sendable (inout LockEvidence) -> Void)] = [
        ("a rejected item", .noContradiction, { $0.first.index = 0 }),
        ("no such item", .noContradiction, { $0.first.index = 2 }),
        ("another seat", .noContradiction, { $0.second.vote.seat = Seat(1) }),
        ("both another seat", .invalidSignature(Seat(1)), {
            $0.first.vote.seat = Seat(1)
            $0.second.vote.seat = Seat(1)
        }),
        ("epoch", .wrongEpoch, { $0.second.proposal.epoch = 2 }),
        ("set", .wrongSet, { $0.first.vote.items = ItemSet(count: 3) }),
        ("proposal", .invalidSignature(Seat(2)), { $0.second.proposal.number = 3 }),
        ("stranger", .unknownSeat, {
            $0.first.vote.seat = Seat(9)
            $0.second.vote.seat = Seat(9)
        }),
    ]

    @Test(arguments: spoils.indices) func spoiledEvidenceProvesNothing(index: Int) {
        let (name, fault, spoil) = Self.spoils[index]
        var proof = evidence(Self.updates[0], TestUpdates.update(1, 1, version: 1))
        spoil(&proof)
        #expect(throws: fault, "\(name)") { try proof.check(in: Self.committee.view) }
    }

    // Items

    @Test(arguments: [1, 2, 3, 5, 8, 13, 1024]) func anItemIsShownToBelong(count: Int) throws {
        let items = (1...UInt64(count)).map { TestUpdates.update(4, $0) }
        let proposal = Self.committee.proposal(items, number: 9)
        let chain = Self.committee.view.chain
        let digest = proposal.digest(chain: chain)
        for index in Set([0, count / 2, count - 1]) {
            var proof = try #require(ItemProof(of: proposal, at: index))
            #expect(proof.proposal(chain: chain) == digest)
            proof.item.digest = Digest(repeating: 5)
            #expect(proof.proposal(chain: chain) != digest)
            proof.item = items[index]
            proof.path.append(digest)
            #expect(proof.proposal(chain: chain) == nil)
            proof.path = []
            proof.index = count
            #expect(proof.proposal(chain: chain) == nil)
        }
        #expect(ItemProof(of: proposal, at: count) == nil)
    }
}
