// Updates, votes and certificates for tests of the fast path.
import Cryptography
import Primitives
import TestSupport

@testable import Consensus

enum TestUpdates {
    static let domain = HashDomain("althing 2026 test update")

    /// The digest of the body that is number `sequence` of chain `chain`, in one of several versions.
    static func digest(
        _ chain: UInt8, _ sequence: UInt64, version: UInt8 = 0, after previous: Digest? = nil
    ) -> Digest {
        if sequence == 0 { return Digest() }
        var writer = ByteWriter()
        if let previous, previous != digest(chain, sequence - 1) { writer.write(previous) }
        writer.write(chain)
        writer.write(sequence)
        writer.write(version)
        return domain.hash(writer.bytes)
    }

    static func key(_ chain: UInt8) -> ChainKey { ChainKey(repeating: chain) }

    /// Version 0 follows version 0, unless `previous` says otherwise.
    static func update(
        _ chain: UInt8, _ sequence: UInt64, version: UInt8 = 0, attempt: UInt32 = 0,
        previous: Digest?? = nil
    ) -> Update {
        let slot = UpdateSlot(chain: key(chain), sequence: sequence, attempt: attempt)
        return Update(
            slot: slot, previous: previous ?? digest(chain, sequence - 1),
            digest: digest(chain, sequence, version: version, after: previous ?? nil),
            isShared: chain % 2 == 1)
    }

    static func head(_ chain: UInt8, _ sequence: UInt64, attempt: UInt32 = 0) -> ChainHead {
        ChainHead(sequence: sequence, digest: digest(chain, sequence), attempt: attempt)
    }
}

extension TestCommittee {
    func proposal(_ items: [Update], gateway: UInt8 = 0, number: UInt64 = 1) -> Proposal {
        Proposal(epoch: view.epoch, gateway: Seat(gateway), number: number, items: items)
    }

    func vote(_ seat: UInt8, _ proposal: Proposal, rejecting: [Int] = []) -> LockVote {
        LockVote(
            on: proposal.digest(chain: view.chain),
            rejected: ItemSet(rejecting, count: proposal.items.count), by: Seat(seat), in: view,
            with: keys[Int(seat)])
    }

    func signed(_ seat: UInt8, _ proposal: Proposal, rejecting: [Int] = []) -> SeatSignature {
        let vote = vote(seat, proposal, rejecting: rejecting)
        return SeatSignature(seat: vote.voter, items: vote.rejected, signature: vote.signature)
    }

    /// A certificate of a quorum that rejects nothing.
    func certificate(_ proposal: Proposal) -> Certificate {
        Certificate(
            proposal: proposal, votes: (0..<UInt8(view.quorum)).map { signed($0, proposal) })
    }

    func confirm(_ seat: UInt8, _ proposal: Proposal, _ items: [Int]) -> Confirm {
        Confirm(
            of: proposal.digest(chain: view.chain),
            confirmed: ItemSet(items, count: proposal.items.count), by: Seat(seat), in: view,
            with: keys[Int(seat)])
    }
}
