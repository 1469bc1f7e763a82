// Validators on a simulated network in virtual time: delays, losses, partitions, crashes and faulty
// seats, all from one seed, and oracles that watch every commit.
import Cryptography
import Primitives
import TestSupport

@testable import Consensus

/// One run. Until `stable` everything may go wrong; from then on messages arrive in time, and the
/// honest seats must commit what they are given.
struct NetworkSimulation {
    struct Shape {
        var seats = 4
        var knownRounds: UInt64?
        var depth: UInt64 = 64
        /// No partitions, crashes or lost messages: needed where `depth` is less than such a lag.
        var isCalm = false
    }

    enum Event {
        case step(Int, Validator.Input, life: Int)
        case durable(Int, count: Int, life: Int)
        case crash(Int)
        case restart(Int)
        case sabotage(Int)
        case heal
    }

    /// What a seat's disk keeps, in order; what is past `durable` may be lost.
    struct Disk {
        enum Line {
            case block(CheckedBlock)
            case head(CommitHead, [BlockReference])
        }
        var lines: [Line] = []
        var durable = 0
        /// Actions that wait until so many lines are durable.
        var held: [(count: Int, action: Validator.Action)] = []
    }

    /// What goes wrong in this run.
    struct Faults {
        var loses: Bool
        var partitions: Bool
        var crashes: Bool
        var splits: Bool
        var twins: Bool
        var withholds: Bool
    }

    static let stable = 1_000 * Nanoseconds.perMillisecond
    static let end = 2_400 * Nanoseconds.perMillisecond

    let shape: Shape
    let committee: TestCommittee
    let settings: ValidatorSettings
    let rules: CommitRules
    let faults: Faults
    var chance: SeededGenerator
    var now = Instant(nanoseconds: Nanoseconds.perSecond)
    var queue = EventQueue<Event>()
    var validators: [Validator?]
    var lives: [Int]
    var disks: [Disk]
    var wakes: [Instant?]
    var groups: [Int]
    var oracle: OrderOracle
    var saboteur: Saboteur
    /// The best commit head when the network became stable.
    var roundAtStable = Round.genesis

    init(_ shape: Shape, seed: UInt64) throws {
        self.shape = shape
        committee = TestCommittee(shape.seats)
        chance = SeededGenerator(seed: seed)
        let bits = chance.next()
        func isOn(_ bit: UInt64) -> Bool { bits >> bit & 1 == 1 }
        let calm = shape.isCalm
        faults = Faults(
            loses: isOn(1) && !calm, partitions: isOn(2) && !calm, crashes: isOn(3) && !calm,
            splits: isOn(4), twins: isOn(5), withholds: isOn(6))
        let commits = CommitSettings(
            leadersPerRound: 2, knownRounds: shape.knownRounds, depth: shape.depth)
        var settings = ValidatorSettings(commits: commits)
        settings.roundDelay = 15 * Nanoseconds.perMillisecond
        settings.leaderWait = 50 * Nanoseconds.perMillisecond
        settings.retryAfter = 100 * Nanoseconds.perMillisecond
        settings.idleDelay = (shape.isCalm ? 15 : 40) * Nanoseconds.perMillisecond
        self.settings = settings
        rules = Ambient.rules(commits, for: committee.view)
        validators = [Validator?](repeating: nil, count: shape.seats)
        lives = [Int](repeating: 0, count: shape.seats)
        disks = [Disk](repeating: Disk(), count: shape.seats)
        wakes = [Instant?](repeating: nil, count: shape.seats)
        groups = [Int](repeating: 0, count: shape.seats)
        oracle = OrderOracle(honest: shape.seats - committee.view.faults, depth: shape.depth)
        saboteur = Saboteur(committee: committee)
    }

    var honest: Int { shape.seats - committee.view.faults }

    /// Nanoseconds of virtual time since the start.
    var elapsed: UInt64 { now.nanoseconds - Nanoseconds.perSecond }
    var isStable: Bool { elapsed >= Self.stable }

    mutating func below(_ limit: UInt64) -> UInt64 { chance.next() % max(limit, 1) }
    mutating func isLucky(_ percent: UInt64) -> Bool { below(100) < percent }

    func after(milliseconds: UInt64) -> Instant {
        now.advanced(byNanoseconds: milliseconds * Nanoseconds.perMillisecond)
    }

    // The run

    mutating func run() throws -> SimulationVerdict {
        plan()
        while let (time, event) = queue.pop() {
            now = max(now, time)
            if elapsed > Self.end { break }
            try handle(event)
            if let fault = oracle.fault {
                return .diverged("\(fault) at \(elapsed / 1_000_000) ms")
            }
        }
        if let difference = differenceToNaive() { return .diverged(difference) }
        return progress()
    }

    /// Where a seat does not do what the specification says of the graph on its disk. With coins a
    /// seat may know fewer than the naive committer is given, so only its commits are compared.
    private func differenceToNaive() -> String? {
        for seat in 0..<honest {
            guard let validator = validators[seat] else { continue }
            var record = Comparison.Record()
            for line in disks[seat].lines {
                if case .block(let block) = line { record.blocks.append(block) }
            }
            var round: UInt64 = 1
            while shape.knownRounds != nil, round + 5 <= validator.store.highestRound.number {
                record.coins[round] = Self.coin(of: Round(round))
                round += 1
            }
            let difference = Comparison.difference(
                record, digests: oracle.digests.prefix(Int(validator.head.index)),
                in: committee.view, settings.commits)
            if let difference { return "seat \(seat): \(difference)" }
        }
        return nil
    }

    private static func coin(of round: Round) -> Digest {
        var writer = ByteWriter()
        writer.write(round.number)
        return BLAKE3.hash(writer.bytes)
    }

    private mutating func plan() {
        for seat in 0..<honest { start(seat) }
        for seat in honest..<shape.seats { queue.push(.sabotage(seat), at: now) }
        queue.push(.heal, at: now.advanced(byNanoseconds: Self.stable))
        if faults.partitions {
            for seat in groups.indices { groups[seat] = Int(below(2)) }
        }
        if faults.crashes {
            for _ in 0..<2 {
                queue.push(.crash(Int(below(UInt64(honest)))), at: after(milliseconds: below(700)))
            }
        }
        for index in 0..<20 {
            let seat = index % honest
            let item = Array("payload \(index)".utf8)
            let time = after(milliseconds: 20 + UInt64(index) * 25)
            queue.push(.step(seat, .payload([item]), life: 0), at: time)
        }
    }

    private mutating func handle(_ event: Event) throws {
        switch event {
        case .step(let seat, let input, let life):
            if life == lives[seat] || life < 0 { try step(seat, input) }
        case .durable(let seat, let count, let life):
            if life == lives[seat] { sync(seat, count) }
        case .crash(let seat): crash(seat)
        case .restart(let seat): start(seat)
        case .sabotage(let seat): try sabotage(seat)
        case .heal: heal()
        }
    }

    private mutating func heal() {
        for seat in groups.indices { groups[seat] = 0 }
        roundAtStable = validators.compactMap { $0?.committer.head.round }.max() ?? .genesis
        for seat in 0..<honest {
            let item = Array("last wish of \(seat)".utf8)
            oracle.wish(item)
            queue.push(.step(seat, .payload([item]), life: -1), at: after(milliseconds: 450))
        }
    }

    private func progress() -> SimulationVerdict {
        for seat in 0..<honest {
            guard let head = validators[seat]?.committer.head else {
                return .noProgress("seat \(seat) is down")
            }
            if head.round < roundAtStable + 10 {
                return .noProgress("seat \(seat): \(head.round), \(roundAtStable) when stable")
            }
        }
        return oracle.unfulfilled.map { .noProgress("\($0) wishes unfulfilled") } ?? .pass
    }

    // Life and death of a seat

    private mutating func start(_ seat: Int) {
        let genesis = Instant(nanoseconds: 0)
        var recovery = Recovery(genesisTime: genesis, startsReady: true)
        for line in disks[seat].lines {
            switch line {
            case .block(let block): recovery.blocks.append(block)
            case .head(let head, let sequenced):
                recovery.head = head
                recovery.sequenced = sequenced
            }
        }
        validators[seat] = Validator(
            committee: committee.view, key: committee.keys[seat], settings: settings,
            rules: rules, from: (genesis, recovery))
        queue.push(.step(seat, .tick, life: lives[seat]), at: now)
    }

    private mutating func crash(_ seat: Int) {
        guard validators[seat] != nil else { return }
        validators[seat] = nil
        lives[seat] += 1
        wakes[seat] = nil
        let unsure = disks[seat].lines.count - disks[seat].durable
        let kept = disks[seat].durable + Int(below(UInt64(unsure + 1)))
        disks[seat].lines.removeLast(disks[seat].lines.count - kept)
        disks[seat].durable = kept
        disks[seat].held = []
        queue.push(.restart(seat), at: after(milliseconds: 30 + below(250)))
    }

    private mutating func sync(_ seat: Int, _ count: Int) {
        disks[seat].durable = max(disks[seat].durable, count)
        let held = disks[seat].held
        let first = held.firstIndex { $0.count > count } ?? held.count
        disks[seat].held.removeFirst(first)
        for (_, action) in held[..<first] { obey(action, of: seat) }
    }

    // Steps and what follows from them

    private mutating func step(_ seat: Int, _ input: Validator.Input) throws {
        guard var validator = validators[seat] else { return }
        validators[seat] = nil
        var actions: [Validator.Action] = []
        let before = validator.store.highestRound
        validator.step(input, at: now, into: &actions)
        if shape.knownRounds != nil, validator.store.highestRound > before {
            openCoins(&validator, into: &actions)
        }
        validators[seat] = validator
        if let wake = wakes[seat], wake <= now { wakes[seat] = nil }
        for action in actions { perform(action, of: seat) }
        if actions.contains(where: { if case .commit = $0 { true } else { false } }) {
            write(
                .head(validator.committer.head, validator.committer.sequencedReferences), to: seat)
        }
        wake(seat, at: after(milliseconds: 40))
    }

    private func openCoins(_ validator: inout Validator, into actions: inout [Validator.Action]) {
        var round = validator.committer.head.round + 1
        while round + 5 <= validator.store.highestRound {
            if validator.coins[round] == nil,
                validator.store.authors(in: round + 5).count >= committee.view.someHonest
            {
                let coin = Self.coin(of: round)
                validator.step(.coin(round, coin), at: now, into: &actions)
            }
            round = round + 1
        }
    }

    /// Everything after a line that is not durable waits for it.
    private mutating func perform(_ action: Validator.Action, of seat: Int) {
        if case .persist(let block) = action {
            write(.block(block), to: seat)
        } else if disks[seat].durable < disks[seat].lines.count {
            disks[seat].held.append((disks[seat].lines.count, action))
        } else {
            obey(action, of: seat)
        }
    }

    private mutating func obey(_ action: Validator.Action, of seat: Int) {
        switch action {
        case .persist: break
        case .broadcast(let block):
            oracle.published(block)
            saboteur.see(block)
            for peer in 0..<shape.seats where peer != seat { send(block, from: seat, to: peer) }
        case .send(let block, .seat(let peer)): send(block, from: seat, to: Int(peer.index))
        case .request(let references, let above, .seat(let peer)):
            let own = Peer.seat(Seat(UInt8(seat)))
            let input = Validator.Input.wanted(references, above: above, by: own)
            deliver(input, from: seat, to: Int(peer.index), extra: 0)
        case .send, .request: oracle.fault = "seat \(seat) talks to an observer"
        case .commit(let commit): oracle.committed(commit)
        case .accuse(let evidence): oracle.accused(evidence)
        case .refuse: break
        case .wake(let time): wake(seat, at: time)
        case .halt(let why): oracle.fault = "seat \(seat) halts: \(why)"
        }
    }

    private mutating func wake(_ seat: Int, at time: Instant) {
        if let planned = wakes[seat], planned <= time { return }
        wakes[seat] = time
        queue.push(.step(seat, .tick, life: lives[seat]), at: time)
    }

    private mutating func write(_ line: Disk.Line, to seat: Int) {
        disks[seat].lines.append(line)
        let time = now.advanced(byNanoseconds: 100_000 + below(2_000_000))
        let count = disks[seat].lines.count
        queue.push(.durable(seat, count: count, life: lives[seat]), at: time)
    }

    // The network

    mutating func send(_ block: CheckedBlock, from seat: Int, to peer: Int) {
        var extra: UInt64 = 0
        if faults.splits, !isStable,
            rules.leaders(of: block.round).contains(block.author), isLucky(50)
        {
            extra = 60 + below(100)
        }
        deliver(.block(block, from: .seat(Seat(UInt8(seat)))), from: seat, to: peer, extra: extra)
    }

    private mutating func deliver(
        _ input: Validator.Input, from seat: Int, to peer: Int, extra: UInt64
    ) {
        if peer >= honest {
            if case .wanted(let references, _, .seat(let asker)) = input {
                for block in saboteur.answer(references) where isLucky(50) {
                    deliver(
                        .block(block, from: .seat(Seat(UInt8(peer)))), from: peer,
                        to: Int(asker.index), extra: 0)
                }
            }
            return
        }
        if !isStable {
            if groups[seat] != groups[peer] { return }
            if faults.loses, isLucky(5) { return }
        }
        var delay = 1 + below(9) + extra
        if !isStable, isLucky(4) { delay += below(150) }
        queue.push(.step(peer, input, life: -1), at: after(milliseconds: delay))
        if faults.loses, isLucky(3) {
            queue.push(.step(peer, input, life: -1), at: after(milliseconds: delay + below(50)))
        }
    }

    private mutating func sabotage(_ seat: Int) throws {
        let made = try saboteur.act(
            as: seat, withTwins: faults.twins, using: &chance)
        for block in made {
            let silent = faults.withholds && isLucky(30)
            for peer in 0..<honest where !silent && (!faults.withholds || isLucky(70)) {
                if made.count == 1 || isLucky(50) { send(block, from: seat, to: peer) }
            }
        }
        queue.push(.sabotage(seat), at: after(milliseconds: 12 + below(20)))
    }
}
