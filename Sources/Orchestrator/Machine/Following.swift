// Following one task on the ledger: what a report, an outcome or a time means for its job.
import Ledger
import Primitives

extension Orchestrator {
    // MARK: Asking

    mutating func look(
        _ id: JobID, at now: Instant, _ actions: inout [OrchestratorAction]
    ) {
        guard let state = jobs[id] else { return }
        leaveOpen(id)
        jobs[id]?.phase = .looking
        actions.append(.look(state.task))
        wake(id, after: settings.answerNanoseconds, from: now)
    }

    mutating func request(
        _ step: LedgerRequest.Step, of id: JobID, at now: Instant,
        _ actions: inout [OrchestratorAction]
    ) {
        guard let state = jobs[id] else { return }
        leaveOpen(id)
        jobs[id]?.phase = .requesting(step)
        actions.append(.give(LedgerRequest(job: id, task: state.task, step: step)))
        wake(id, after: settings.answerNanoseconds, from: now)
    }

    private mutating func leaveOpen(_ id: JobID) {
        if jobs[id]?.phase == .open { open.removeAll { $0 == id } }
    }

    /// Waits, longer each time, and looks then.
    private mutating func rest(_ id: JobID, at now: Instant) {
        guard let state = jobs[id] else { return }
        leaveOpen(id)
        let failures = min(state.failures, .max - 1) + 1
        jobs[id]?.failures = failures
        jobs[id]?.phase = .resting
        let wait = settings.backoff.wait(after: failures, chance: chance.next())
        wake(id, after: wait, from: now)
    }

    // MARK: Times

    /// The timer of a job has come.
    mutating func wake(
        _ id: JobID, at now: Instant, _ actions: inout [OrchestratorAction]
    ) {
        guard let state = jobs[id] else { return }
        switch state.phase {
        case .looking, .resting, .requesting: look(id, at: now, &actions)
        case .open, .given, .judging:
            if now >= state.due {
                request(.expire, of: id, at: now, &actions)
            } else if state.phase == .judging, state.verdict == nil {
                look(id, at: now, &actions)
            } else {
                actions.append(.look(state.task))
                wait(id, at: now)
            }
        }
    }

    /// Until the state is due, or it is time to look.
    private mutating func wait(_ id: JobID, at now: Instant) {
        guard let due = jobs[id]?.due else { return }
        wake(
            id, after: min(settings.lookNanoseconds, max(due.nanoseconds(since: now), 1)),
            from: now)
    }

    // MARK: Outcomes

    mutating func take(
        _ outcome: RequestOutcome, of request: LedgerRequest, at now: Instant,
        _ actions: inout [OrchestratorAction]
    ) {
        let id = request.job
        // The outcome of anything but the request that is under way is old.
        guard let state = jobs[id], state.phase == .requesting(request.step) else { return }
        switch outcome {
        case .done: takeDone(request, state, at: now, &actions)
        case .moved: look(id, at: now, &actions)
        case .unknown:
            if case .assign = request.step { release(id) }
            rest(id, at: now)
        case .unfit:
            guard case .assign = request.step else { return rest(id, at: now) }
            if let offer = state.offer { jobs[id]?.tried.insert(offer) }
            release(id)
            beOpen(id, at: now)
        case .refused:
            release(id)
            if request.step == .post {
                end(id, .refused, at: now, &actions)
            } else {
                rest(id, at: now)
            }
        }
    }

    private mutating func takeDone(
        _ request: LedgerRequest, _ state: JobState, at now: Instant,
        _ actions: inout [OrchestratorAction]
    ) {
        let id = request.job
        jobs[id]?.failures = 0
        switch request.step {
        case .post:
            jobs[id]?.progress = TaskState.pending.rank
            jobs[id]?.due = now.advanced(byNanoseconds: state.job.times.assign)
            beOpen(id, at: now)
        case .assign:
            jobs[id]?.phase = .given
            jobs[id]?.progress = state.progress & 0xFF00 | TaskState.assigned.rank
            jobs[id]?.due = now.advanced(byNanoseconds: state.job.times.begin)
            wait(id, at: now)
        case .challenge:
            jobs[id]?.hasChallenged = true
            look(id, at: now, &actions)
        case .accept, .dispute, .expire, .answer: look(id, at: now, &actions)
        }
    }

    mutating func takeUnknown(
        _ id: JobID, at now: Instant, _ actions: inout [OrchestratorAction]
    ) {
        guard let state = jobs[id], state.phase == .looking else { return }
        // One that was there is there: whoever says otherwise is behind.
        if state.progress == 0 {
            request(.post, of: id, at: now, &actions)
        } else {
            rest(id, at: now)
        }
    }

    // MARK: Reports

    mutating func take(
        _ report: TaskReport, of id: JobID, at now: Instant,
        _ actions: inout [OrchestratorAction]
    ) {
        guard let state = jobs[id], report.progress >= state.progress else { return }
        if case .requesting = state.phase, !report.state.isFinal { return }
        let isNew = report.progress > state.progress
        if isNew { note(report, state, at: now) }
        jobs[id]?.progress = report.progress
        jobs[id]?.attempt = report.attempt
        jobs[id]?.paid = report.paid
        jobs[id]?.due = report.due
        if report.wasChallenged { jobs[id]?.hasChallenged = true }
        switch report.state {
        case .pending:
            if isNew || state.phase != .open { beOpen(id, at: now) }
        case .assigned, .executing:
            guard isNew || state.phase != .given else { return }
            adopt(report.worker, for: id)
            leaveOpen(id)
            jobs[id]?.phase = .given
            wait(id, at: now)
        case .verifying: takeDelivered(report, id, at: now, &actions)
        case .challenged where report.challenger == poster && !report.isWorkersTurn:
            release(id)
            jobs[id]?.hasChallenged = true
            request(.answer, of: id, at: now, &actions)
        case .disputed, .challenged: follow(id, at: now)
        case .complete: end(id, .complete, at: now, &actions)
        case .failed: end(id, .failed, at: now, &actions)
        case .cancelled: end(id, .cancelled, at: now, &actions)
        case .settled: end(id, .rejected, at: now, &actions)
        }
    }

    private mutating func takeDelivered(
        _ report: TaskReport, _ id: JobID, at now: Instant,
        _ actions: inout [OrchestratorAction]
    ) {
        release(id)
        leaveOpen(id)
        if now >= report.due { return request(.expire, of: id, at: now, &actions) }
        guard let state = jobs[id] else { return }
        // Verifiers decide, and the ledger counts.
        if case .redundant = state.job.verification { return follow(id, at: now) }
        if let verdict = state.verdict { return obey(verdict, on: id, at: now, &actions) }
        if state.phase != .judging {
            actions.append(
                .judge(id, report.task, milestone: report.paid, result: report.result))
        }
        jobs[id]?.phase = .judging
        wait(id, at: now)
    }

    /// Asks the ledger for what was decided; a challenge that failed is not made again.
    mutating func obey(
        _ isAccepted: Bool, on id: JobID, at now: Instant,
        _ actions: inout [OrchestratorAction]
    ) {
        guard let state = jobs[id] else { return }
        if !isAccepted, state.hasChallenged { return follow(id, at: now) }
        request(state.job.step(after: isAccepted), of: id, at: now, &actions)
    }

    /// What a newer report says about who had the task.
    private mutating func note(_ report: TaskReport, _ state: JobState, at now: Instant) {
        if report.attempt > state.attempt, let offer = state.offer {
            jobs[state.job.id]?.tried.insert(offer)
            providers[offer]?.breaker.noteFailure(at: now, settings.breaker)
            release(state.job.id)
        } else if report.state == .verifying || report.state == .complete,
            let offer = state.offer
        {
            providers[offer]?.breaker.noteSuccess()
        }
    }

    /// Others move the task now.
    private mutating func follow(_ id: JobID, at now: Instant) {
        leaveOpen(id)
        jobs[id]?.phase = .given
        wait(id, at: now)
    }

    private mutating func beOpen(_ id: JobID, at now: Instant) {
        release(id)
        if jobs[id]?.phase != .open { open.append(id) }
        jobs[id]?.phase = .open
        wait(id, at: now)
    }
}

extension Job {
    /// What the ledger is asked for once somebody decided.
    func step(after isAccepted: Bool) -> LedgerRequest.Step {
        if isAccepted { return .accept }
        guard case .reexecuted(_, let rules) = verification else { return .dispute }
        return .challenge(deposit: rules.deposit)
    }
}
