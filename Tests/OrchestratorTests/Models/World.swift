// A ledger, workers, verifiers and an orchestrator in virtual time, with faults from a seed.
import Agents
import Cryptography
import Discovery
import Ledger
import PVM
import Primitives
import Records
import TestSupport
import Testing

@testable import Orchestrator

/// Everything between the orchestrator and the ledger may be lost, late or doubled; workers die
/// and come back; the orchestrator forgets all but what was recorded.
struct World {
    enum Event {
        case tell(OrchestratorInput)
        case reach(LedgerRequest)
        case look(PostedTaskID)
        case work(Int)
        case restart
    }

    struct Person {
        let key: SigningKey
        let owner: OwnerID
        var sequence: UInt64 = 0
        var account: AccountID { AccountID(owner) }
    }

    private(set) var state: LedgerState
    private let chain: Digest
    private(set) var people: [Person] = []
    private(set) var machine: Orchestrator
    private(set) var entries: [QueueEntry] = []
    private(set) var finished: [JobID: [JobEnd]] = [:]
    private(set) var sagas: [SagaEnd] = []
    /// Tasks that the ledger took, each as often as it took it.
    private(set) var posted: [PostedTaskID] = []
    private(set) var now = Instant(nanoseconds: 1_800_000_000 * Nanoseconds.perSecond)
    private var queue: [(time: Instant, number: UInt64, event: Event)] = []
    private var number: UInt64 = 0
    private var chance: SeededGenerator
    private let settings: OrchestratorSettings
    private let peace: Instant
    private var wakes: Instant?
    /// Whether what is delivered for a milestone is right.
    let isAccepted: @Sendable (JobID, UInt8) -> Bool
    private let firstVerifier: Int

    init(
        seed: UInt64, workers: Int, settings: OrchestratorSettings,
        isAccepted: @escaping @Sendable (JobID, UInt8) -> Bool
    ) throws {
        chance = SeededGenerator(seed: seed)
        (self.settings, self.isAccepted) = (settings, isAccepted)
        firstVerifier = workers + 1
        peace = now.advanced(byNanoseconds: 120 * Nanoseconds.perSecond)
        for index in 0...workers + Self.verifierCount {
            let seed = [UInt8](repeating: UInt8(index + 1), count: 32)
            let key = try #require(SigningKey(seed: seed))
            people.append(Person(key: key, owner: OwnerID(firstKey: key.publicKey)))
        }
        let committee = try #require(Committee([people[0].key.publicKey]))
        let genesis = try #require(Genesis(name: "world", created: now, committee: committee))
        chain = genesis.digest
        state = LedgerState(genesis: genesis)
        machine = Orchestrator(
            poster: people[0].account, settings: settings, seed: seed, entries: [], at: now)
        for index in people.indices {
            try give(.owner(.register(name: "person \(index)")), by: index)
        }
        try give(.transition(.register(program: RunWork.program.encoded)), by: 0)
        for index in people.indices.dropFirst(workers + 1) { add(.work(index), after: 1_000) }
        for index in 1...workers {
            let terms = OfferTerms(
                name: "works", pricePerUnit: Amount(nanoCredits: UInt128(index)), capacity: 3)
            try give(.law(.offer(.list(by: people[index].account, number: 1, terms))), by: index)
            let id = OfferID(of: people[index].account, number: 1)
            guard case .offer(let offer)? = state.law(.offer(id)) else { continue }
            add(.tell(.provider(Provider(offer))), after: 0)
            add(.work(index), after: 1_000)
        }
    }

    var isQuiet: Bool { now >= peace }
    static let verifierCount = 2
    /// Who does redundant work again.
    static var verifiers: [AccountID] {
        // Those behind four workers.
        (5..<5 + verifierCount).compactMap { index in
            SigningKey(seed: [UInt8](repeating: UInt8(index + 1), count: 32)).map {
                AccountID(OwnerID(firstKey: $0.publicKey))
            }
        }.sorted()
    }

    private mutating func give(_ command: Ledger::Command, by index: Int) throws {
        let person = people[index]
        let operation = SignedOperation(
            chain: chain, owner: person.owner, sequence: person.sequence + 1, command: command,
            key: person.key)
        _ = try Ledger::Ledger.apply(operation, at: now, to: &state)
        people[index].sequence += 1
    }

    func task(_ id: PostedTaskID) -> PostedTask? {
        if case .task(let task)? = state.law(.task(id)) { return task }
        return nil
    }

    // MARK: Time

    /// Milliseconds.
    mutating func add(_ event: Event, after delay: UInt64) {
        number += 1
        let time = now.advanced(byNanoseconds: delay * Nanoseconds.perMillisecond)
        queue.append((time, number, event))
    }

    private func odds(_ parts: UInt64, _ chance: inout SeededGenerator) -> Bool {
        chance.next() % 100 < parts
    }

    /// A message: sometimes it never comes, sometimes twice, sometimes much later.
    private mutating func send(_ event: Event) {
        var copies = 1
        if !isQuiet {
            if odds(12, &chance) { copies = 0 }
            if odds(12, &chance) { copies += 1 }
        }
        for _ in 0..<copies {
            let isSlow = !isQuiet && odds(10, &chance)
            add(event, after: chance.next() % (isSlow ? 20_000 : 50))
        }
    }

    /// Runs until everything has ended.
    ///
    /// - Returns: false where it has not after so many events.
    mutating func run(events: Int) -> Bool {
        for _ in 0..<events {
            guard machine.count > 0 || !isQuiet else { return true }
            guard
                let next = queue.indices.min(by: {
                    (queue[$0].time, queue[$0].number) < (queue[$1].time, queue[$1].number)
                })
            else { return machine.count == 0 }
            if let wakes, wakes < queue[next].time {
                now = max(now, wakes)
                self.wakes = nil
                tell(.tick)
                continue
            }
            let event = queue.remove(at: next)
            now = max(now, event.time)
            handle(event.event)
        }
        return machine.count == 0
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .tell(let input): tell(input)
        case .reach(let request): reach(request)
        case .look(let id):
            send(.tell(task(id).map { .task(TaskReport($0)) } ?? .taskUnknown(id)))
        case .work(let index): work(index)
        case .restart: restart()
        }
    }

    // MARK: The orchestrator

    mutating func tell(_ input: OrchestratorInput) {
        var actions: [OrchestratorAction] = []
        machine.step(input, at: now, into: &actions)
        for action in actions {
            // A crash between two actions: what follows is not done.
            if !isQuiet, odds(1, &chance) { return restart() }
            switch action {
            case .record(let entry): entries.append(entry)
            case .give(let request): send(.reach(request))
            case .look(let task): send(.look(task))
            case .judge(let job, _, let milestone, _):
                let isRight = isAccepted(job, milestone)
                send(.tell(.judged(job, milestone: milestone, isAccepted: isRight)))
            case .finished(let job, let end): finished[job, default: []].append(end)
            case .sagaFinished(_, let end): sagas.append(end)
            case .turnedAway(let id): Issue.record("\(id) was turned away")
            case .wake(let time): wakes = time
            }
        }
    }

    private mutating func restart() {
        machine = Orchestrator(
            poster: people[0].account, settings: settings, seed: chance.next(), entries: entries,
            at: now)
        wakes = nil
        for index in 1..<firstVerifier {
            let id = OfferID(of: people[index].account, number: 1)
            if case .offer(let offer)? = state.law(.offer(id)) {
                add(.tell(.provider(Provider(offer))), after: 1)
            }
        }
        add(.tell(.start), after: 2)
    }

    // MARK: The ledger

    private mutating func reach(_ request: LedgerRequest) {
        let poster = people[0].account
        let command: TaskCommand
        switch request.step {
        case .post:
            guard let job = job(request.job) else { return }
            command = .post(
                by: poster, number: job.number, mandate: MandateID(), job.terms)
        case .assign(let worker): command = .move(by: poster, request.task, .assign(worker))
        case .accept: command = .move(by: poster, request.task, .accept)
        case .dispute: command = .move(by: poster, request.task, .dispute(Digest()))
        case .expire: command = .move(by: poster, request.task, .expire)
        case .challenge(let deposit):
            command = .move(by: poster, request.task, .challenge(deposit: deposit))
        case .answer:
            Issue.record("no worker here speaks when it is challenged")
            return
        }
        var outcome = RequestOutcome.done
        do {
            try give(.law(.task(command)), by: 0)
            if request.step == .post { posted.append(request.task) }
        } catch {
            outcome = .unknown
            if case .law(let failure)? = error as? LedgerFailure {
                let name = String(failure.name.prefix { $0 != "(" })
                outcome = RequestOutcome(refusal: name)
            }
        }
        send(.tell(.answered(request, outcome)))
    }

    /// Jobs as they were recorded.
    private func job(_ id: JobID) -> Job? {
        for entry in entries {
            switch entry {
            case .job(let job) where job.id == id: return job
            case .saga(let saga):
                if let job = saga.jobs.first(where: { $0.id == id }) { return job }
            default: continue
            }
        }
        return nil
    }

    // MARK: Workers

    /// Once a second: begins what is assigned, delivers what was begun; or is dead for a while.
    private mutating func work(_ index: Int) {
        if !isQuiet, odds(6, &chance) { return add(.work(index), after: 40_000) }
        add(.work(index), after: 1_000)
        let mine = posted.compactMap(task).filter { $0.worker == people[index].account }
        if index >= firstVerifier { verify(by: index) }
        for task in mine {
            let move: TaskMove
            switch task.state {
            case .assigned: move = .begin
            case .executing where isQuiet || odds(50, &chance):
                move = delivery(of: task, by: index)
            default: continue
            }
            try? give(
                .law(.task(.move(by: people[index].account, task.id, move))), by: index)
        }
    }

    private func delivery(of task: PostedTask, by index: Int) -> TaskMove {
        guard task.terms.verification.run != nil else {
            return .deliver(Digest(people[index].account))
        }
        return .deliverRun(isRight(task) ? RunWork.claim : RunWork.lie)
    }

    private func isRight(_ task: PostedTask) -> Bool {
        let job = entries.lazy.compactMap { entry -> Job? in
            guard case .job(let job) = entry, job.task(of: people[0].account) == task.id else {
                return nil
            }
            return job
        }.first
        return job.map { isAccepted($0.id, task.paid) } ?? true
    }

    /// Says of everything that is to be verified what came out of it.
    private mutating func verify(by index: Int) {
        let account = people[index].account
        for task in posted.compactMap(task) where task.state == .verifying {
            guard case .redundant(_, let verifiers, _) = task.terms.verification,
                verifiers.contains(account),
                !task.confirmations.contains(where: { $0.verifier == account })
            else { continue }
            let result = isRight(task) ? task.result : Digest()
            try? give(.law(.task(.move(by: account, task.id, .confirm(result)))), by: index)
        }
    }
}

/// The run that re-executed jobs ask for.
enum RunWork {
    static let input: [UInt64] = [3, 4, 9]
    static let program: AgentProgram = {
        let parts = try? Assembly(TestPrograms.summer, revision: .grayPaper071).parts
        let bytes = parts.flatMap { try? StandardProgram($0, revision: .grayPaper071).encoded }
        guard let program = bytes.flatMap({ try? AgentProgram(decoding: $0) }) else {
            preconditionFailure("the program is one")
        }
        return program
    }()
    static let rules = Reexecution(
        deposit: Amount(nanoCredits: 7), reward: Amount(nanoCredits: 5), rounds: 2)
    static let verification = Verification.reexecuted(
        TaskRun(program: program.identity, input: input), rules)

    static let claim: RunClaim = {
        guard var run = Computation(of: program, input: input) else {
            preconditionFailure("the program runs")
        }
        run.advance(to: .max)
        return RunClaim(of: run.state)
    }()

    /// Another output.
    static let lie: RunClaim = {
        var lie = claim
        lie.output = lie.root
        return lie
    }()
}
