// An agent that runs: turns, transitions when its policy says so, and calls, as a value.
//
// It holds the last accepted state and at most one run on top of it. A run that fails is dropped.
// If that loses earlier turns they are done again, submitted one at a time; then it fails in its
// first turn, and what that had read last is dropped: a poisoned message costs only itself.
//
// Where its shell wants transitions to share a proof, it makes further ones on top of those that
// the ledger has not accepted.
import Primitives

/// A step machine: the shell tells it what happens and obeys.
public struct Instance: Sendable {
    public let identity: InstanceIdentity
    public let program: AgentProgram

    /// The last accepted state.
    package internal(set) var image: Image
    var tree: ImageTree
    /// Of the last accepted transition; 0 before the first.
    public internal(set) var sequence: UInt64 = 0
    var attempt: UInt16 = 0
    /// What attempts begin with; a shell that draws it at random never signs two headers for one
    /// place, even where it was started from an old copy of what it kept.
    public var firstAttempt: UInt16 = 0 {
        didSet { if submission == nil, held.isEmpty { attempt = max(attempt, firstAttempt) } }
    }
    var clock: [AgentHeight] = []
    /// Where the accepted state rests; nil before the first step.
    var end: TransitionEnd?
    /// Whether the accepted state is in the midst of a turn that answers an agent.
    var isServing = false
    /// When the last transition was made.
    var lastCut: Instant

    var inbox: [Delivery] = []
    /// The ledger's answer, until the transition that took it over is accepted.
    var answer: (answer: HostAnswer, by: Dependency?)?
    var work: Work?
    var isRequested = false
    /// Turns that are still to be submitted one at a time, after a failure.
    var cautiousTurns = 0
    var isCrashed = false
    /// The transition made last, until its shell says that it is held, or the ledger where it is.
    var submission: Submission?
    /// Transitions made on each other, oldest first, that are to be submitted with what follows.
    var held: [Submission] = []
    /// The highest sequence of which a transition that was given up may have been signed.
    var signedThrough: UInt64 = 0
    /// What the program is told for the consensus time; nil where that is the time it runs at.
    public var consensusTime: Instant?
    /// Gas that all runs so far were charged, those that failed too.
    public private(set) var gasUsed: UInt64 = 0

    /// Messages that one `run` may take up, for the others' sake.
    static let messagesPerRun = 8

    /// An agent before its first step.
    public init(_ identity: InstanceIdentity, of program: AgentProgram, at now: Instant) {
        self.init(identity, of: program, after: 0, clock: [], at: now)
    }

    /// A program before its first step, of an agent that ran another before.
    ///
    /// - Parameters:
    ///   - sequence: of the agent's last accepted transition.
    ///   - clock: what that transition left.
    public init(
        _ identity: InstanceIdentity, of program: AgentProgram, after sequence: UInt64,
        clock: [AgentHeight], at now: Instant
    ) {
        precondition(identity.gasLimit <= AgentLimits.gas, "a limit of gas is in its range")
        (self.identity, self.sequence, self.clock) = (identity, sequence, clock)
        self.program = program
        image = program.initialImage
        tree = ImageTree(of: image, leafCount: program.leafCount)
        lastCut = now
    }

    /// The root of the last accepted state.
    public var root: Digest { tree.root }

    /// Leaves of the last accepted state with their proof; nil where it has not so many.
    public func shown(_ leaves: HostRequest.Leaves) -> Multiproof? {
        guard let last = leaves.indices.last, last < image.leafCount else { return nil }
        return Multiproof(of: leaves.indices, in: tree, image: image)
    }

    /// Whether it will never run again.
    public var hasEnded: Bool { end == .exited || isCrashed }
    /// The transition that waits for the ledger.
    public var submitted: TransitionDraft? { submission?.draft }

    public mutating func step(
        _ input: InstanceInput, at now: Instant, into actions: inout [InstanceAction]
    ) {
        switch input {
        case .message(let message, let dependency):
            guard inbox.count < AgentLimits.inbox, !hasEnded else { return }
            inbox.append(Delivery(message: message, from: dependency))
        case .run(let quantum): return runOn(quantum, at: now, &actions)
        case .requested: isRequested = identity.policy.isOnRequest
        case .tick: break
        case .answered(let answer, let dependency):
            guard end == .unanswered, self.answer == nil else { return }
            self.answer = (answer, dependency)
        case .ledger(let sequence, let root): place(sequence, root, &actions)
        case .refused(let sequence, let root): refused(sequence, root, keeps: true, &actions)
        case .rejected(let sequence, let root): refused(sequence, root, keeps: false, &actions)
        case .withdrawn: withdraw(&actions)
        case .held: hold()
        case .gathered: gather(&actions)
        }
        if isRunnable(at: now) { actions.append(.schedule) }
    }

    /// Whether there is anything to run, or to submit.
    public func isRunnable(at now: Instant) -> Bool {
        guard submission == nil, !hasEnded else { return false }
        guard let work else {
            return switch footing.end {
            case .starved: !inbox.isEmpty
            case .unanswered: answer != nil
            default: true
            }
        }
        return !work.isAsleep || !inbox.isEmpty || isDue(work, .starved, at: now)
    }
}

// Running
extension Instance {
    private mutating func runOn(
        _ quantum: UInt64, at now: Instant, _ actions: inout [InstanceAction]
    ) {
        guard isRunnable(at: now) else { return }
        do throws(RunFailure) {
            if work == nil { work = try begin(at: now) }
            guard var work = self.work.take() else { return }
            // Whatever comes of it, it is there to be looked at.
            defer { self.work = submission == nil ? work : nil }
            let rest = try advance(&work, quantum, at: now)
            if try settle(&work, at: rest, now, &actions) {
                try submit(work, rest, at: now, &actions)
            }
        } catch {
            fail(error, &actions)
        }
    }

    /// Runs to a rest at which no further message can be taken up.
    private mutating func advance(
        _ work: inout Work, _ quantum: UInt64, at now: Instant
    ) throws(RunFailure) -> Rest {
        let before = work.run.used
        defer { gasUsed &+= work.run.used - before }
        var rest = try work.run.advance(quantum: quantum)
        for _ in 0..<Self.messagesPerRun {
            guard rest == .starved, !mustCut(work, rest, at: now), takesNext(&work) else { break }
            rest = try work.run.advance(quantum: quantum)
        }
        return rest
    }

    private func begin(at now: Instant) throws(RunFailure) -> Work {
        let footing = footing
        let surroundings = Surroundings(
            agent: identity.agent, time: consensusTime ?? now, answer: footing.answer?.answer)
        let run = try Run(
            of: program, from: footing.image, in: surroundings, gasLimit: identity.gasLimit)
        return Work(
            run: run, dependencies: footing.answer?.by.map { [$0] } ?? [],
            serves: footing.isServing)
    }

    /// Gives the next message to a run that reads, if it may have it.
    private mutating func takesNext(_ work: inout Work) -> Bool {
        guard let next = inbox.first, work.mayTake(next) else { return false }
        guard (try? work.take(next)) != nil else { return false }
        inbox.removeFirst()
        return true
    }

    /// Whether a run that rests is to be submitted; if not, asks for what lets it go on.
    ///
    /// - Throws: where it should be submitted and cannot.
    private func settle(
        _ work: inout Work, at rest: Rest, _ now: Instant, _ actions: inout [InstanceAction]
    ) throws(RunFailure) -> Bool {
        guard rest != .paused else {
            actions.append(.schedule)
            return false
        }
        guard mustCut(work, rest, at: now) else {
            work.isAsleep = rest == .starved
            if !work.isAsleep || inbox.first.map(work.mayTake) ?? false {
                actions.append(.schedule)
            } else if identity.policy.interval > 0, work.run.steps(at: rest) > 0 {
                actions.append(.wake(at: lastCut.advanced(byNanoseconds: identity.policy.interval)))
            }
            return false
        }
        if work.run.hasReadInput { return true }
        let isForced = rest == .exited || rest == .unanswered
        guard !isForced, work.run.yields < AgentLimits.turns else { throw .unreadInput }
        actions.append(.schedule)
        return false
    }

    private func mustCut(_ work: Work, _ rest: Rest, at now: Instant) -> Bool {
        switch rest {
        case .paused: return false
        case .exited, .unanswered: return true
        case .yielded, .starved: break
        }
        guard work.run.steps(at: rest) > 0 else { return false }
        let isFull = work.run.yields >= AgentLimits.turns
        let isBlocked = rest == .starved && (inbox.first.map { !work.mayTake($0) } ?? false)
        return work.serves || isFull || isBlocked || isDue(work, rest, at: now)
    }

    /// Half of what one transition may have: what comes next may need the other half.
    private func isLarge(_ work: Work) -> Bool {
        work.run.used >= identity.gasLimit / 2
            || work.run.touchedLeaves.count >= AgentLimits.leaves / 4
    }

    private func isDue(_ work: Work, _ rest: Rest, at now: Instant) -> Bool {
        let policy = identity.policy
        let steps = work.run.steps(at: rest)
        guard steps > 0 else { return false }
        let isTime = policy.interval > 0 && now.nanoseconds(since: lastCut) >= policy.interval
        let isLong = policy.steps > 0 && steps >= policy.steps
        if isRequested || cautiousTurns > 0 || isTime || isLong || isLarge(work) { return true }
        return policy.touchedBytes > 0
            && work.run.touchedWindowLeaves * ImageTree.leafBytes >= Int(policy.touchedBytes)
    }
}

// Transitions
extension Instance {
    private mutating func submit(
        _ work: Work, _ rest: Rest, at now: Instant, _ actions: inout [InstanceAction]
    ) throws(RunFailure) {
        guard let end = TransitionEnd(rest) else { return }
        let footing = footing
        let next = work.run.image(at: rest)
        let touched = work.run.touchedLeaves
        var nextTree = footing.tree
        nextTree.update(touched, of: next)
        let exchange = Exchange(
            answer: footing.answer?.answer, messages: work.run.messages,
            output: work.run.output, requests: work.run.requests)
        var header = TransitionHeader()
        (header.chain, header.agent) = (identity.chain, identity.agent)
        (header.program, header.sequence) = (program.identity, footing.sequence + 1)
        (header.attempt, header.time) = (attempt(at: header.sequence), work.run.time)
        (header.oldRoot, header.newRoot) = (footing.tree.root, nextTree.root)
        (header.end, header.effort) = (end, work.run.effort(at: rest))
        (header.exchange, header.dependencies) = (exchange.digest, work.dependencies)
        header.clock = TransitionHeader.clock(footing.clock, after: work.dependencies)
        let draft = TransitionDraft(
            header: header, exchange: exchange,
            evidence: .reexecution(
                Multiproof(of: touched, in: footing.tree, image: footing.image)))
        guard draft.byteCount <= AgentLimits.transitionBytes else { throw .tooLong }
        submission = Submission(
            draft: draft, image: next, tree: nextTree,
            isServing: work.serves && end == .unanswered, records: work.run.records)
        (isRequested, lastCut) = (false, now)
        actions.append(.submit(draft))
    }

    /// Drops the run; does again what it had done before.
    private mutating func fail(_ failure: RunFailure, _ actions: inout [InstanceAction]) {
        guard let lost = work else { return crash(failure, &actions) }
        work = nil
        if lost.hasProgress {
            inbox.insert(contentsOf: lost.given, at: 0)
            cautiousTurns = lost.given.count + lost.run.yields
            actions.append(.failed(failure, dropped: nil))
            actions.append(.schedule)
        } else if let last = lost.given.last {
            actions.append(.failed(failure, dropped: last.message))
            if !inbox.isEmpty { actions.append(.schedule) }
        } else {
            crash(failure, &actions)
        }
    }

    private mutating func crash(_ failure: RunFailure, _ actions: inout [InstanceAction]) {
        guard held.isEmpty else {
            // What was done before is submitted first; then it fails again.
            cautiousTurns = held.count + 1
            return gather(&actions)
        }
        isCrashed = true
        actions.append(.failed(failure, dropped: nil))
        actions.append(.crashed)
    }
}

// Verdicts
extension Instance {
    /// Takes over what the ledger says about this agent.
    private mutating func place(
        _ sequence: UInt64, _ root: Digest, _ actions: inout [InstanceAction]
    ) {
        let made = made
        let accepted = made.firstIndex {
            $0.draft.header.sequence == sequence && $0.draft.header.newRoot == root
        }
        if let accepted {
            giveUp()
            for each in made[...accepted] { accept(each, &actions) }
            doAgain(made[(accepted + 1)...])
        } else if sequence != self.sequence || root != tree.root {
            actions.append(.overtaken(sequence: sequence, root: root))
        } else if let submission {
            actions.append(.submit(submission.draft))
        }
    }

    private mutating func accept(_ accepted: Submission, _ actions: inout [InstanceAction]) {
        let header = accepted.draft.header
        (image, tree, isServing) = (accepted.image, accepted.tree, accepted.isServing)
        (sequence, clock) = (header.sequence, header.clock)
        if sequence >= signedThrough { attempt = firstAttempt }
        (end, answer) = (header.end, nil)
        cautiousTurns = max(0, cautiousTurns - 1)
        actions.append(
            .settled(
                sequence: sequence, output: accepted.draft.exchange.output,
                records: accepted.records))
        if end == .exited { actions.append(.ended) }
    }

    /// What was read is read again, or not, and another transition is signed, as a further attempt.
    /// What several had read is read again, and each of them is submitted alone.
    private mutating func refused(
        _ sequence: UInt64, _ root: Digest, keeps: Bool, _ actions: inout [InstanceAction]
    ) {
        let made = made
        guard !made.isEmpty else { return }
        guard sequence == self.sequence, root == tree.root, attempt < .max else {
            return place(sequence, root, &actions)
        }
        giveUp()
        if made.count > 1 { return doAgain(made[...]) }
        attempt += 1
        if keeps { inbox.insert(contentsOf: made[0].deliveries, at: 0) }
    }

    /// As if the run had failed: in smaller steps it may go well, and else its message is dropped.
    private mutating func withdraw(_ actions: inout [InstanceAction]) {
        let made = made
        guard let lost = made.first else { return }
        giveUp()
        if made.count > 1 { return doAgain(made[...]) }
        // It may have been sent before, when there was evidence.
        if attempt < .max { attempt += 1 }
        let (given, turns) = (lost.deliveries, Int(lost.draft.header.effort.turns))
        if turns > 1 || given.count > 1 {
            inbox.insert(contentsOf: given, at: 0)
            cautiousTurns = given.count + turns
            actions.append(.failed(.tooLong, dropped: nil))
        } else if let last = given.last {
            actions.append(.failed(.tooLong, dropped: last.message))
        } else {
            crash(.tooLong, &actions)
        }
    }
}
