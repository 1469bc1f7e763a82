// How a node obeys its replica: records go to the journal and executions to the index at once,
// everything that others can see waits for the commit.
import Ledger
import Primitives
import Records
import Replica
import Storage

extension Core {
    /// Gives one input to the replica and obeys.
    mutating func step(_ input: Replica.Input, _ turn: Turn) throws(StorageFailure) {
        var actions: [Replica.Action] = []
        replica.step(input, at: turn.now, into: &actions)
        try obey(actions, turn)
    }

    mutating func obey(_ actions: [Replica.Action], _ turn: Turn) throws(StorageFailure) {
        for action in actions {
            switch action {
            case .record(let entry):
                roads.note(entry, at: turn.now)
                try record(entry, turn.store)
            case .send(let message, let peer): outbox.append(.send(message, to: peer))
            case .broadcast(let message): outbox.append(.broadcast(message))
            case .serve(let wanted, let peer): outbox.append(.serve(wanted, to: peer))
            case .final(let digests):
                roads.note(final: digests, at: turn.now)
                for digest in digests { settle(final: digest) }
            case .refused(let digest, let reason): try settle(refused: digest, reason, turn.store)
            case .executed(let execution):
                isGateStale = true
                roads.note(executed: execution.body.digest, at: turn.now)
                try take(execution, turn)
            case .committed(let summary):
                roads.note(summary)
                let commit = GraphCommit(summary)
                graph.append(commit)
                tell(.committed(commit))
            case .certified(let sealed): place(sealed, turn.store)
            case .epoch(let step): take(step, turn.store)
            case .adopted(let snapshot):
                isGateStale = true
                try adopt(snapshot, turn)
            case .wake(let instant): wakeAt = min(wakeAt ?? instant, instant)
            case .halt(let reason):
                halted = reason
                tell(.halted(reason))
            }
        }
    }

    // MARK: The journal

    private mutating func record(
        _ entry: JournalEntry, _ store: Store
    ) throws(StorageFailure) {
        let sequence = store.journal.nextSequence
        let position = try store.append(entry)
        if !isOfAnother(entry) { mustCommit = true }
        if case .body(_, .batch(let batch)) = entry,
            batch.batch.header.submitter != submitterID
        {
            isGateStale = true
        }
        note(entry, at: position, sequence: sequence, store)
    }

    /// Whether it is a block of another seat, which kept it before it sent it: it can be had again,
    /// and is made durable with whatever comes next.
    private func isOfAnother(_ entry: JournalEntry) -> Bool {
        guard case .block(let block) = entry else { return false }
        return block.header.author != replica.seat
    }

    /// Notes where an entry stands that is in the journal.
    mutating func note(
        _ entry: JournalEntry, at position: FramePosition, sequence: UInt64, _ store: Store
    ) {
        if let body = entry.body {
            store.put(body: body.digest, at: position)
            let places = open([ChainPlace(body)])
            if !places.isEmpty { bodies.note(body, at: position) }
            // Seats take bodies over into the next epoch; after that, others have to have them.
            return retention.note(sequence, until: places, epoch: replica.epoch + 1)
        }
        switch entry {
        case .locks(let epoch, .locked(let updates, _)):
            let places = open(updates.map(ChainPlace.init))
            retention.note(sequence, until: places, epoch: epoch)
        case .locks(let epoch, .unlocking(let slot)):
            let place = ChainPlace(chain: slot.chain, sequence: slot.sequence)
            retention.note(sequence, until: open([place]), epoch: epoch)
        case .certificate(let certificate):
            certificates += 1
            let places = open(certificate.proposal.items.map(ChainPlace.init))
            retention.note(sequence, until: places, epoch: certificate.proposal.epoch)
        case .block(let block):
            let header = block.header
            retention.note(
                sequence, block: .init(epoch: header.epoch, round: header.round.number))
        case .amnesia(let key): store.put(amnesiaOf: key)
        case .locks(let epoch, .closed): retention.note(sequence, closing: epoch)
        case .genesis, .checkpoint, .signal, .body, .pruned: break
        }
    }

    /// Those that no certified checkpoint has settled.
    private func open(_ places: [ChainPlace]) -> [ChainPlace] {
        guard let replayedUpon else { return places }
        return places.filter { !replayedUpon.isSettled($0) }
    }

    // MARK: Answers

    private mutating func settle(final digest: Digest) {
        noteFinal(digest)
        // An operation is answered with what came of it.
        for waiter in submitters[digest] ?? [] where waiter.isBatch {
            outbox.append(.answer(waiter, .final))
        }
    }

    private mutating func settle(
        refused digest: Digest, _ reason: SubmitRefusal, _ store: Store
    ) throws(StorageFailure) {
        let outcome = LedgerOutcome(reason)
        _ = registrations.settle(digest)
        try giveUp(digest, outcome, store)
        for waiter in submitters.removeValue(forKey: digest) ?? [] {
            outbox.append(.answer(waiter, .refused(outcome)))
        }
    }

    // MARK: The order

    private mutating func take(
        _ execution: Execution, _ turn: Turn
    ) throws(StorageFailure) {
        let digest = execution.body.digest
        switch execution.body {
        case .batch(let batch): try take(batch, execution.outcome, turn)
        case .operation(let operation):
            var item = Unplaced(view: ItemView(item: execution.item, batch: nil), records: 0)
            if case .done(let effect) = execution.outcome {
                item.subjects = subjects(of: operation, turn.store)
                item.deed = Deed(
                    operation: digest, time: execution.time, outcome: DeedOutcome(effect))
            }
            note(item)
            _ = registrations.settle(digest)
            let outcome: LedgerOutcome =
                switch execution.outcome {
                case .done(let effect): .accepted(execution.item, effect, batch: nil)
                case .failed(let failure): .refused(failure)
                case .misplaced: .notCertified
                }
            for waiter in submitters.removeValue(forKey: digest) ?? [] {
                outbox.append(.answer(waiter, .executed(outcome)))
            }
        }
        switch execution.outcome {
        case .done(.agentRegistered(let id)): tell(.agent(id))
        case .done(.agentChanged(let id)):
            tell(.agent(id))
            if replica.state.instance(id) != nil { tell(.instance(id)) }
        case .done(.agentSpawned(let id, _)), .done(.deposited(let id, _)),
            .done(.callAbandoned(let id)), .done(.agentFaulty(let id, _)),
            .done(.withdrawn(let id, _)), .done(.agentEnded(let id, _)),
            .done(.stateShown(_, to: let id)), .done(.law(.approvalExecuted(_, agent: let id))):
            tell(.instance(id))
        case .done(.transitionAccepted(let height, _)): tell(.instance(height.agent))
        default: break
        }
    }

    /// Numbers and indexes an executed batch.
    private mutating func take(
        _ batch: CheckedBatch, _ outcome: Settled, _ turn: Turn
    ) throws(StorageFailure) {
        let item = CheckpointItem.batch(batch.digest)
        guard case .done = outcome else {
            return note(Unplaced(view: ItemView(item: item, batch: nil), records: 0))
        }
        batchCount += 1
        // What is executed is final, whichever is heard of first.
        noteFinal(batch.digest)
        let own = chain.remove(batch.digest)
        note(
            Unplaced(
                view: ItemView(item: item, batch: batchCount),
                records: Int(batch.batch.header.count), arrival: own?.arrival))
        for waiter in submitters.removeValue(forKey: batch.digest) ?? [] {
            waiter.number = batchCount
            outbox.append(.answer(waiter, .final))
        }
        if batchCount > indexedBatches { try index(batch, own, turn.store) }
    }

    private mutating func index(
        _ batch: CheckedBatch, _ own: OwnBatch?, _ store: Store
    ) throws(StorageFailure) {
        guard let position = bodies.position(batch.digest) else { return }
        let names = own?.names
        // Payloads come only with what this node's gateway takes in.
        let isOwn = submitterID == batch.batch.header.submitter
        if batch.isPruned { store.note(pruned: batchCount) }
        let touched = try index(batch, number: batchCount, into: store) { row in
            if let names { return names[row] }
            return isOwn ? store.name(ofPayload: batch.columns.payloadDigest(at: row)) : ""
        }
        let view = BatchView(
            number: batchCount, digest: batch.digest, header: batch.batch.header,
            bytes: UInt64(position.length), agentFinalAfter: own?.finalAfter ?? 0,
            position: position)
        store.put(view, arrival: own?.finalAfter == nil ? own?.arrival : nil)
        indexedBatches = batchCount
        for summary in touched { tell(.run(summary)) }
        outbox.append(.batch(batchCount))
    }

    private mutating func note(_ item: Unplaced) { unplaced.append(item) }

    // MARK: Checkpoints

    /// Indexes a certified checkpoint and the places of its batches.
    private mutating func place(_ sealed: SealedCheckpoint, _ store: Store) {
        let count = min(sealed.items.count, unplaced.count)
        let items = unplaced.prefix(count)
        let view = CheckpointView(checkpoint: sealed.checkpoint, items: items.map(\.view))
        for (index, item) in items.enumerated() {
            put(item, height: sealed.checkpoint.header.height, index: index, store)
            if let place = bodies.place(item.view.item.digest) {
                bodies.settle(place)
                retention.settle(place)
            }
            if let arrival = item.arrival {
                outbox.append(.checkpointFinal(records: item.records, arrival: arrival))
            }
        }
        placedBatches = items.last { $0.view.batch != nil }?.view.batch ?? placedBatches
        unplaced.removeFirst(count)
        retention.release(
            blocksUpTo: .init(
                epoch: sealed.checkpoint.header.epoch, round: sealed.floor.number))
        store.put(view)
        let stored = StoredSnapshot(
            checkpoint: sealed.checkpoint,
            replayFrom: retention.first(or: store.journal.nextSequence),
            batchCount: placedBatches)
        store.put(stored, changes: sealed.changes)
        log?.append(entry: sealed.checkpoint.header.encoded)
        tell(.checkpoint(view))
    }

    /// Puts an operation under everything that it is about.
    private func put(_ item: Unplaced, height: UInt64, index: Int, _ store: Store) {
        guard let deed = item.deed?.encoded else { return }
        for subject in item.subjects {
            let key = IndexKey.deed(subject, height: height, index: index)
            store.put(key, deed, in: Space.deeds)
        }
    }

    /// The last checkpoint of an epoch is certified: what was locked in it and not executed by then
    /// never will be under those locks.
    private mutating func take(_ step: EpochStep, _ store: Store) {
        retention.end(epoch: step.epoch)
        store.put(step)
        tell(.epoch(step))
    }
}
