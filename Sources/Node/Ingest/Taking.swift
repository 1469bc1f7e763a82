// How requests are taken in: agents seen for the first time are registered, records are added, and
// the open batch is sealed as the next of this node's chain.
import Ledger
import Primitives
import Records
import Replica
import Storage

extension Core {
    // MARK: Requests

    /// Takes a request in, or lets it wait until its agents are registered.
    ///
    /// - Parameter limit: records at which the open batch is sealed.
    mutating func take(
        _ request: Request, sealingAt limit: Int, _ turn: Turn
    ) throws(StorageFailure) {
        try registerAgents(of: request, turn)
        if request.missing.isEmpty {
            try add(request, sealingAt: limit, turn)
        } else {
            registrations.park(request)
        }
    }

    /// Takes in the requests whose agents were registered since.
    mutating func takeReady(sealingAt limit: Int, _ turn: Turn) throws(StorageFailure) {
        for request in registrations.takeReady() { try add(request, sealingAt: limit, turn) }
    }

    private mutating func add(
        _ request: Request, sealingAt limit: Int, _ turn: Turn
    ) throws(StorageFailure) {
        let waiter = request.waiter
        let (submissions, agents) = (request.submissions, request.agents)
        for index in submissions.indices {
            let addition = try add(
                submissions[index], agent: agents[index], owner: request.owner, turn)
            switch addition {
            case .added: waiter.recorded.recorded += 1
            case .duplicate: waiter.recorded.duplicates += 1
            case .refused(let reason): waiter.recorded.refused.append((index, reason))
            }
            if open.columns.count >= limit { try seal(turn) }
        }
        if request.isUrgent { open.isUrgent = !open.isEmpty }
        wait(waiter)
    }

    /// Lets a waiter wait for everything of this node that is not final yet: its records, and what
    /// they repeat, are in there.
    private mutating func wait(_ waiter: Waiter) {
        if !open.isEmpty {
            waiter.openBatches += 1
            openWaiters.append(waiter)
        }
        chain.forEach { own in
            guard !own.isFinal else { return }
            waiter.openBatches += 1
            own.waiters.append(waiter)
        }
        if waiter.openBatches == 0 { outbox.append(.answer(waiter, .final)) }
    }

    /// Submits what registers the agents that the request names and nobody knows; notes those that
    /// have to be waited for.
    private mutating func registerAgents(
        of request: Request, _ turn: Turn
    ) throws(StorageFailure) {
        let submissions = request.submissions
        request.agents.reserveCapacity(submissions.count)
        // Neighbours in a request mostly are of one agent.
        var last: (name: String, id: AgentID, isSettled: Bool)?
        for index in submissions.indices {
            let name = submissions[index].agentName
            if let last, last.name.utf8.elementsEqual(name.utf8) {
                request.agents.append(last.id)
                if last.isSettled { continue }
            } else {
                let id = agentID(of: submissions[index], owner: request.owner)
                request.agents.append(id)
                last = (name, id, false)
            }
            let (id, submission) = (request.agents[index], submissions[index])
            if replica.state.agent(id) != nil || request.missing.contains(id) {
                last?.isSettled = true
                continue
            }
            if refusal(of: submission, at: turn.now) != nil { continue }
            let run = try take(RunKey(run: submission.run, owner: request.owner), turn.store)
            runs.put(run)
            if run.contains(submission.operation) { continue }
            if !registrations.isUnderWay(id) {
                try register(id, of: submission, owner: request.owner, turn)
            }
            if registrations.isUnderWay(id) { request.missing.insert(id) }
        }
    }

    private mutating func register(
        _ id: AgentID, of submission: Submission, owner: OwnerID, _ turn: Turn
    ) throws(StorageFailure) {
        guard let submitter else { return }
        let name = readableName(submission.agentName, limit: Limits.nameBytes)
        let version = readableName(submission.agentVersion, limit: Limits.versionBytes)
        let profile = AgentProfile(version: submission.agentVersion.isEmpty ? "" : version)
        let executed = replica.state.lastSequence(of: submitter.publicKey)
        let operation = SignedOperation(
            chain: replica.genesis.digest, owner: owner,
            sequence: registrations.nextSequence(after: executed),
            command: .agent(.register(name: name, profile: profile)), key: submitter)
        registrations.begin(operation, agent: id)
        try step(.submit(.operation(operation)), turn)
    }

    // MARK: Sealing

    /// Closes the open batch as the next of this node's submitter, and submits it.
    mutating func seal(_ turn: Turn) throws(StorageFailure) {
        guard !open.isEmpty, let key = submitter else { return }
        let id = SubmitterID(key: key.publicKey)
        guard let executed = replica.state.submitter(id) else { return }
        let head = chain.head(after: (executed.sequence, executed.last))
        var header = BatchHeader()
        header.chain = replica.genesis.digest
        header.submitter = id
        header.sequence = head.sequence + 1
        header.previous = head.digest
        header.closed = turn.now
        let batch = CheckedBatch(sealing: open.columns, header: header, key: key)
        var own = OwnBatch(
            batch: batch, names: open.names, arrival: open.openedAt, tally: gate.close())
        own.waiters = openWaiters
        openWaiters.removeAll()
        open = OpenBatch()
        chain.append(own)
        try step(.submit(.batch(batch)), turn)
        try noteSealed(batch.digest, turn.store)
    }

    /// Where a batch was not executed at once, its operations are known by their digests until it
    /// is.
    private mutating func noteSealed(
        _ digest: Digest, _ store: Store
    ) throws(StorageFailure) {
        guard let own = chain.batches.last(where: { $0.batch.digest == digest }) else { return }
        let columns = own.batch.columns
        let owners = columns.agents.entries.map { replica.state.agent($0)?.owner ?? OwnerID() }
        for row in 0..<columns.count {
            let owner = owners[Int(columns.value(.agent, row))]
            var run = try take(RunKey(run: columns.run(at: row), owner: owner), store)
            run.seal(
                columns.operation(at: row), caller: columns.caller(at: row),
                digest: own.batch.recordDigests[row])
            runs.put(run)
        }
    }

    // MARK: What became of what was submitted

    /// Bodies that were submitted here cannot be displaced any more.
    mutating func noteFinal(_ digest: Digest) {
        chain.change(digest) { own in
            guard !own.isFinal else { return }
            own.isFinal = true
            for waiter in own.waiters {
                waiter.openBatches -= 1
                if waiter.openBatches == 0 { outbox.append(.answer(waiter, .final)) }
            }
            own.waiters.removeAll()
        }
    }

    /// Everything final is durable since `monotonic`.
    mutating func noteCommitted(at monotonic: UInt64) {
        chain.forEach { own in
            guard own.isFinal, own.finalAfter == nil, let arrival = own.arrival else { return }
            own.finalAfter = monotonic &- arrival
        }
    }

    /// A batch submitted here will not be certified: it, what follows it, and what was built upon
    /// them are given up, and everybody who waits for them is told.
    mutating func giveUp(
        _ digest: Digest, _ outcome: LedgerOutcome, _ store: Store
    ) throws(StorageFailure) {
        let given = chain.cut(from: digest)
        guard !given.isEmpty else { return }
        let waiters = given.flatMap(\.waiters) + openWaiters
        for own in given { try forget(own.batch.columns, store) }
        try forget(open.columns, store)
        openWaiters.removeAll()
        open = OpenBatch()
        gate.drop()
        isGateStale = true
        for waiter in waiters { outbox.append(.answer(waiter, .refused(outcome))) }
    }

    private mutating func forget(
        _ columns: RecordColumns, _ store: Store
    ) throws(StorageFailure) {
        for row in 0..<columns.count {
            let owner = replica.state.agent(columns.agent(at: row))?.owner ?? OwnerID()
            var run = try take(RunKey(run: columns.run(at: row), owner: owner), store)
            run.forget(columns.operation(at: row), caller: columns.caller(at: row))
            runs.put(run)
        }
    }
}
