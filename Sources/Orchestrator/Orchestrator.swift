// The orchestrator: brings jobs to whom can do them, as a client of the ledger, and forgets none.
//
// A job becomes a task under a number that follows from its name, so that posting it twice is
// refused the second time; a task is assigned by a move that the ledger makes once. Whatever is
// lost, late or doubled between the two, the ledger's state of the task decides, and the
// orchestrator looks there whenever it is in doubt. What it must remember itself is in the entries
// it asks to be recorded: jobs, judgements, ends. docs/spec/orchestrator.md is the rule book.
import Discovery
import Ledger
import Primitives

/// One poster's orchestrator, a value.
public struct Orchestrator: Sendable {
    public let settings: OrchestratorSettings
    /// Whose tasks they are.
    public let poster: AccountID
    var chance: SeededGenerator
    /// Looked up only, as all dictionaries here.
    var jobs: [JobID: JobState] = [:]
    private var jobOf: [PostedTaskID: JobID] = [:]
    /// Jobs in the order in which they came; those that ended are dropped now and then.
    private var order: [JobID] = []
    /// Jobs on the ledger that nobody has, in the order in which they came there.
    var open: [JobID] = []
    var providers: [OfferID: ProviderState] = [:]
    var offerOf: [AccountID: OfferID] = [:]
    var catalogue = Catalogue()
    /// Who can do jobs of the same wish; empty after a provider changed.
    var candidates: [Wish: [OfferID]] = [:]
    var given = 0
    /// What the last pairs cost, for the market's breaker.
    var prices: [Amount] = []
    private var sagas: [JobID: SagaProgress] = [:]
    private var ended: Set<JobID> = []
    private var deadlines = Deadlines()

    /// What a job asks of its provider.
    struct Wish: Hashable {
        var words: String
        var filter: ListingFilter
    }

    /// - Parameters:
    ///   - seed: chance for waiting times; from outside.
    ///   - entries: everything that was recorded before, in order.
    public init(
        poster: AccountID, settings: OrchestratorSettings, seed: UInt64, entries: [QueueEntry],
        at now: Instant
    ) {
        (self.poster, self.settings) = (poster, settings)
        chance = SeededGenerator(seed: seed)
        for entry in entries {
            switch entry {
            case .job(let job): add(job, nil, at: now)
            case .saga(let saga): add(saga, at: now)
            case .judged(let id, let milestone, let isAccepted):
                jobs[id]?.judgement = (milestone, isAccepted)
            case .ended(let id, let end): _ = close(id, end, at: now)
            }
        }
    }

    /// Jobs that are not ended.
    public var count: Int { jobs.count }
    /// Of them, those that wait for somebody.
    public var waiting: Int { open.count }

    // MARK: Inputs

    public mutating func step(
        _ input: OrchestratorInput, at now: Instant, into actions: inout [OrchestratorAction]
    ) {
        switch input {
        case .start: start(at: now, &actions)
        case .submit(let job): submit(job, at: now, &actions)
        case .submitSaga(let saga): submit(saga, at: now, &actions)
        case .provider(let provider): take(provider)
        case .providerGone(let offer): drop(offer)
        case .task(let report):
            if let id = jobOf[report.task] { take(report, of: id, at: now, &actions) }
        case .taskUnknown(let task):
            if let id = jobOf[task] { takeUnknown(id, at: now, &actions) }
        case .answered(let request, let outcome): take(outcome, of: request, at: now, &actions)
        case .judged(let id, let milestone, let isAccepted):
            judge(id, milestone, isAccepted, at: now, &actions)
        case .tick: break
        }
        while let (id, time) = deadlines.take(at: now) {
            guard jobs[id]?.wakeAt == time else { continue }
            jobs[id]?.wakeAt = nil
            wake(id, at: now, &actions)
        }
        dispatch(at: now, &actions)
        if let next = deadlines.first { actions.append(.wake(next)) }
    }

    private mutating func start(at now: Instant, _ actions: inout [OrchestratorAction]) {
        order.removeAll { jobs[$0] == nil }
        for id in order { look(id, at: now, &actions) }
    }

    private mutating func submit(
        _ job: Job, at now: Instant, _ actions: inout [OrchestratorAction]
    ) {
        guard jobs[job.id] == nil, !ended.contains(job.id) else { return }
        guard job.isValid, jobs.count < settings.mostJobs else {
            return actions.append(.turnedAway(job.id))
        }
        actions.append(.record(.job(job)))
        add(job, nil, at: now)
        request(.post, of: job.id, at: now, &actions)
    }

    private mutating func submit(
        _ saga: Saga, at now: Instant, _ actions: inout [OrchestratorAction]
    ) {
        guard sagas[saga.id] == nil else { return }
        let isKnown = saga.jobs.contains { jobs[$0.id] != nil || ended.contains($0.id) }
        guard saga.isValid, !isKnown, jobs.count < settings.mostJobs else {
            return actions.append(.turnedAway(saga.id))
        }
        actions.append(.record(.saga(saga)))
        add(saga, at: now)
        if let first = sagas[saga.id]?.current?.id { request(.post, of: first, at: now, &actions) }
    }

    private mutating func judge(
        _ id: JobID, _ milestone: UInt8, _ isAccepted: Bool, at now: Instant,
        _ actions: inout [OrchestratorAction]
    ) {
        // One about a part that is paid is old; there is none about a part to come.
        guard let state = jobs[id], milestone == state.paid, state.verdict == nil else { return }
        actions.append(.record(.judged(id, milestone: milestone, isAccepted: isAccepted)))
        jobs[id]?.judgement = (milestone, isAccepted)
        if state.phase == .judging { obey(isAccepted, on: id, at: now, &actions) }
    }

    // MARK: Jobs

    private mutating func add(_ job: Job, _ saga: JobID?, at now: Instant) {
        guard jobs[job.id] == nil, !ended.contains(job.id) else { return }
        var state = JobState(job, task: job.task(of: poster), since: now)
        state.saga = saga
        jobs[job.id] = state
        jobOf[state.task] = job.id
        order.append(job.id)
    }

    private mutating func add(_ saga: Saga, at now: Instant) {
        guard sagas[saga.id] == nil else { return }
        let progress = SagaProgress(saga)
        sagas[saga.id] = progress
        if let job = progress.current { add(job, saga.id, at: now) }
    }

    /// Takes a job out; the next one of its saga comes in.
    ///
    /// - Returns: the saga, where it is of one.
    private mutating func close(_ id: JobID, _ end: JobEnd, at now: Instant) -> SagaProgress? {
        guard let state = jobs[id] else { return nil }
        release(id)
        jobs[id] = nil
        jobOf[state.task] = nil
        ended.insert(id)
        if state.phase == .open { open.removeAll { $0 == id } }
        if order.count > 2 * jobs.count + 64 { order.removeAll { jobs[$0] == nil } }
        guard let saga = state.saga else { return nil }
        sagas[saga]?.ended(id, end)
        if let next = sagas[saga]?.current { add(next, saga, at: now) }
        return sagas[saga]
    }

    mutating func end(
        _ id: JobID, _ how: JobEnd, at now: Instant, _ actions: inout [OrchestratorAction]
    ) {
        actions.append(.record(.ended(id, how)))
        let saga = close(id, how, at: now)
        actions.append(.finished(id, how))
        guard let saga else { return }
        if let end = saga.end { actions.append(.sagaFinished(saga.saga.id, end)) }
        if let next = saga.current?.id { request(.post, of: next, at: now, &actions) }
    }

    /// Sets the only timer of a job.
    mutating func wake(_ id: JobID, after nanoseconds: UInt64, from now: Instant) {
        let time = now.advanced(byNanoseconds: nanoseconds)
        jobs[id]?.wakeAt = time
        deadlines.add(id, at: time)
    }
}
