// Obeys an orchestrator: its queue on disk, its requests to a node, judgements by a command.
import Discovery
import JSON
import Ledger
import Orchestrator
import Platform
import Primitives

/// One orchestrator with its surroundings. One thread.
final class OrchestratorShell {
    enum Judging {
        case acceptsAll
        case command(String)
        /// People judge, or nobody does.
        case leaves
    }

    private let queue: JobQueue
    private let acting: Acting
    private let store: NodeClient
    private let judging: Judging
    private let console: Console
    private let clock = SystemClock()
    private var machine: Orchestrator?
    private var inputs: [OrchestratorInput] = []
    /// What the round asks of the ledger.
    private var requests: [LedgerRequest] = []
    private var jobs: [JobID: Job] = [:]
    private var offers: Set<OfferID> = []
    /// Jobs of which a person was told that they wait.
    private var told: Set<Told> = []
    /// Programs that this process saw registered.
    private var programs: Set<Digest> = []

    private struct Told: Hashable {
        var job: JobID
        var milestone: UInt8
    }
    private var offersReadAt: UInt64?
    private var failures: UInt32 = 0
    private var isWaitingUntil: UInt64 = 0

    /// Nanoseconds between two readings of all offers, and between a node's failure and the next
    /// try.
    private static let offersAge = 2 * Nanoseconds.perSecond
    /// Entries of one operation, at most: with the terms of so many tasks it stays below its limit.
    private static let mostOfBatch = 256
    /// Operations about a task that are looked at, the newest ones.
    private static let mostDeeds: UInt64 = 1_000
    /// How long a command may judge.
    private static let judgingTime = 600 * Nanoseconds.perSecond

    init(
        queue: JobQueue, acting: Acting, store: NodeClient, judging: Judging, console: Console
    ) {
        (self.queue, self.acting, self.store) = (queue, acting, store)
        (self.judging, self.console) = (judging, console)
    }

    var isIdle: Bool { machine?.count == 0 && inputs.isEmpty && queue.arrivals().isEmpty }

    func start(_ settings: OrchestratorSettings) throws(CommandFailure) {
        for case .job(let job) in queue.entries { jobs[job.id] = job }
        for case .saga(let saga) in queue.entries {
            for step in saga.steps {
                jobs[step.job.id] = step.job
                if let job = step.compensation { jobs[job.id] = job }
            }
        }
        machine = Orchestrator(
            poster: acting.account, settings: settings, seed: UInt64.random(in: 0 ... .max),
            entries: queue.entries, at: clock.now())
        console.note("\(machine?.count ?? 0) jobs are open")
        inputs.append(.start)
    }

    /// One round: new jobs, offers where it is time, and everything that follows.
    func round() throws(CommandFailure) {
        guard clock.monotonicNanoseconds() >= isWaitingUntil else { return }
        do {
            try readOffers()
        } catch {
            guard isPassing(error) else { throw error }
            return rest(error)
        }
        for (file, job) in queue.arrivals() {
            jobs[job.id] = job
            try step(.submit(job))
            queue.forget(file)
        }
        var next = inputs
        inputs.removeAll()
        if next.isEmpty { next = [.tick] }
        for input in next { try step(input) }
        try give()
    }

    /// Gives the ledger what the round asked for, as one operation where that is possible.
    private func give() throws(CommandFailure) {
        let asked = requests
        requests.removeAll()
        var rest = asked[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.mostOfBatch)
            rest = rest.dropFirst(part.count)
            if part.count > 1, try isGivenTogether(Array(part)) {
                for request in part {
                    note(request)
                    inputs.append(.answered(request, .done))
                }
                continue
            }
            for request in part {
                inputs.append(.answered(request, try outcome(of: request)))
            }
        }
    }

    /// Whether all were carried out as one batch. What was passed over is not told one by one, so
    /// each is given again by itself: the ledger says which had been done.
    private func isGivenTogether(_ part: [LedgerRequest]) throws(CommandFailure) -> Bool {
        // Batches are for owners' own accounts.
        guard acting.account == AccountID(acting.owner) else { return false }
        let entries = part.compactMap { request -> TaskBatch.Entry? in
            // Moves of challenges are for operations of their own; a run's program must be there.
            guard jobs[request.job]?.verification.run == nil else { return nil }
            guard let move = Self.move(of: request) else {
                return jobs[request.job].map { .post(number: $0.number, $0.terms) }
            }
            return .move(request.task, move)
        }
        guard entries.count == part.count else { return false }
        return try passing { () throws(CommandFailure) in
            try acting.give(.batch(TaskBatch(account: acting.account, entries: entries)))
        } == .done
    }

    private func step(_ input: OrchestratorInput) throws(CommandFailure) {
        var actions: [OrchestratorAction] = []
        machine?.step(input, at: clock.now(), into: &actions)
        // One sync for all that a step records: nothing before it is seen outside.
        let entries = actions.compactMap { if case .record(let entry) = $0 { entry } else { nil } }
        if !entries.isEmpty { try queue.record(entries) }
        for action in actions { try obey(action) }
    }

    // MARK: Actions

    private func obey(_ action: OrchestratorAction) throws(CommandFailure) {
        switch action {
        case .record, .wake: break
        case .give(let request): requests.append(request)
        case .look(let task): try look(task)
        case .judge(let job, let task, let milestone, let result):
            try judge(job, task, milestone, result)
        case .finished(let job, let end): console.print("job \(job.hex) \(end)")
        case .sagaFinished(let saga, let end): console.print("saga \(saga.hex) \(end)")
        case .turnedAway(let job): console.complain("job \(job.hex) is turned away")
        }
    }

    private func outcome(of request: LedgerRequest) throws(CommandFailure) -> RequestOutcome {
        note(request)
        if request.step == .answer { return try answer(request) }
        guard let move = Self.move(of: request) else {
            guard let job = jobs[request.job] else { return .refused }
            try registerProgram(of: job)
            return try passing { () throws(CommandFailure) in
                try acting.give(
                    .post(
                        by: acting.account, number: job.number, mandate: MandateID(), job.terms))
            }
        }
        return try passing { () throws(CommandFailure) in
            try acting.move(request.task, move)
        }
    }

    private func note(_ request: LedgerRequest) {
        switch request.step {
        case .assign(let worker):
            console.note("task \(short(request.task.hex)) to \(short(worker.hex))")
        case .expire: console.note("task \(short(request.task.hex)) has run out")
        case .challenge:
            console.note("task \(short(request.task.hex)): the run is wrong, challenged")
        case .post, .accept, .dispute, .answer: break
        }
    }

    /// Nil where a task is to be posted.
    private static func move(of request: LedgerRequest) -> TaskMove? {
        switch request.step {
        case .post, .answer: nil
        case .assign(let worker): .assign(worker)
        case .accept: .accept
        case .dispute: .dispute(Digest())
        case .expire: .expire
        case .challenge(let deposit): .challenge(deposit: deposit)
        }
    }

    /// What a request to the node gives; `unknown` where it cannot be reached now.
    private func passing(
        _ body: () throws(CommandFailure) -> RequestOutcome
    ) throws(CommandFailure) -> RequestOutcome {
        do {
            return try body()
        } catch {
            guard isPassing(error) else { throw error }
            console.complain(error.sentence)
            return .unknown
        }
    }

    private func look(_ task: PostedTaskID) throws(CommandFailure) {
        do {
            let answer = try acting.sender.client.get("/v1/tasks/\(task.hex)")
            guard var report = TaskReport(answer) else { return }
            let level = answer.text("terms", "verification", "kind")
            if report.state == .verifying, level == "reexecuted" {
                report.wasChallenged = try wasChallenged(task)
            }
            inputs.append(.task(report))
        } catch {
            if case .problem(let problem) = error, problem.status == 404 {
                inputs.append(.taskUnknown(task))
            } else if !isPassing(error) {
                throw error
            }
        }
    }

    /// Whether the history of a task holds a challenge of ours that was heard: this process need
    /// not be the one that made it.
    private func wasChallenged(_ task: PostedTaskID) throws(CommandFailure) -> Bool {
        let deeds = try acting.sender.client.items(
            "/v1/operations", query: [("subject", task.hex)], limit: Self.mostDeeds)
        let history = deeds.compactMap { deed -> ChallengeDeed? in
            guard deed.text("chapter") == "task", deed.text("outcome") == "done" else { return nil }
            return switch deed.text("verb") {
            case "challenge": AccountID(hex: deed.text("account")).map { .challenged(by: $0) }
            case "show": .shown
            case "expire": .expired
            default: nil
            }
        }
        return ChallengeDeed.isHeard(by: acting.account, in: history)
    }

    private func judge(
        _ id: JobID, _ task: PostedTaskID, _ milestone: UInt8, _ result: Digest
    ) throws(CommandFailure) {
        if let job = jobs[id], job.verification.run != nil {
            guard let work = try work(job, task) else { return }
            inputs.append(.judged(id, milestone: milestone, isAccepted: work.isClaimRight))
            return
        }
        switch judging {
        case .acceptsAll: inputs.append(.judged(id, milestone: milestone, isAccepted: true))
        case .leaves:
            guard told.insert(Told(job: id, milestone: milestone)).inserted else { return }
            console.note("task \(task.hex) waits for a judgement")
        case .command(let line):
            do {
                let bytes = try store.bytes("/v1/payloads/\(result.hex)")
                let run = try PipedRun(line, input: bytes, within: Self.judgingTime)
                // Only these two are an answer; the machine asks again after another.
                if run.status <= 1, !run.isLate {
                    inputs.append(
                        .judged(id, milestone: milestone, isAccepted: run.status == 0))
                }
            } catch {
                console.complain(error.sentence)
            }
        }
    }

    // MARK: Runs

    /// The run that a job asks for, with its task as it stands; nil where the node cannot tell now.
    private func work(
        _ job: Job, _ task: PostedTaskID
    ) throws(CommandFailure) -> TaskWork? {
        do {
            guard let run = try store.run(of: job.specification) else {
                console.complain("the node does not keep the program of job \(job.id.hex)")
                return nil
            }
            return try TaskWork(
                try acting.sender.client.get("/v1/tasks/\(task.hex)"), program: run.program,
                input: run.input)
        } catch {
            guard isPassing(error) else { throw error }
            console.complain(error.sentence)
            return nil
        }
    }

    /// Makes the challenger's next move.
    private func answer(_ request: LedgerRequest) throws(CommandFailure) -> RequestOutcome {
        guard let job = jobs[request.job], let work = try work(job, request.task) else {
            return .unknown
        }
        guard work.task.text("state") == "challenged" else { return .moved }
        let move: TaskMove
        do { move = try work.answer() } catch {
            console.complain(error.sentence)
            return .refused
        }
        return try passing { () throws(CommandFailure) in
            try acting.move(request.task, move)
        }
    }

    /// A run's program must be on the ledger before its task.
    private func registerProgram(of job: Job) throws(CommandFailure) {
        guard let wanted = job.verification.run?.program, !programs.contains(wanted) else { return }
        do {
            guard let run = try store.run(of: job.specification) else { return }
            try TaskTermsOptions.register(run.program, acting.sender)
            programs.insert(wanted)
        } catch {
            // Posting says what is missing.
            console.complain(error.sentence)
        }
    }

    // MARK: The node

    /// Failures that are over when the node is there again.
    private func isPassing(_ failure: CommandFailure) -> Bool {
        switch failure {
        case .unreachable: true
        case .problem(let problem): problem.code == .unreachable || problem.status >= 500
        default: false
        }
    }

    private func rest(_ failure: CommandFailure) {
        failures = min(failures, 1_000) + 1
        console.complain(failure.sentence)
        let wait = WorkPace.backoff.wait(
            after: failures, chance: UInt64.random(in: 0 ... .max))
        isWaitingUntil = clock.monotonicNanoseconds() &+ wait
    }

    private func readOffers() throws(CommandFailure) {
        let now = clock.monotonicNanoseconds()
        if let readAt = offersReadAt, now &- readAt < Self.offersAge { return }
        let known = try described()
        var found: Set<OfferID> = []
        for value in try acting.sender.client.items("/v1/offers", limit: 100_000) {
            guard value["listed"]?.bool == true, var provider = Provider(value) else { continue }
            if let service = known[provider.offer] { provider.service = service }
            found.insert(provider.offer)
            try step(.provider(provider))
        }
        for gone in offers.subtracting(found).sorted() { try step(.providerGone(gone)) }
        (offers, offersReadAt, failures) = (found, now, 0)
    }

    /// What the node knows of services beyond their offers: cards, regions, reputation.
    private func described() throws(CommandFailure) -> [OfferID: Listing] {
        var known: [OfferID: Listing] = [:]
        let answer = try acting.sender.client.get(
            "/v1/discover", query: [("limit", "500"), ("form", "offer")])
        for value in answer.list("items") {
            guard let offer = OfferID(hex: value.text("offer")) else { continue }
            var service = Listing(
                id: ListingID(offer), text: value.text("text"),
                price: value.amount("pricePerUnit"), capacity: value.number("capacity"),
                load: value.number("load"))
            service.region = value.text("region")
            let reputation: UInt64? = value["reputation"]?.integer()
            service.reputation = reputation.map { UInt32(clamping: $0) }
            known[offer] = service
        }
        return known
    }
}

extension Provider {
    /// An offer as a node writes it; nil where something is missing.
    init?(_ value: JSONValue) {
        guard let offer = OfferID(hex: value.text("offer")),
            let seller = AccountID(hex: value.text("seller"))
        else { return nil }
        self.init(
            offer: offer, seller: seller,
            since: Instant(nanoseconds: value.number("referenceSince")),
            service: Listing(
                id: ListingID(offer), text: value.text("name"),
                price: value.amount("pricePerUnit"), capacity: value.number("capacity"),
                load: value.number("load")))
    }
}
