// One run: machines, network, disks, clients and faults in virtual time, on one thread.
import Primitives

/// Everything that happens follows from the seed, the shape and the code.
struct World<Play: Scenario> {
    static var start: Instant { Instant(nanoseconds: 1_800_000_000 * Nanoseconds.perSecond) }

    let shape: SimulationShape
    let seed: UInt64
    let plan: Plan
    var play: Play
    var now = World.start
    var heap = EventHeap<Event>()
    var network: Network
    var shells: [Shell<Play.Program>]
    /// Machines by seat: one, or two where a seat is run twice.
    let holders: [[Int]]
    /// For a machine of a seat run twice: whether it speaks with the machine of that number.
    var speaks: [[Bool]]
    var slowness: [UInt64]
    var backups: [SimulatedDisk.Image?]
    var clients: [Client]
    var waiting: [Digest: Int] = [:]
    var oracle: Oracle
    var faults = FaultCounts()
    var trace: Trace
    var isHealed = false
    var violation: String?
    /// Why machines sign nothing more, by number.
    var halts: [Int: String] = [:]
    var submitted: UInt64 = 0
    var latencies: [UInt64] = []
    /// Commits when everything was mended.
    var commitsAtHealing: UInt64 = 0
    var chance: Chance
    var clientChance: Chance
    var sabotageChance: Chance
    /// Messages that a saboteur may repeat.
    var overheard: [Parcel] = []

    /// - Parameter split: instead of the faults that the seed gives.
    init(
        _ play: Play, shape: SimulationShape, seed: UInt64, split: SplitBrain? = nil,
        write: ((String) -> Void)?
    ) {
        self.play = play
        self.shape = shape
        self.seed = seed
        let healing = shape.isCalm ? 1 : shape.span * 6 / 10
        plan = split.map {
            Plan($0, seats: play.seats, spares: play.spares, healing: healing)
        } ?? Plan(
            seed: seed, seats: play.seats, faults: play.faults, healing: healing,
            isCalm: shape.isCalm)
        let roles = plan.roles
        let twins = roles.indices.filter { roles[$0] == .twins }
        let members = play.seats + play.spares
        let machines = members + twins.count
        var holders = (0..<members).map { [$0] }
        for (index, seat) in twins.enumerated() { holders[seat].append(members + index) }
        self.holders = holders
        let seatOf = Array(0..<members) + twins
        shells = (0..<machines).map { number in
            Shell(
                number: number, seat: seatOf[number],
                disk: SimulatedDisk(chance: Chance(seed: seed, "disk", number)))
        }
        network = Network(machines: machines, chance: Chance(seed: seed, "network"))
        speaks = [[Bool]](
            repeating: [Bool](repeating: true, count: machines), count: machines)
        slowness = [UInt64](repeating: 1, count: machines)
        backups = [SimulatedDisk.Image?](repeating: nil, count: machines)
        chance = Chance(seed: seed, "world")
        clientChance = Chance(seed: seed, "clients")
        sabotageChance = Chance(seed: seed, "sabotage")
        oracle = Oracle(machines: machines)
        trace = Trace(start: World.start, write: write)
        clients = []
        for _ in 0..<play.clients {
            let rogue = plan.swarm.doubleSigners && clientChance.isLucky(permille: 200)
            let gateway = clientChance.below(shape.isCalm ? 1 : play.seats)
            clients.append(Client(gateway: gateway, isRogue: rogue))
        }
        prepare(isSplit: split != nil)
    }

    private mutating func prepare(isSplit: Bool) {
        var conditions = LinkConditions()
        let milli = Nanoseconds.perMillisecond
        let isWide = plan.swarm.wideArea || shape.isCalm
        let delays = isWide ? 20 * milli...60 * milli : 2 * milli...15 * milli
        conditions.jitter = chance.within(1...10) * milli
        if plan.swarm.tails { conditions.tails = chance.within(5...50) }
        if plan.swarm.drops { conditions.drops = chance.within(5...80) }
        if plan.swarm.duplicates { conditions.duplicates = chance.within(5...80) }
        conditions.reorders = plan.swarm.reorders
        network.set(conditions, delays: delays)
        for (index, disaster) in plan.disasters.enumerated() {
            heap.push(.disaster(index), at: after(disaster.at))
        }
        if !isSplit { divideTwins() }
        for number in shells.indices { heap.push(.start(number), at: now) }
        for client in clients.indices {
            heap.push(.client(client), at: after(clientChance.below(Nanoseconds.perSecond)))
        }
    }

    func after(_ nanoseconds: UInt64) -> Instant { now.advanced(byNanoseconds: nanoseconds) }

    /// Nanoseconds of virtual time since the start.
    var elapsed: UInt64 { now.nanoseconds(since: World.start) }

    /// Whether a machine's claims count: its seat has no role, or only its disk or clock is bad.
    func isTrusted(_ machine: Int) -> Bool {
        switch role(of: shells[machine].seat) {
        case .honest, .lost, .forgetful: true
        case .twins, .saboteur: false
        }
    }

    func role(of seat: Int) -> Role { seat < plan.roles.count ? plan.roles[seat] : .honest }

    // MARK: The run

    /// Events at one moment: beyond them a machine keeps waking itself.
    private static var mostAtOnce: Int { 100_000 }

    mutating func run() -> SimulationReport {
        let end = shape.span + SimulationShape.patience
        var verdict: SimulationVerdict?
        var lastLook: UInt64 = 0
        var atOnce = 0
        while verdict == nil, let next = heap.nextTime {
            if next.nanoseconds(since: World.start) > end { break }
            guard let (time, _, event) = heap.pop() else { break }
            atOnce = time > now ? 0 : atOnce + 1
            now = max(now, time)
            handle(event)
            if let violation { verdict = .violation(violation) }
            if atOnce > Self.mostAtOnce { verdict = .noProgress("time stands still") }
            if elapsed >= shape.span, elapsed - lastLook > 100 * Nanoseconds.perMillisecond {
                lastLook = elapsed
                if unfinished() == nil { verdict = finish() }
            }
        }
        return report(verdict ?? .noProgress(unfinished() ?? "the events ran out"))
    }

    mutating func handle(_ event: Event) {
        switch event {
        case .input(let input, let machine, let life): arrive(input, at: machine, life)
        case .tick(let machine, let life):
            // An earlier one may have come in between and asked for this one again.
            guard shells[machine].life == life, shells[machine].plannedTick == now else { return }
            trace.note(now, .tick, node: machine)
            shells[machine].plannedTick = nil
            shells[machine].take(.tick)
            turn(machine)
        case .resume(let machine, let life):
            guard shells[machine].life == life else { return }
            turn(machine)
        case .synced(let machine, let life, let isGood): synced(machine, life, isGood)
        case .start(let machine): start(machine)
        case .client(let client): serve(client)
        case .disaster(let index): strike(plan.disasters[index].1)
        case .echo(let parcel, let from, let to): deliver(parcel, from: from, to: to)
        }
    }

    // MARK: Turns of machines

    private mutating func arrive(_ input: MachineInput, at machine: Int, _ life: UInt64?) {
        guard shells[machine].isUp, life == nil || life == shells[machine].life else { return }
        switch input {
        case .message(let parcel, let from):
            trace.note(now, .message, node: machine, UInt64(from), fingerprint(parcel.bytes))
        case .submit(let bytes): trace.note(now, .submission, node: machine, fingerprint(bytes))
        case .connected(let seat): trace.note(now, .connected, node: machine, UInt64(seat))
        case .tick: break
        }
        shells[machine].take(input)
        turn(machine)
    }

    mutating func turn(_ machine: Int) {
        guard shells[machine].state == .idle, shells[machine].hasInput else { return }
        if let until = shells[machine].pausedUntil {
            if now < until { return }
            shells[machine].pausedUntil = nil
        }
        obey(shells[machine].turn(at: now), of: machine)
        sync(machine)
    }

    /// Starts a commit if something was recorded.
    mutating func sync(_ machine: Int) {
        guard shells[machine].needsCommit else { return }
        let isGood = shells[machine].commit()
        let micro = Nanoseconds.perMicrosecond
        var span = (200 + chance.below(UInt64(1_000))) * micro
        if chance.isLucky(permille: 5) { span *= 20 }
        if slowness[machine] > 1 { faults[.slowSync] += 1 }
        let event = Event.synced(machine, life: shells[machine].life, isGood: isGood)
        heap.push(event, at: after(span * slowness[machine]))
    }

    private mutating func synced(_ machine: Int, _ life: UInt64, _ isGood: Bool) {
        guard shells[machine].life == life else { return }
        trace.note(now, isGood ? .synced : .syncFailed, node: machine)
        guard isGood else {
            if shells[machine].disk.isDown { faults[.tornWrites] += 1 }
            crash(machine, downFor: 100 * Nanoseconds.perMillisecond)
            return
        }
        obey(shells[machine].release(), of: machine)
        turn(machine)
    }

    // MARK: What machines ask for

    mutating func obey(_ actions: [MachineAction], of machine: Int) {
        let seat = shells[machine].seat
        for action in actions {
            switch action {
            case .record: break
            case .wake(let time): plan(tick: time, of: machine)
            case .fact(let fact): hear(fact, of: machine)
            case .send(let bytes, let to): post(Parcel(bytes), from: machine, to: to)
            case .broadcast(let bytes):
                let parcel = Parcel(bytes)
                for peer in holders.indices where peer != seat {
                    post(parcel, from: machine, to: peer)
                }
            }
        }
    }

    /// The machine's clock may be off, but a span is a span.
    private mutating func plan(tick time: Instant, of machine: Int) {
        let local = shells[machine].clock.reading(at: now)
        let at = after(max(time.nanoseconds(since: local), 1))
        if let planned = shells[machine].plannedTick, planned <= at { return }
        shells[machine].plannedTick = at
        heap.push(.tick(machine, life: shells[machine].life), at: at)
    }

    private mutating func hear(_ fact: Fact, of machine: Int) {
        note(fact, of: machine)
        guard isTrusted(machine), violation == nil else { return }
        let roles = plan.roles
        let objection = oracle.objection(
            to: fact, of: machine, seat: shells[machine].seat
        ) { seat in
            seat < roles.count && roles[seat] != .honest
        } ?? play.objection(to: fact, counts: &oracle.counts)
        violation = objection.map { "machine \(machine): \($0)" }
        switch fact {
        case .final(let digest): answered(digest, isExecution: false)
        case .executed(let execution): answered(execution.body.digest, isExecution: true)
        case .ordered(_, let digest): answered(digest, isExecution: true)
        case .refused(let digest, _): refused(digest)
        default: break
        }
    }

    private mutating func note(_ fact: Fact, of machine: Int) {
        switch fact {
        case .committed(let index, let digest):
            trace.note(now, .committed, node: machine, index, fingerprint(digest.bytes))
        case .certified(let sealed):
            let header = sealed.checkpoint.header
            trace.note(
                now, .certified, node: machine, header.height, fingerprint(header.digest.bytes))
        case .executed(let execution):
            let isDone = if case .done = execution.outcome { true } else { false }
            trace.note(
                now, .executed, node: machine, fingerprint(execution.body.digest.bytes),
                isDone ? "done" : "\(execution.outcome)")
        case .ordered(let index, let digest):
            trace.note(now, .executed, node: machine, index, fingerprint(digest.bytes))
        case .final(let digest):
            trace.note(now, .final, node: machine, fingerprint(digest.bytes))
        case .refused(let digest, let why):
            trace.note(now, .refused, node: machine, fingerprint(digest.bytes), why)
        case .epoch(let step): trace.note(now, .epoch, node: machine, step.epoch)
        case .adopted(let height): trace.note(now, .adopted, node: machine, height)
        case .accused(let seat): trace.note(now, .accused, node: machine, UInt64(seat))
        case .forgot: trace.note(now, .halted, node: machine)
        case .halted(let why):
            halts[machine] = why
            trace.note(now, .halted, node: machine, 0, why)
        case .kept: break
        }
    }
}
