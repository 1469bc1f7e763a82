// One run of a testbed: start, load, kill where asked for, rest, compare.
import JSON
import Platform
import Primitives

/// What a testbed is asked to do.
struct TestbedPlan {
    var validators: Int
    var seconds: UInt64
    var shape: LoadShape
    /// Whether the last validator is killed at a third of the time and brought back at two thirds.
    var kills: Bool
    /// `NAME=VALUE` for every validator.
    var settings: [String] = []
    /// Of the chain.
    var chain: ChainPlan

    init(validators: Int, seconds: UInt64, shape: LoadShape, kills: Bool) {
        self.validators = validators
        self.seconds = seconds
        self.shape = shape
        self.kills = kills
        chain = ChainPlan(name: "testbed")
        chain.settings.interval = 250 * Nanoseconds.perMillisecond
    }
}

/// What a run came to. Latencies in nanoseconds, over all validators.
struct TestbedResult {
    let plan: TestbedPlan
    let agentFinal: Quantiles
    let checkpointFinal: Quantiles
    let commit: Quantiles
    let records: UInt64
    let batches: Int
    let operations: UInt64
    let retries: UInt64
    let commitsPerSecond: Double
    let agreement: Agreement
    /// From the start of the killed validator to its first answer; nil where none was killed.
    let restartNanoseconds: UInt64?
    /// From the first batch until every validator had certified everything.
    let certifiedNanoseconds: UInt64
    /// Processor time of all validators meanwhile.
    let cpuNanoseconds: UInt64

    static let durability =
        "own blocks, votes and confirms are on disk (fdatasync) before they are sent; agentFinal: "
        + "on disk at a quorum"

    /// Records that all validators verified and certified, by the time that took.
    var certifiedPerSecond: Double {
        Double(agreement.records) * 1e9 / Double(max(1, certifiedNanoseconds))
    }

    /// Records that one processor second of a validator verified: each verifies all of them.
    var verifiedPerCoreSecond: Double {
        Double(agreement.records) * Double(plan.validators) * 1e9
            / Double(max(1, cpuNanoseconds))
    }

    var recordsPerSecond: Double { Double(records) / Double(plan.seconds) }
}

enum Testbed {
    /// Runs in `folder`, which is made; draws a table on `console` where there is one.
    static func run(
        _ plan: TestbedPlan, in folder: String, console: Console?
    ) throws(CommandFailure) -> TestbedResult {
        let cluster = try Cluster(
            count: plan.validators, in: folder, chain: plan.chain, settings: plan.settings)
        defer { cluster.stop() }
        try cluster.waitUntilLinked()
        let addresses = cluster.seats.map(\.address)
        let load = TestbedLoad(plan.shape, chain: cluster.genesis.digest, to: addresses)
        defer { load.stop() }
        try load.prepare()
        var watches: [CheckpointWatch] = []
        for (place, address) in addresses.enumerated() {
            watches.append(try CheckpointWatch(address, at: place, for: load))
        }
        defer { for watch in watches { watch.stop() } }
        // The watches are listening by then.
        Pause.milliseconds(200)
        var run = Run(plan: plan, cluster: cluster, load: load)
        try run.watch(console)
        var check = try AgreementCheck(genesis: cluster.genesis, addresses: addresses)
        let agreement = try check.run(
            acknowledged: load.acknowledged, patience: 30 * Nanoseconds.perSecond)
        return run.result(agreement)
    }

    /// The time under load.
    private struct Run {
        let plan: TestbedPlan
        let cluster: Cluster
        let load: TestbedLoad
        private var restart: UInt64?
        private var commits: UInt64 = 0
        private var begin: UInt64 = 0
        private var cpuBefore: UInt64 = 0

        init(plan: TestbedPlan, cluster: Cluster, load: TestbedLoad) {
            self.plan = plan
            self.cluster = cluster
            self.load = load
        }

        mutating func watch(_ console: Console?) throws(CommandFailure) {
            let first = try commitCount()
            var table = try console.map { console throws(CommandFailure) in
                try TestbedTable(console: console, addresses: cluster.seats.map(\.address))
            }
            cpuBefore = cluster.cpuNanoseconds
            begin = SystemClock().monotonicNanoseconds()
            load.start(for: plan.seconds * Nanoseconds.perSecond)
            var second = 0
            while !load.hasEnded(within: Nanoseconds.perSecond) {
                second += 1
                if plan.kills { try disturb(UInt64(second), console) }
                table?.show(load.seen, second: second)
            }
            if restart == nil, plan.kills { try bringBack(console) }
            if let failure = load.failure { throw failure }
            commits = try commitCount() - first
        }

        private func commitCount() throws(CommandFailure) -> UInt64 {
            try NodeClient(cluster.seats[0].address).get("/v1/status")
                .number("consensus", "commits")
        }

        private mutating func disturb(
            _ second: UInt64, _ console: Console?
        ) throws(CommandFailure) {
            let last = cluster.seats.count - 1
            if second == max(1, plan.seconds / 3) {
                console?.print("kill -9 of validator \(last + 1)")
                cluster.kill(last)
            }
            if second == max(2, 2 * plan.seconds / 3) { try bringBack(console) }
        }

        private mutating func bringBack(_ console: Console?) throws(CommandFailure) {
            let last = cluster.seats.count - 1
            guard cluster.seats[last].process == nil else { return }
            let clock = SystemClock()
            let begin = clock.monotonicNanoseconds()
            try cluster.start(last)
            try cluster.waitUntilServing(last)
            restart = clock.monotonicNanoseconds() - begin
            console?.print(
                "validator \(last + 1) serves again after \(Quantity.duration(restart ?? 0))")
        }

        func result(_ agreement: Agreement) -> TestbedResult {
            TestbedResult(
                plan: plan, agentFinal: Quantiles(load.seen.flatMap(\.agentFinal.all)),
                checkpointFinal: Quantiles(load.seen.flatMap(\.checkpointFinal.all)),
                commit: Quantiles(load.seen.flatMap(\.commit.all)),
                records: load.seen.reduce(0) { $0 + $1.records.withLock { $0 } },
                batches: load.acknowledged.count, operations: load.operations,
                retries: load.retries,
                commitsPerSecond: Double(commits) / Double(plan.seconds), agreement: agreement,
                restartNanoseconds: restart,
                certifiedNanoseconds: agreement.restedAt &- begin,
                cpuNanoseconds: cluster.cpuNanoseconds &- cpuBefore)
        }
    }
}
