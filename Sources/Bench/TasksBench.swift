// `bench tasks`: from submission to assignment through a node, and posting on the ledger alone.
//
// Tasks are posted and assigned in batches, one signature for up to 512 of them: that is how an
// orchestrator with many jobs gives them. A node that is alone orders at once and answers when its
// disk has what it answers.
import Cryptography
import Discovery
import Ledger
import Node
import Orchestrator
import Platform
import Primitives
import Records
import Storage

enum TasksBench {
    private static let batch = 512
    /// Batches of one measurement through the node, and on the ledger alone.
    private static let nodeBatches = 80
    private static let ledgerBatches = 200

    static func run(_ context: BenchContext) throws -> [Metric] {
        var (rates, middles, lates, alone): ([Double], [Double], [Double], [Double]) = (
            [], [], [], []
        )
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let path = context.directory + "/tasks-\(round)"
            let times = try throughNode(at: path)
            try Scratch.remove(path)
            rates.append(times.rate)
            middles.append(times.sorted[times.sorted.count / 2])
            lates.append(times.sorted[times.sorted.count * 99 / 100])
            alone.append(try onLedger())
        }
        return [
            Metric("tasks_per_second", unit: "1/s", samples: rates),
            Metric("assign_p50_ms", unit: "ms", samples: middles),
            Metric("assign_p99_ms", unit: "ms", samples: lates),
            Metric("ledger_tasks_per_second", unit: "1/s", samples: alone),
        ]
    }

    private struct Times {
        var rate: Double
        /// Milliseconds from the submission of each job to its assignment, ascending.
        var sorted: [Double]
    }

    // MARK: Through a node

    /// Submits jobs as fast as they are assigned, a batch at a time.
    private static func throughNode(at path: String) throws -> Times {
        let clock = SystemClock()
        let market = try TaskMarket()
        let node = try market.node(at: path)
        defer { node.close() }
        var driver = OrchestratorDriver(market: market, node: node, at: clock.now())
        var times: [Double] = []
        let begun = clock.monotonicNanoseconds()
        for number in 0..<nodeBatches {
            times += try driver.assign(
                (0..<batch).map { UInt64(number * batch + $0) }, clock: clock)
        }
        let passed = Double(clock.monotonicNanoseconds() - begun) / 1e9
        return Times(rate: Double(nodeBatches * batch) / passed, sorted: times.sorted())
    }

    // MARK: On the ledger alone

    /// Tasks a second that a ledger takes, with every signature verified.
    private static func onLedger() throws -> Double {
        let clock = SystemClock()
        let market = try TaskMarket()
        var state = LedgerState(genesis: market.genesis)
        let now = clock.now()
        for operation in market.enrollment { _ = try Ledger.apply(operation, at: now, to: &state) }
        let operations = (0..<ledgerBatches).map { place in
            let numbers = (0..<batch).map { UInt64(place * batch + $0) }
            return market.operation(
                .task(.batch(market.posts(numbers.map(market.job)))), after: UInt64(place + 1))
        }
        let begun = clock.monotonicNanoseconds()
        for operation in operations {
            guard
                case .law(.tasksMade(_, let made, _)) = try Ledger.apply(
                    operation, at: now, to: &state), made == batch
            else { throw BenchFailure.failed("a batch was not made whole") }
        }
        let passed = Double(clock.monotonicNanoseconds() - begun) / 1e9
        return Double(ledgerBatches * batch) / passed
    }
}

/// A chain with a poster, who has everything, and a worker with an offer.
private struct TaskMarket {
    let genesis: Genesis
    let poster: SigningKey
    let worker: SigningKey
    let enrollment: [SignedOperation]

    var account: AccountID { AccountID(OwnerID(firstKey: poster.publicKey)) }
    var workerAccount: AccountID { AccountID(OwnerID(firstKey: worker.publicKey)) }

    init() throws {
        guard let poster = SigningKey(seed: [UInt8](repeating: 1, count: 32)),
            let worker = SigningKey(seed: [UInt8](repeating: 2, count: 32)),
            let committee = Committee([poster.publicKey]),
            let genesis = Genesis(name: "bench", created: SystemClock().now(), committee: committee)
        else { throw BenchFailure.failed("no chain") }
        (self.poster, self.worker, self.genesis) = (poster, worker, genesis)
        enrollment = [poster, worker].map { key in
            SignedOperation(
                chain: genesis.digest, owner: OwnerID(firstKey: key.publicKey), sequence: 1,
                command: .owner(.register(name: "somebody")), key: key)
        }
    }

    func operation(_ command: LawCommand, after sequence: UInt64) -> SignedOperation {
        SignedOperation(
            chain: genesis.digest, owner: OwnerID(firstKey: poster.publicKey),
            sequence: sequence + 1, command: .law(command), key: poster)
    }

    func job(_ number: UInt64) -> Job {
        var writer = ByteWriter()
        for _ in 0..<3 { writer.write(UInt64(0)) }
        writer.write(number)
        return Job(
            id: JobID(writer.bytes) ?? JobID(), specification: genesis.digest,
            price: Amount(nanoCredits: 1_000))
    }

    func posts(_ jobs: [Job]) -> TaskBatch {
        TaskBatch(
            account: account, entries: jobs.map { .post(number: $0.number, $0.terms) })
    }

    func node(at path: String) throws -> Node {
        let node = try Node(
            genesis: genesis, keys: NodeKeys(validator: poster, submitter: worker),
            settings: NodeSettings(),
            opening: StoreOpening(
                disk: OSDisk(), path: path, storeID: StoreID(), worker: ThreadWorker("index"),
                name: { _ in nil }),
            clock: SystemClock())
        for operation in enrollment { node.submit(operation) { _ in } }
        return node
    }
}

/// An orchestrator that gives a node its requests in batches.
private struct OrchestratorDriver {
    private let market: TaskMarket
    private let node: Node
    private var machine: Orchestrator
    private var sequence: UInt64 = 1

    init(market: TaskMarket, node: Node, at now: Instant) {
        (self.market, self.node) = (market, node)
        var settings = OrchestratorSettings()
        settings.mostJobs = 1 << 20
        (settings.mostGiven, settings.mostGivenToOne) = (1 << 20, 1 << 20)
        machine = Orchestrator(
            poster: market.account, settings: settings, seed: 1, entries: [], at: now)
        let offer = OfferID(of: market.workerAccount, number: 1)
        let service = Listing(
            id: ListingID(offer), text: "works", price: 1, capacity: 1 << 20)
        var actions: [OrchestratorAction] = []
        machine.step(
            .provider(
                Provider(
                    offer: offer, seller: market.workerAccount, since: now, service: service)),
            at: now, into: &actions)
    }

    /// Submits jobs and gives what is asked for until all are assigned.
    ///
    /// - Returns: milliseconds of each.
    mutating func assign(_ numbers: [UInt64], clock: SystemClock) throws -> [Double] {
        let begun = clock.monotonicNanoseconds()
        var requests: [LedgerRequest] = []
        var jobs: [JobID: Job] = [:]
        for number in numbers {
            let job = market.job(number)
            jobs[job.id] = job
            requests += step(.submit(job), clock)
        }
        var assigned = 0
        while !requests.isEmpty {
            try give(requests, jobs)
            let done = requests
            requests = []
            for request in done {
                if case .assign = request.step { assigned += 1 }
                requests += step(.answered(request, .done), clock)
            }
        }
        guard assigned == numbers.count else {
            throw BenchFailure.failed("\(assigned) of \(numbers.count) were assigned")
        }
        let passed = Double(clock.monotonicNanoseconds() - begun) / 1e6
        return numbers.map { _ in passed }
    }

    private mutating func step(
        _ input: OrchestratorInput, _ clock: SystemClock
    ) -> [LedgerRequest] {
        var actions: [OrchestratorAction] = []
        machine.step(input, at: clock.now(), into: &actions)
        return actions.compactMap { if case .give(let request) = $0 { request } else { nil } }
    }

    private mutating func give(_ requests: [LedgerRequest], _ jobs: [JobID: Job]) throws {
        let entries = requests.compactMap { request -> TaskBatch.Entry? in
            switch request.step {
            case .post: jobs[request.job].map { .post(number: $0.number, $0.terms) }
            case .assign(let worker): .move(request.task, .assign(worker))
            case .accept, .dispute, .expire, .challenge, .answer: nil
            }
        }
        for start in stride(from: 0, to: entries.count, by: TaskBatch.most) {
            let part = Array(entries[start..<min(start + TaskBatch.most, entries.count)])
            let batch = TaskBatch(account: market.account, entries: part)
            let operation = market.operation(.task(.batch(batch)), after: sequence)
            sequence += 1
            var outcome: LedgerOutcome?
            node.submit(operation) { outcome = $0 }
            while outcome == nil { node.advance() }
            guard case .accepted(_, .law(.tasksMade(_, let made, _)), _)? = outcome,
                made == part.count
            else { throw BenchFailure.failed("not made: \(String(describing: outcome))") }
        }
    }
}
