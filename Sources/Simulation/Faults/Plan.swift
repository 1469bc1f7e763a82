// What will go wrong in a run: drawn from its seed before it begins.
import Primitives

/// One thing that goes wrong at one time; machines by their numbers, spans in nanoseconds.
enum Disaster {
    case partition([Int])
    /// A partition by machines, not by seats.
    case split([Int])
    case oneWay(Int, Int)
    case join
    case crash(Int, downFor: UInt64)
    /// The power goes at the disk operation after so many more.
    case powerLoss(Int, operations: Int)
    case pause(Int, UInt64)
    case loseDisk(Int)
    case backUp(Int)
    case restoreBackup(Int)
    case diskErrors(Int, appends: UInt64, syncs: UInt64)
    case fullDisk(Int)
    case slowDisk(Int, factor: UInt64)
    case mendDisk(Int)
    case rot(Int)
    case misdirect(Int)
    case clock(Int, UInt64, ahead: Bool)
    /// Another division of the seats between the machines of a seat run twice.
    case divideTwins
    /// A client asks for a change of seats.
    case seatChange
    /// Nothing goes wrong from now on.
    case heal
}

/// Which kinds of faults a run may have: each seed switches on its own subset.
struct Swarm: Hashable, Sendable {
    private let bits: UInt64

    /// Nothing goes wrong.
    static let calm = Swarm(bits: 0)

    private init(bits: UInt64) { self.bits = bits }

    init(drawnBy chance: inout Chance) {
        // One run in eight is calm, others have a third or two thirds of the kinds.
        switch chance.below(UInt64(8)) {
        case 0: bits = 0
        case 1...4: bits = chance.word() & (chance.word() | chance.word() & chance.word())
        default: bits = chance.word() | chance.word() & chance.word()
        }
    }

    private func isOn(_ bit: UInt64) -> Bool { bits >> bit & 1 == 1 }

    var tails: Bool { isOn(0) }
    var drops: Bool { isOn(1) }
    var duplicates: Bool { isOn(2) }
    var reorders: Bool { isOn(3) }
    var partitions: Bool { isOn(4) }
    var oneWays: Bool { isOn(5) }
    var flaps: Bool { isOn(6) }
    var blackouts: Bool { isOn(7) }
    var diskErrors: Bool { isOn(8) }
    var fullDisks: Bool { isOn(9) }
    var slowDisks: Bool { isOn(10) }
    var crashes: Bool { isOn(11) }
    var tornWrites: Bool { isOn(12) }
    var storms: Bool { isOn(13) }
    var pauses: Bool { isOn(14) }
    var skews: Bool { isOn(15) }
    var faultySeats: Bool { isOn(16) }
    var seatChanges: Bool { isOn(17) }
    var retries: Bool { isOn(18) }
    var doubleSigners: Bool { isOn(19) }
    var wideArea: Bool { isOn(20) }
}

/// The faults of one run, in the order of their times.
struct Plan {
    let swarm: Swarm
    let roles: [Role]
    private(set) var disasters: [(at: UInt64, Disaster)] = []
    /// Nanoseconds from the start at which everything is mended.
    let healing: UInt64
    private let seats: Int
    private var chance: Chance

    /// - Parameters:
    ///   - seats: machines at the start, one a seat.
    ///   - faults: f.
    ///   - healing: when everything is mended, in nanoseconds from the start.
    ///   - isCalm: nothing goes wrong.
    init(seed: UInt64, seats: Int, faults: Int, healing: UInt64, isCalm: Bool) {
        var chance = Chance(seed: seed, "plan")
        swarm = isCalm ? .calm : Swarm(drawnBy: &chance)
        roles = Self.roles(seats, faults, swarm, &chance)
        self.seats = seats
        self.healing = healing
        self.chance = chance
        planNetwork()
        planProcesses()
        planDisks()
        planClocks()
        planRoles()
        if swarm.seatChanges {
            for _ in 0...self.chance.below(3) { add(.seatChange) }
        }
        disasters.sort { $0.at < $1.at }
        disasters.append((healing, .heal))
    }

    /// Nothing but a split until `healing`.
    init(_ split: SplitBrain, seats: Int, spares: Int, healing: UInt64) {
        swarm = .calm
        roles = split.roles(seats: seats)
        self.seats = seats
        self.healing = healing
        chance = Chance(seed: 0, "plan")
        disasters = [(0, .split(split.halves(members: seats + spares))), (healing, .heal)]
    }

    private static func roles(
        _ seats: Int, _ faults: Int, _ swarm: Swarm, _ chance: inout Chance
    ) -> [Role] {
        var roles = [Role](repeating: .honest, count: seats)
        guard swarm.faultySeats else { return roles }
        for seat in chance.shuffled(Array(0..<seats)).prefix(faults) {
            switch chance.below(UInt64(8)) {
            case 0...2: roles[seat] = .twins
            case 3, 4: roles[seat] = .saboteur(sabotage(&chance))
            case 5, 6: roles[seat] = .forgetful
            default: roles[seat] = .lost
            }
        }
        return roles
    }

    private static func sabotage(_ chance: inout Chance) -> Sabotage {
        var sabotage = Sabotage()
        let kinds = chance.word()
        if kinds & 1 != 0 { sabotage.withholds = chance.within(100...600) }
        if kinds & 2 != 0 { sabotage.ignored = chance.word() & chance.word() }
        if kinds & 4 != 0 { sabotage.spoils = chance.within(20...200) }
        if kinds & 8 != 0 { sabotage.forges = chance.within(20...400) }
        if kinds & 16 != 0 { sabotage.repeats = chance.within(20...200) }
        return sabotage
    }

    // MARK: The timeline

    private mutating func add(_ disaster: Disaster) {
        disasters.append((chance.below(healing), disaster))
    }

    /// `disaster` at some time, and `end` a while after it.
    private mutating func add(_ disaster: Disaster, until end: Disaster, within span: UInt64) {
        let at = chance.below(healing)
        disasters.append((at, disaster))
        disasters.append((min(at + 1 + chance.below(span), healing - 1), end))
    }

    private mutating func seat() -> Int { chance.below(seats) }

    private mutating func planNetwork() {
        let second = Nanoseconds.perSecond
        if swarm.partitions {
            for _ in 0...chance.below(3) {
                let groups = (0..<seats).map { _ in chance.below(2) }
                add(.partition(groups), until: .join, within: 3 * second)
            }
        }
        if swarm.partitions, chance.below(2) == 0 {
            let halves = chance.shuffled((0..<seats).map { $0 % 2 })
            add(.partition(halves), until: .join, within: 3 * second)
        }
        if swarm.oneWays {
            for _ in 0...chance.below(4) {
                let pair = chance.shuffled(Array(0..<seats))
                if seats > 1 { add(.oneWay(pair[0], pair[1]), until: .join, within: 2 * second) }
            }
        }
        if swarm.flaps, seats > 1 {
            let pair = chance.shuffled(Array(0..<seats))
            var at = chance.below(healing)
            for _ in 0..<20 where at < healing {
                disasters.append((at, .oneWay(pair[0], pair[1])))
                disasters.append((at + 50 * Nanoseconds.perMillisecond, .join))
                at += 100 * Nanoseconds.perMillisecond + chance.below(second / 10)
            }
        }
    }

    private mutating func planProcesses() {
        let second = Nanoseconds.perSecond
        if swarm.crashes {
            for _ in 0...chance.below(4) { add(.crash(seat(), downFor: chance.below(2 * second))) }
        }
        if swarm.tornWrites {
            for _ in 0...chance.below(4) {
                add(.powerLoss(seat(), operations: chance.below(20)))
            }
        }
        if swarm.blackouts {
            // All but one are down for a while.
            let at = chance.below(healing)
            for seat in chance.shuffled(Array(0..<seats)).dropFirst() {
                let start = at + chance.below(second / 5)
                disasters.append((start, .crash(seat, downFor: second + chance.below(second))))
            }
        }
        if swarm.storms {
            let victim = seat()
            var at = chance.below(healing)
            for _ in 0..<8 where at < healing {
                disasters.append((at, .crash(victim, downFor: chance.below(second / 10))))
                at += chance.below(second / 2)
            }
        }
        if swarm.pauses {
            for _ in 0...chance.below(4) { add(.pause(seat(), chance.below(2 * second))) }
        }
    }

    private mutating func planDisks() {
        let second = Nanoseconds.perSecond
        if swarm.diskErrors {
            for _ in 0...chance.below(3) {
                let victim = seat()
                let errors = Disaster.diskErrors(
                    victim, appends: chance.below(UInt64(30)), syncs: chance.below(UInt64(30)))
                add(errors, until: .mendDisk(victim), within: 2 * second)
            }
        }
        if swarm.fullDisks {
            let victim = seat()
            add(.fullDisk(victim), until: .mendDisk(victim), within: 2 * second)
        }
        if swarm.slowDisks {
            let victim = seat()
            let slow = Disaster.slowDisk(victim, factor: chance.within(10...200))
            add(slow, until: .mendDisk(victim), within: 3 * second)
        }
    }

    /// Clocks of honest seats are a little off; those of lost seats by up to an hour.
    private mutating func planClocks() {
        for seat in 0..<seats {
            if swarm.skews, roles[seat] != .lost {
                let off = chance.below(200 * Nanoseconds.perMillisecond)
                disasters.append((0, .clock(seat, off, ahead: chance.below(2) == 0)))
            }
            guard roles[seat] == .lost else { continue }
            for _ in 0...chance.below(3) {
                let off = chance.below(Nanoseconds.perHour)
                add(.clock(seat, off, ahead: chance.below(2) == 0))
            }
        }
    }

    private mutating func planRoles() {
        for seat in 0..<seats {
            switch roles[seat] {
            case .forgetful: planLoss(of: seat)
            case .twins:
                for _ in 0..<6 { add(.divideTwins) }
            case .honest, .saboteur, .lost: break
            }
        }
    }

    private mutating func planLoss(of seat: Int) {
        switch chance.below(4) {
        case 0: add(.loseDisk(seat))
        case 1:
            add(.backUp(seat), until: .restoreBackup(seat), within: healing)
        case 2: add(.rot(seat), until: .crash(seat, downFor: 0), within: Nanoseconds.perSecond)
        default:
            add(.misdirect(seat), until: .crash(seat, downFor: 0), within: Nanoseconds.perSecond)
        }
    }
}
