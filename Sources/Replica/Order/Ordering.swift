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
        case .persist(let block):
            actions.append(.record(.block(block.block)))
            scan(block)
        case .broadcast(let block): actions.append(.broadcast(.block(block.block)))
        case .send(let block, let peer):
            guard let key = contacts.key(of: peer, in: view) else { return }
            actions.append(.send(.block(block.block), to: key))
        case .request(let references, let round, let peer):
            guard let key = contacts.key(of: peer, in: view) else { return }
            let question = PeerMessage.blocksWanted(epoch: epoch, references, above: round)
            actions.append(.send(question, to: key))
        case .commit(let commit):
            advanceCoin(to: commit.head.round)
            enqueue(commit)
            execute(at: now, into: &actions)
        case .accuse(let evidence):
            put([.twins(evidence)])
            convictExposed(into: &actions)
        case .refuse(let payload): backlog.append(payload)
        case .wake(let time): wake(time, at: now)
        case .halt(.amnesia): halt(.amnesia, into: &actions)
        case .halt(.broken(let fault)): halt(.broken(fault), into: &actions)
        }
    }

    /// A seat that is alone goes on at once; others are woken by their shell.
    private mutating func wake(_ time: Instant, at now: Instant) {
        if time <= now, view.count == 1 {
            work.append(.order(.tick))
        } else {
            alarms.set(.order, at: time)
        }
    }

    mutating func obey(
        _ action: FastPath.Action, at now: Instant, into actions: inout [Action]
    ) {
        switch action {
        case .record(let record):
            keep(record, at: now, into: &actions)
            actions.append(.record(.locks(epoch: epoch, record)))
        case .propose(let proposal, let seats):
            propose(proposal, to: seats, at: now, into: &actions)
        case .vote(let vote, let rejections, let gateway):
            let reply = LockReply(vote: vote, rejections: rejections)
            actions.append(.send(.vote(reply), to: view.keys[Int(gateway.index)]))
        case .certify(let certificate, let seats):
            known.insert(BLAKE3.hash(certificate.certificate.encoded))
            tell(.certificate(certificate.certificate), to: seats, into: &actions)
        case .store(let certificate):
            actions.append(.record(.certificate(certificate.certificate)))
        case .confirm(let confirm, let gateway):
            actions.append(.send(.confirm(confirm), to: view.keys[Int(gateway.index)]))
        case .certified: break
        case .final(let updates, _):
            let digests = updates.map(\.digest)
            for digest in digests { pool.noteFinal(digest) }
            actions.append(.final(digests))
        case .rejected(let update, let reasons):
            reject(update, reasons, at: now, into: &actions)
        case .reference(let certificate): put(certificate)
        case .unlockVote(let vote): put([.unlockVote(vote)])
        case .flushed: flow.isFlushed = true
        case .accuse(let evidence): put([.doubleLock(evidence)])
        case .halt(let one, let other):
            if !isReplaying {
                actions.append(.record(.certificate(one.certificate)))
                actions.append(.record(.certificate(other.certificate)))
            }
            halt(.split(one.reference, other.reference), into: &actions)
        case .wake(let time): alarms.set(.locks, at: time)
        }
    }

    /// Puts items into the next own block.
    mutating func put(_ items: [Ordered]) {
        guard canPut else { return }
        work.append(.order(.payload(BlockPayload(items.map(\.encoded)))))
    }

    /// Puts a certificate into the next own block. Batches are final already, and wait.
    private mutating func put(_ certificate: CheckedCertificate) {
        guard canPut else { return }
        let payload = BlockPayload([Ordered.certificate(certificate.certificate).encoded])
        work.append(
            .order(certificate.isUrgent ? .payload(payload) : .patientPayload(payload)))
    }

    private var canPut: Bool { !isReplaying && seat != nil && halted == nil }

    /// Sends a proposal with its bodies. Those of what was carried out are gone: the rest is
    /// offered anew.
    private mutating func propose(
        _ proposal: Proposal, to seats: [Seat], at now: Instant, into actions: inout [Action]
    ) {
        let entries = proposal.items.compactMap { pool[$0.digest] }
        guard entries.count == proposal.items.count else {
            for entry in entries where entry.isOwn && !entry.isFinal {
                postpone(entry.body.digest, at: now)
            }
            return
        }
        tell(.proposal(proposal, entries.map(\.body)), to: seats, into: &actions)
    }

    private func tell(_ message: PeerMessage, to seats: [Seat], into actions: inout [Action]) {
        if seats.count + 1 >= view.count {
            if view.count > 1 { actions.append(.broadcast(message)) }
            return
        }
        for seat in seats {
            actions.append(.send(message, to: view.keys[Int(seat.index)]))
        }
    }

    /// Queues everything that a commit puts in order.
    private mutating func enqueue(_ commit: Commit) {
        for block in commit.blocks {
            for item in block.block.payload {
                // What is no item, or a certificate that does not hold, is no item for all alike.
                guard let ordered = try? Ordered(decoding: Array(item)) else { continue }
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
            return CheckedCertificate(verified: certificate, in: view)
        }
        guard let checked = try? CheckedCertificate(certificate, in: view) else { return nil }
        known.insert(hash)
        return checked
    }
}

extension CheckedCertificate {
    /// Whether somebody waits for its place in the order.
    var isUrgent: Bool { proposal.items.contains { $0.isShared } }
}
