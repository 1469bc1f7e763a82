// Whatever is lost, late, doubled or dead: every job ends once, is paid once, and no money is made.
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Orchestrator

@Suite struct FaultTests {
    private static func job(_ number: Int) -> Job {
        var job = OrchestratorTests.job(number, price: UInt128(1_000 + number))
        job.times.assign = 900 * Nanoseconds.perSecond
        job.times.begin = 4 * Nanoseconds.perSecond
        job.times.deliver = 8 * Nanoseconds.perSecond
        job.times.judge = 600 * Nanoseconds.perSecond
        job.times.arbitrate = 30 * Nanoseconds.perSecond
        job.attempts = 8
        return job
    }

    /// The same at each level that needs no proof, and with parts.
    private static func job(ofAnyLevel number: Int) -> Job {
        var job = job(number)
        let parts = [1, 2, 3].map { Amount(nanoCredits: UInt128(1_000 * $0 + number)) }
        switch number % 4 {
        case 0: job.milestones = parts
        case 1:
            job.milestones = parts
            job.verification = .redundant(
                quorum: 2, verifiers: World.verifiers, fee: Amount(nanoCredits: 11))
        case 2: job.verification = RunWork.verification
        default: break
        }
        return job
    }

    /// One job in five fails at its second part, or at its only one.
    private static func isGood(_ id: JobID, _ milestone: UInt8) -> Bool {
        let isInParts = id.bytes[0] % 4 < 2
        return id.bytes[0] % 5 != 0 || (isInParts && milestone != 1)
    }

    private func settings(_ seed: UInt64) -> OrchestratorSettings {
        var settings = OrchestratorSettings()
        settings.policy = RoutingPolicy.allCases[Int(seed % 3)]
        settings.answerNanoseconds = 2 * Nanoseconds.perSecond
        settings.lookNanoseconds = Nanoseconds.perSecond
        settings.breaker.restNanoseconds = 3 * Nanoseconds.perSecond
        settings.breaker.mostRestNanoseconds = 12 * Nanoseconds.perSecond
        return settings
    }

    @Test(arguments: propertySeeds.prefix(12)) func everyJobEndsOnce(seed: UInt64) throws {
        var world = try World(
            seed: seed, workers: 4, settings: settings(seed), isAccepted: Self.isGood)
        let jobs = (1...16).map(Self.job(ofAnyLevel:))
        for (place, job) in jobs.enumerated() {
            world.tell(.submit(job))
            // Whoever submits asks again until it is there.
            for round in 1...3 {
                world.add(.tell(.submit(job)), after: UInt64(round * 30_000 + place))
            }
        }
        for crash in 1...3 { world.add(.restart, after: UInt64(crash) * 17_000) }
        let hasEnded = world.run(events: 60_000)
        try #require(hasEnded, "seed \(seed): \(world.machine.count) are left")
        let poster = world.people[0].account
        #expect(Set(world.posted).count == world.posted.count, "posted twice, seed \(seed)")
        for job in jobs {
            let ends = world.entries.filter {
                if case .ended(job.id, _) = $0 { true } else { false }
            }
            #expect(ends.count == 1, "seed \(seed)")
            let task = try #require(world.task(job.task(of: poster)))
            #expect(task.state.isFinal && task.held == .zero)
            let parts = job.milestones.prefix(Int(task.paid)).map(\.nanoCredits).reduce(0, +)
            #expect(task.earned.nanoCredits + task.charged.nanoCredits == parts, "seed \(seed)")
            guard case .ended(_, let end)? = ends.first else { continue }
            let isGood = job.milestones.indices.allSatisfy { Self.isGood(job.id, UInt8($0)) }
            switch task.state {
            case .complete: #expect(end == .complete && isGood, "seed \(seed)")
            case .settled: #expect(end == .rejected && !isGood, "seed \(seed)")
            case .failed: #expect(end == .failed)
            default: #expect(end == .cancelled)
            }
        }
        let fees = world.state.balance(of: .fees)
        let all = world.people.map { world.state.balance(of: $0.account) } + [fees]
        #expect(all.reduce(0) { $0 + $1.nanoCredits } == Supply.total.nanoCredits, "seed \(seed)")
        let workers = world.people[1...4].map { world.state.balance(of: $0.account) }
        let earned = jobs.compactMap { world.task($0.task(of: poster))?.earned.nanoCredits }
        #expect(workers.reduce(0) { $0 + $1.nanoCredits } == earned.reduce(0, +), "seed \(seed)")
    }

    @Test(arguments: propertySeeds.prefix(6)) func sagasEndWholeOrUndone(seed: UInt64) throws {
        var world = try World(
            seed: seed, workers: 3, settings: settings(seed),
            isAccepted: { id, _ in id.bytes[0] != 3 || seed % 2 == 0 })
        let saga = Saga(
            id: MatchingTests.bytes(200),
            steps: [
                Saga.Step(Self.job(1), undoneBy: Self.job(101)),
                Saga.Step(Self.job(2), undoneBy: Self.job(102)), Saga.Step(Self.job(3)),
            ])
        for round in 0...3 { world.add(.tell(.submitSaga(saga)), after: UInt64(round) * 30_000) }
        for crash in 1...3 { world.add(.restart, after: UInt64(crash) * 11_000) }
        let hasEnded = world.run(events: 40_000)
        try #require(hasEnded, "seed \(seed)")
        var ends: [JobID: JobEnd] = [:]
        for case .ended(let id, let end) in world.entries {
            #expect(ends.updateValue(end, forKey: id) == nil, "ended twice, seed \(seed)")
        }
        let isWhole = (1...3).allSatisfy { ends[Self.job($0).id] == .complete }
        let done = (1...2).filter { ends[Self.job($0).id] == .complete }
        let undone = (1...2).filter { ends[Self.job(100 + $0).id] != nil }
        #expect(isWhole ? undone.isEmpty : undone.allSatisfy(done.contains), "seed \(seed)")
        if seed % 2 == 1 { #expect(ends[Self.job(3).id] != .complete) }
    }
}
