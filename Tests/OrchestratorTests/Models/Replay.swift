// Recorded work done again: each piece a job at its time, done by simulated workers, on the ledger.
import Cryptography
import Discovery
import Ledger
import Primitives
import Records
import Testing

@testable import Orchestrator

/// A piece of recorded work.
struct RecordedWork {
    /// Nanoseconds from the first one.
    var start: UInt64
    /// Nanoseconds that it takes.
    var duration: UInt64
    var price: Amount
    var result: Digest
    var isGood: Bool
}

/// Nothing is lost here: what is measured is that the money comes out right.
struct Replay {
    private struct Event: Comparable {
        enum What {
            case submit(Int)
            case deliver(Int, PostedTaskID)
            case tick
        }

        var time: Instant
        var number: UInt64
        var what: What

        static func < (left: Event, right: Event) -> Bool {
            (left.time, left.number) < (right.time, right.number)
        }

        static func == (left: Event, right: Event) -> Bool { left.number == right.number }
    }

    private(set) var state: LedgerState
    private(set) var ends: [JobEnd: Int] = [:]
    let poster: AccountID
    let workers: [AccountID]
    private let chain: Digest
    private let keys: [SigningKey]
    private var sequences: [UInt64]
    private var machine: Orchestrator
    private let work: [RecordedWork]
    private var events: [Event] = []
    private var inputs: [OrchestratorInput] = []
    private var number: UInt64 = 0
    private var places: [JobID: Int] = [:]
    private var now = Instant(nanoseconds: 1_800_000_000 * Nanoseconds.perSecond)

    init(_ work: [RecordedWork], workers count: Int, capacity: UInt64) throws {
        self.work = work
        let begin = now
        keys = (0...count).compactMap {
            SigningKey(seed: [UInt8](repeating: UInt8($0 + 1), count: 32))
        }
        let accounts = keys.map { AccountID(OwnerID(firstKey: $0.publicKey)) }
        (poster, workers) = (accounts[0], Array(accounts.dropFirst()))
        let committee = try #require(Committee([keys[0].publicKey]))
        let genesis = try #require(Genesis(name: "replay", created: now, committee: committee))
        (chain, state) = (genesis.digest, LedgerState(genesis: genesis))
        sequences = keys.map { _ in 0 }
        var settings = OrchestratorSettings()
        settings.policy = .leastConnections
        machine = Orchestrator(
            poster: poster, settings: settings, seed: 1, entries: [], at: begin)
        for index in keys.indices { try give(.owner(.register(name: "p\(index)")), by: index) }
        for index in 1...count {
            let terms = OfferTerms(
                name: "works", pricePerUnit: Amount(nanoCredits: 1), capacity: capacity)
            try give(.law(.offer(.list(by: accounts[index], number: 1, terms))), by: index)
            let id = OfferID(of: accounts[index], number: 1)
            if case .offer(let offer)? = state.law(.offer(id)) {
                inputs.append(.provider(Provider(offer)))
            }
        }
        for (place, piece) in work.enumerated() {
            let job = job(place)
            places[job.id] = place
            add(.submit(place), at: begin.advanced(byNanoseconds: piece.start))
        }
    }

    private func job(_ place: Int) -> Job {
        var job = Job(
            id: MatchingTests.bytes(place), specification: work[place].result,
            price: work[place].price)
        job.times.deliver = Nanoseconds.perDay
        return job
    }

    private mutating func give(_ command: Ledger::Command, by index: Int) throws {
        sequences[index] += 1
        let operation = SignedOperation(
            chain: chain, owner: OwnerID(firstKey: keys[index].publicKey),
            sequence: sequences[index], command: command, key: keys[index])
        _ = try Ledger::Ledger.apply(operation, at: now, to: &state)
    }

    // MARK: Time

    private mutating func add(_ what: Event.What, at time: Instant) {
        number += 1
        events.append(Event(time: time, number: number, what: what))
        var place = events.count - 1
        while place > 0, events[place] < events[(place - 1) / 2] {
            events.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func next() -> Event? {
        guard let first = events.first, let last = events.popLast() else { return nil }
        guard !events.isEmpty else { return first }
        events[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < events.count && events[child] < events[least] { least = child }
            guard least != place else { return first }
            events.swapAt(place, least)
            place = least
        }
    }

    /// Until all work has ended.
    mutating func run() throws {
        try settle()
        while machine.count > 0 || !events.isEmpty, let event = next() {
            now = max(now, event.time)
            switch event.what {
            case .submit(let place): inputs.append(.submit(job(place)))
            case .deliver(let worker, let task): try deliver(task, by: worker)
            case .tick: inputs.append(.tick)
            }
            try settle()
        }
    }

    private mutating func settle() throws {
        while !inputs.isEmpty {
            var actions: [OrchestratorAction] = []
            machine.step(inputs.removeFirst(), at: now, into: &actions)
            for action in actions { try obey(action) }
        }
    }

    private mutating func obey(_ action: OrchestratorAction) throws {
        switch action {
        case .record, .turnedAway, .sagaFinished: break
        // Somebody always delivers, and times are long: the timers have nothing to do.
        case .wake: break
        case .give(let request): try reach(request)
        case .look(let id):
            if case .task(let task)? = state.law(.task(id)) {
                inputs.append(.task(TaskReport(task)))
            }
        case .judge(let job, _, let milestone, _):
            let isGood = work[places[job] ?? 0].isGood
            inputs.append(.judged(job, milestone: milestone, isAccepted: isGood))
        case .finished(_, let end): ends[end, default: 0] += 1
        }
    }

    private mutating func reach(_ request: LedgerRequest) throws {
        let place = places[request.job] ?? 0
        let job = job(place)
        let move: TaskMove
        switch request.step {
        case .post:
            let post = TaskCommand.post(
                by: poster, number: job.number, mandate: MandateID(), job.terms)
            try give(.law(.task(post)), by: 0)
            return inputs.append(.answered(request, .done))
        case .assign(let worker): move = .assign(worker)
        case .accept: move = .accept
        case .dispute: move = .dispute(Digest())
        case .expire: move = .expire
        case .challenge, .answer:
            Issue.record("recorded work is attested")
            return
        }
        try give(.law(.task(.move(by: poster, request.task, move))), by: 0)
        inputs.append(.answered(request, .done))
        guard case .assign(let worker) = move,
            let index = workers.firstIndex(of: worker)
        else { return }
        try give(.law(.task(.move(by: worker, request.task, .begin))), by: index + 1)
        add(
            .deliver(index + 1, request.task),
            at: now.advanced(byNanoseconds: work[place].duration))
    }

    private mutating func deliver(_ id: PostedTaskID, by index: Int) throws {
        guard case .task(let task)? = state.law(.task(id)) else { return }
        // The specification stands for the result: both are the recorded work.
        let move = TaskMove.deliver(task.terms.specification)
        try give(.law(.task(.move(by: workers[index - 1], id, move))), by: index)
        if case .task(let task)? = state.law(.task(id)) {
            inputs.append(.task(TaskReport(task)))
        }
    }
}
