// What clients do in a run: submit, wait, retry elsewhere, and now and then sign two things.
import Primitives

extension World {
    /// Nanoseconds between two bodies of one client.
    private var pause: UInt64 {
        Nanoseconds.perSecond * UInt64(clients.count) / max(shape.load, 1)
    }

    mutating func serve(_ index: Int) {
        let isOver = elapsed >= shape.span
        if clients[index].current == nil {
            if isOver { return }
            let rogue = clients[index].isRogue && !isHealed
                && clientChance.isLucky(permille: 300)
            if let submission = play.submission(
                of: index, number: clients[index].number, at: now, conflicting: rogue,
                by: &clientChance)
            {
                begin(submission, of: index)
            }
        } else if now.nanoseconds(since: clients[index].asked) > 800 * Nanoseconds.perMillisecond {
            retry(index)
        }
        let span = pause / 2 + clientChance.below(pause)
        heap.push(.client(index), at: after(max(span, Nanoseconds.perMillisecond)))
    }

    private mutating func begin(_ submission: Submission, of index: Int) {
        submitted += 1
        trace.note(
            now, .client, node: clients[index].gateway, UInt64(index),
            fingerprint(submission.digest.bytes))
        clients[index].begin(submission, at: now)
        waiting[submission.digest] = index
        send(submission.bytes, to: clients[index].gateway)
        guard let conflict = submission.conflict else { return }
        faults[.doubleSigned] += 1
        waiting[conflict.digest] = index
        send(conflict.bytes, to: clientChance.below(play.seats))
    }

    private mutating func retry(_ index: Int) {
        guard let submission = clients[index].current else { return }
        let stays = !plan.swarm.retries && shells[clients[index].gateway].isUp
            && clients[index].retries < 3
        let gateway = stays ? clients[index].gateway : clientChance.below(play.seats)
        if gateway != clients[index].gateway { faults[.retries] += 1 }
        clients[index].retry(at: gateway, now: now)
        trace.note(
            now, .client, node: gateway, UInt64(index), fingerprint(submission.digest.bytes))
        send(submission.bytes, to: gateway)
    }

    private mutating func send(_ bytes: [UInt8], to gateway: Int) {
        let at = after(clientChance.below(2 * Nanoseconds.perMillisecond))
        heap.push(.input(.submit(bytes), to: gateway, life: nil), at: at)
    }

    /// A body is final or carried out somewhere.
    mutating func answered(_ digest: Digest, isExecution: Bool) {
        guard let index = waiting[digest] else { return }
        let since = clients[index].since
        guard clients[index].hear(digest, isExecution: isExecution) else { return }
        waiting[digest] = nil
        play.acknowledged(digest, of: index)
        latencies.append(now.nanoseconds(since: since))
    }

    mutating func changeSeats() {
        if play.changeSeats(by: &chance) { faults[.seatChanges] += 1 }
    }

    // MARK: The end

    /// What should be finished and is not, in words; nil where everything is.
    func unfinished() -> String? {
        let open = clients.indices.filter { clients[$0].current != nil && !clients[$0].isRogue }
        if let first = open.first, let current = clients[first].current {
            let since = clients[first].since.nanoseconds(since: World.start)
            return "\(open.count) clients wait, client \(first) for "
                + "\(current.digest.hex.prefix(8)) since \(since / 1_000_000) ms"
        }
        if let open = oracle.openPromise() { return open }
        if oracle.committed <= commitsAtHealing { return "no commits any more" }
        for machine in shells.indices where role(of: shells[machine].seat) == .honest {
            guard shells[machine].isUp else { return "machine \(machine) is down" }
            let executed = oracle.progress[machine].executed
            if executed < oracle.executedCount {
                return "machine \(machine) carried out \(executed) of \(oracle.executedCount)"
            }
        }
        return nil
    }

    /// The verdict on a run that is over.
    mutating func finish() -> SimulationVerdict {
        if let objection = play.finalObjection() { return .violation(objection) }
        return .pass
    }

    mutating func report(_ verdict: SimulationVerdict) -> SimulationReport {
        latencies.sort()
        for shell in shells { faults[.diskErrors] += shell.disk.trouble.struck }
        let roles = plan.roles.enumerated().filter { $0.element != .honest }
        return SimulationReport(
            seed: seed, shape: shape, verdict: verdict, virtualTime: elapsed,
            machines: shells.count, events: trace.lines, faults: faults,
            checks: oracle.counts, roles: roles.map { "seat \($0.offset): \($0.element.name)" },
            submitted: submitted, executed: oracle.executedCount, commits: oracle.committed,
            checkpoints: oracle.checkpointCount,
            finalMedian: latencies.isEmpty ? 0 : latencies[latencies.count / 2],
            finalSlowest: latencies.last ?? 0, trace: trace.digest())
    }
}
