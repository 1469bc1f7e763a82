// What a replica does with messages of its peers.
import Consensus
import Cryptography
import Primitives
import Records

extension Replica {
    /// Blocks of the epoch before that answer one question, and their bytes.
    static let mostBlocks = 256
    static let mostBlockBytes = 4 << 20
    /// Bytes of bodies that answer one question, about; who needs more asks again.
    public static let mostBodyBytes = 8 << 20

    mutating func receive(
        _ message: PeerMessage, from peer: PublicKey, at now: Instant, into actions: inout [Action]
    ) {
        switch message {
        case .status(let status): take(status, from: peer, at: now, into: &actions)
        case .blocksWanted(let epoch, let references, let round):
            answer(epoch, references, above: round, to: peer, into: &actions)
        case .bodiesWanted(let digests): serve(digests, to: peer, into: &actions)
        case .checkpointsWanted(let height):
            actions.append(.serve(.checkpoints(from: height), to: peer))
        case .snapshotWanted(let request):
            actions.append(.serve(.snapshot(request), to: peer))
        case .checkpoints(let checkpoints): take(checkpoints, into: &actions)
        case .checkpointVote(let vote): note(vote, from: peer, into: &actions)
        case .bodies(let bodies): take(bodies, at: now, into: &actions)
        case .snapshot(let part): take(part, from: peer, at: now, into: &actions)
        case .block(let block) where block.header.epoch == earlier?.epoch:
            hear(earlier: block, from: peer, at: now, into: &actions)
        case .block, .proposal, .vote, .certificate, .confirm:
            guard !isStopped, let sender = view.seat(of: peer) else { return }
            hear(message, from: sender, at: now, into: &actions)
        }
    }

    /// A block of the epoch before.
    private mutating func hear(
        earlier block: Block, from peer: PublicKey, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let earlier, earlier.isNeeded, let sender = earlier.view.seat(of: peer),
            let checked = try? CheckedBlock(block, in: earlier.view)
        else { return }
        stepEarlier(.block(checked, from: .seat(sender)), at: now, into: &actions)
    }

    /// What only seats may say.
    private mutating func hear(
        _ message: PeerMessage, from sender: Seat, at now: Instant, into actions: inout [Action]
    ) {
        switch message {
        case .block(let block):
            guard let checked = try? CheckedBlock(block, in: view) else { return }
            work.append(.order(.block(checked, from: .seat(sender))))
        case .proposal(let proposal, let bodies):
            guard seat != nil, proposal.epoch == epoch, proposal.gateway == sender,
                proposal.items.count == bodies.count,
                zip(proposal.items, bodies).allSatisfy({ $1.matches($0) })
            else { return }
            let deadline = now.advanced(byNanoseconds: settings.patienceNanoseconds)
            consider(
                EarlyProposal(
                    proposal: proposal, bodies: bodies, gateway: sender, deadline: deadline),
                at: now, into: &actions)
        case .vote(let reply):
            guard reply.vote.voter == sender, locks.awaitsVotes(on: reply.vote.proposal),
                let checked = try? CheckedLockVote(reply.vote, in: view)
            else { return }
            work.append(.locks(.vote(checked, rejections: reply.rejections)))
        case .certificate(let certificate):
            guard let checked = check(certificate) else { return }
            work.append(.certificate(checked))
            if checked.isUrgent { work.append(.order(.hurry)) }
        case .confirm(let confirm):
            guard confirm.voter == sender, locks.awaitsConfirms(of: confirm.proposal),
                let checked = try? CheckedConfirm(confirm, in: view)
            else { return }
            work.append(.locks(.confirm(checked)))
        default: break
        }
    }

    // MARK: Answers

    /// Blocks of this epoch's graph, or of the one before for those who are still in it.
    private mutating func answer(
        _ epoch: UInt64, _ references: [BlockReference], above round: Round, to peer: PublicKey,
        into actions: inout [Action]
    ) {
        if epoch == self.epoch {
            let asker = contacts.peer(peer, in: view)
            work.append(.order(.wanted(references, above: round, by: asker)))
        } else if let earlier, earlier.epoch == epoch {
            let blocks = earlier.order.store.answer(
                references, above: round, limit: Self.mostBlocks, bytes: Self.mostBlockBytes)
            for block in blocks { actions.append(.send(.block(block.block), to: peer)) }
        }
    }

    /// Bodies at hand are sent at once, the others are for the store to find.
    private func serve(_ digests: [Digest], to peer: PublicKey, into actions: inout [Action]) {
        let wanted = digests.prefix(Self.mostWantedBodies)
        var bytes = 0
        for entry in wanted.compactMap({ pool[$0] }) where bytes < Self.mostBodyBytes {
            bytes += entry.bytes
            actions.append(.send(.bodies([entry.body]), to: peer))
        }
        let rest = wanted.filter { pool[$0] == nil }
        if !rest.isEmpty { actions.append(.serve(.bodies(Array(rest)), to: peer)) }
    }
}
