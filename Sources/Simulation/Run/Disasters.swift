// Carrying out what the plan has: crashes, starts, and all that happens to disks, links and clocks.
import Primitives

extension World {
    mutating func strike(_ disaster: Disaster) {
        trace.note(now, .fault, node: 0, 0, "\(disaster)")
        if isHealed { return }
        switch disaster {
        case .partition, .split, .oneWay, .join: strikeNetwork(disaster)
        case .crash(let machine, let span): crash(machine, downFor: span)
        case .powerLoss(let machine, let operations):
            shells[machine].disk.trouble.operationsUntilPowerLoss = operations
        case .pause(let machine, let span): pause(machine, span)
        case .clock(let machine, let off, let ahead):
            faults[.clocks] += 1
            shells[machine].clock.set(nanoseconds: off, ahead: ahead)
        case .divideTwins: divideTwins()
        case .seatChange: changeSeats()
        case .heal: heal()
        default: strikeDisk(disaster)
        }
    }

    private mutating func strikeNetwork(_ disaster: Disaster) {
        switch disaster {
        case .partition(let groups):
            faults[.partitions] += 1
            let all = shells.map { shell in
                shell.seat < groups.count ? groups[shell.seat] : shell.seat % 2
            }
            network.partition(all)
        case .split(let halves):
            faults[.partitions] += 1
            faults[.twins] += UInt64(shells.count - play.seats - play.spares)
            network.partition(halves)
        case .oneWay(let from, let to):
            faults[plan.swarm.flaps ? .flaps : .oneWay] += 1
            network.cut(from, to)
        default:
            network.join()
            reconnect()
        }
    }

    private mutating func strikeDisk(_ disaster: Disaster) {
        switch disaster {
        case .loseDisk(let machine): lose(machine)
        case .backUp(let machine): backups[machine] = shells[machine].disk.image()
        case .restoreBackup(let machine):
            guard let image = backups[machine] else { return }
            faults[.olderDisks] += 1
            crash(machine, downFor: Nanoseconds.perSecond)
            shells[machine].disk.restore(image)
        case .diskErrors(let machine, let appends, let syncs):
            shells[machine].disk.trouble.failedAppends = appends
            shells[machine].disk.trouble.failedSyncs = syncs
        case .fullDisk(let machine):
            faults[.diskFull] += 1
            shells[machine].disk.trouble.isFull = true
        case .slowDisk(let machine, let factor): slowness[machine] = factor
        case .mendDisk(let machine): mendDisk(machine)
        case .rot(let machine):
            if shells[machine].disk.rot() { faults[.bitRot] += 1 }
        case .misdirect(let machine):
            faults[.misdirected] += 1
            shells[machine].disk.trouble.misdirectsNext = true
        default: break
        }
    }

    private mutating func mendDisk(_ machine: Int) {
        let disk = shells[machine].disk
        faults[.diskErrors] += disk.trouble.struck
        disk.trouble = DiskTrouble()
        slowness[machine] = 1
    }

    // MARK: Processes

    mutating func crash(_ machine: Int, downFor span: UInt64) {
        guard shells[machine].isUp else { return }
        trace.note(now, .crash, node: machine)
        faults[.crashes] += 1
        shells[machine].stop()
        // The machine lost its power too, so that what was not synced may be gone.
        shells[machine].disk.restart()
        heap.push(.start(machine), at: after(50 * Nanoseconds.perMillisecond + span))
    }

    private mutating func lose(_ machine: Int) {
        faults[.wipedDisks] += 1
        crash(machine, downFor: Nanoseconds.perSecond)
        shells[machine].disk.wipe()
    }

    mutating func start(_ machine: Int) {
        guard !shells[machine].isUp else { return }
        let seat = shells[machine].seat
        trace.note(now, .start, node: machine)
        oracle.restarted(machine)
        do {
            let actions = try shells[machine].start(play.program(of: seat), at: now)
            obey(shells[machine].admit(actions), of: machine)
            sync(machine)
        } catch {
            refuse(machine, error)
            return
        }
        faults[.restarts] += elapsed == 0 ? 0 : 1
        for peer in shells.indices where shells[peer].isUp { connect(machine, peer) }
    }

    /// A store that does not open: the disk is tried again or replaced, as an operator would.
    private mutating func refuse(_ machine: Int, _ failure: ShellFailure) {
        let role = role(of: shells[machine].seat)
        switch failure {
        case .storage(.disk): break
        default:
            guard role == .forgetful || !isTrusted(machine) else {
                violation = "machine \(machine) does not start: \(failure)"
                return
            }
            faults[.wipedDisks] += 1
            shells[machine].disk.wipe()
        }
        shells[machine].disk.restart()
        heap.push(.start(machine), at: after(200 * Nanoseconds.perMillisecond))
    }

    private mutating func pause(_ machine: Int, _ span: UInt64) {
        guard shells[machine].isUp else { return }
        faults[.pauses] += 1
        trace.note(now, .pause, node: machine)
        shells[machine].pausedUntil = after(span)
        heap.push(.resume(machine, life: shells[machine].life), at: after(span))
    }

    // MARK: Links

    /// Both sides learn after a while that they are connected.
    private mutating func connect(_ one: Int, _ other: Int) {
        guard shells[one].seat != shells[other].seat else { return }
        for (from, to) in [(one, other), (other, one)] {
            guard network.isOpen(from, to), speaks[from][to] else { continue }
            let at = after(chance.below(20 * Nanoseconds.perMillisecond))
            let input = MachineInput.connected(shells[from].seat)
            heap.push(.input(input, to: to, life: shells[to].life), at: at)
        }
    }

    private mutating func reconnect() {
        for one in shells.indices where shells[one].isUp {
            for other in shells.indices.dropFirst(one + 1) where shells[other].isUp {
                connect(one, other)
            }
        }
    }

    /// Faults end: links carry, disks work, clocks are right, machines run.
    private mutating func heal() {
        trace.note(now, .heal, node: 0)
        isHealed = true
        commitsAtHealing = oracle.committed
        network.calm()
        for machine in shells.indices {
            mendDisk(machine)
            shells[machine].clock = SkewedClock()
            if !shells[machine].isUp { heap.push(.start(machine), at: now) }
        }
        reconnect()
    }
}
