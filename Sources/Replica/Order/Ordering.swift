// What the replica does with the graph's and the fast path's actions.
import Consensus
import Cryptography
import Primitives
import Records

extension Replica {
    mutating func obey(
        _ action: Validator.Action, at now: Instant, into actions: inout [Action]
    ) {
        switch action {
        case .persist(let block): actions.append(.record(.block(block.block)))
        case .broadcast(let block): actions.append(.broadcast(.block(block.block)))
        case .send(let block, let peer):
            actions.append(.send(.block(block.block), to: view.keys[Int(peer.index)]))
        case .request(let references, let round, let peer):
            let question = PeerMessage.blocksWanted(epoch: epoch, references, above: round)
            actions.append(.send(question, to: view.keys[Int(peer.index)]))
        case .commit(let commit):
            enqueue(commit)
            execute(at: now, into: &actions)
        case .accuse(let evidence): put([.twins(evidence)])
        case .refuse(let items): backlog += items
        case .wake(let time): wake(time, at: now, into: &actions)
        case .halt(.amnesia): halt(.amnesia, into: &actions)
        case .halt(.commit(let fault)): halt(.broken(fault), into: &actions)
        }
    }

    /// A seat that is alone goes on at once; others are woken by their shell.
    private mutating func wake(_ time: Instant, at now: Instant, into actions: inout [Action]) {
        if time <= now, view.count == 1 {
            work.append(.order(.tick))
        } else {
            actions.append(.wake(time))
        }
    }

    mutating func obey(
        _ action: FastPath.Action, at now: Instant, into actions: inout [Action]
    ) {
        switch action {
        case .record(let record): actions.append(.record(.locks(record)))
        case .propose(let proposal, let seats):
            propose(proposal, to: seats, into: &actions)
        case .vote(let reply, let gateway):
            actions.append(.send(.vote(reply), to: view.keys[Int(gateway.index)]))
        case .certify(let certificate):
            known.insert(BLAKE3.hash(certificate.encoded))
            actions.append(.broadcast(.certificate(certificate)))
        case .store(let certificate):
            actions.append(.record(.certificate(certificate.certificate)))
        case .confirm(let confirm, let gateway):
            actions.append(.send(.confirm(confirm), to: view.keys[Int(gateway.index)]))
        case .certified: break
        case .final(let updates, _): actions.append(.final(updates.map(\.digest)))
        case .rejected(let update, let reasons):
            reject(update, reasons, into: &actions)
        case .reference(let certificate): put([.certificate(certificate.certificate)])
        case .unlockVote(let vote): put([.unlockVote(vote)])
        case .accuse(let evidence): put([.doubleLock(evidence)])
        case .wake(let time): actions.append(.wake(time))
        }
    }

    /// Puts items into the next own block.
    mutating func put(_ items: [Ordered]) {
        guard !isReplaying, seat != nil else { return }
        work.append(.order(.payload(items.map(\.encoded))))
    }

    private mutating func propose(
        _ proposal: Proposal, to seats: [Seat], into actions: inout [Action]
    ) {
        let bodies = proposal.items.compactMap { pool[$0.digest]?.body }
        guard bodies.count == proposal.items.count else { return }
        let message = PeerMessage.proposal(proposal, bodies)
        if seats.count + 1 >= view.count {
            actions.append(.broadcast(message))
            return
        }
        for seat in seats {
            actions.append(.send(message, to: view.keys[Int(seat.index)]))
        }
    }

    /// An own submission cannot be certified as it stands. Where votes are split between two
    /// updates the order settles it; the submission is given up.
    private mutating func reject(
        _ update: Update, _ reasons: [RejectReason], into actions: inout [Action]
    ) {
        let isHeld = reasons.contains { if case .held = $0 { true } else { false } }
        if isHeld { put([.unlock(Unlock(epoch: epoch, slot: update.slot))]) }
        if pool.take(update.digest)?.isOwn == true {
            actions.append(.refused(update.digest, .committee(reasons)))
        }
    }

    /// Queues everything that a commit puts in order.
    private mutating func enqueue(_ commit: Commit) {
        for block in commit.blocks {
            for item in block.block.payload {
                // What is no item, or a certificate that does not hold, is no item for all alike.
                guard let ordered = try? Ordered(decoding: item) else { continue }
                guard case .certificate(let certificate) = ordered else {
                    execution.append(
                        .ordered(ordered, author: block.author, at: commit.head.time))
                    continue
                }
                guard let checked = check(certificate) else { continue }
                for update in checked.updates {
                    execution.append(.update(update, at: commit.head.time))
                }
                execution.append(.certificate(checked))
            }
        }
        execution.append(
            .end(
                CommitSummary(
                    epoch: epoch, head: commit.head, leaders: commit.leaders,
                    decisions: commit.decisions, blocks: commit.blocks)))
    }

    /// The certificate with its signatures checked, here or before; nil where they do not hold.
    mutating func check(_ certificate: Certificate) -> CheckedCertificate? {
        let hash = BLAKE3.hash(certificate.encoded)
        if known.contains(hash) {
            return CheckedCertificate(known: certificate, in: view)
        }
        guard let checked = try? CheckedCertificate(certificate, in: view) else { return nil }
        known.insert(hash)
        return checked
    }
}
