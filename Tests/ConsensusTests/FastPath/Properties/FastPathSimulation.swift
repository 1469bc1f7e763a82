// Seats with fast paths on a bad network and a shared total order, from one seed.
import Cryptography
import Primitives
import TestSupport

@testable import Consensus

/// Honest seats run the machine, journal and recover; the last f seats are one adversary.
struct FastPathSimulation {
    struct Shape: Sendable, CustomStringConvertible {
        var seats = 4
        /// Chains whose clients sign one update a place; more chains sign two for one place.
        var chains = 3
        var splitChains = 2
        var updates: UInt64 = 5
        var crashes = true
        /// The network stays bad, unlocks come unasked and the epoch closes early: only safety is
        /// looked at.
        var isHarsh = false
        var description: String {
            "\(seats) seats, \(chains)+\(splitChains) chains\(isHarsh ? ", harsh" : "")"
        }
    }

    enum Message: Sendable {
        case proposal(Proposal)
        case vote(LockVote, [Rejection], Proposal)
        case certificate(CheckedCertificate)
        case confirm(Confirm)
    }

    enum Event: Sendable {
        case deliver(Message, to: Int)
        case tick(Int)
        case order(OrderedItem)
        case readOrder(Int)
        case client(UInt8)
        case close
    }

    struct Node: Sendable {
        var machine: FastPath
        var ledger: TestLedger
        var journal: [JournalEntry] = []
        /// Items of the order that were read.
        var read = 0
    }

    enum JournalEntry: Sendable {
        case record(LockRecord)
        case certificate(CheckedCertificate)
    }

    let shape: Shape
    let committee: TestCommittee
    let rules: FastPathRules
    var generator: SeededGenerator
    var queue = EventQueue<Event>()
    var now = Instant(nanoseconds: 1)
    var nodes: [Node] = []
    var order: [OrderedItem] = []
    var oracle: FastPathOracle
    var adversary: FastPathAdversary
    /// Proposals by digest, for the oracle.
    var proposals: [Digest: Proposal] = [:]
    var reported: Set<UpdateSlot> = []
    var crashCount = 0

    /// From here on nothing is lost and nobody crashes.
    private var stable: Instant { Self.seconds(shape.isHarsh ? 6 : 3) }
    private var closing: Instant { Self.seconds(shape.isHarsh ? 2 : 12) }
    private var end: Instant { Self.seconds(20) }

    private static func seconds(_ count: UInt64) -> Instant {
        Instant(nanoseconds: count * Nanoseconds.perSecond)
    }

    var honest: Int { shape.seats - committee.view.faults }

    init(_ shape: Shape, seed: UInt64, spoil: (inout FastPathRules) -> Void = { _ in }) {
        self.shape = shape
        committee = TestCommittee(shape.seats)
        var rules = FastPathRules(for: committee.view)
        spoil(&rules)
        self.rules = rules
        generator = SeededGenerator(seed: seed)
        oracle = FastPathOracle(committee: committee.view, faulty: committee.view.faults)
        adversary = FastPathAdversary(committee: committee, honest: shape.seats)
        adversary.honest = honest
        for index in 0..<honest { nodes.append(node(index)) }
        for chain in 0..<UInt8(shape.chains + shape.splitChains) {
            queue.push(.client(chain), at: later(50))
        }
        queue.push(.close, at: closing)
    }

    private func node(_ index: Int) -> Node {
        Node(
            machine: machine(index), ledger: TestLedger(committee: committee.view, rules: rules))
    }

    private func machine(_ index: Int) -> FastPath {
        var settings = FastPathSettings()
        settings.proposalItems = 3
        return FastPath(
            committee: committee.view, key: committee.keys[index], settings: settings,
            rules: rules)
    }

    func later(_ milliseconds: UInt64, using generator: inout SeededGenerator) -> Instant {
        let most = milliseconds * Nanoseconds.perMillisecond
        return now.advanced(byNanoseconds: UInt64.random(in: 1...most, using: &generator))
    }

    mutating func later(_ milliseconds: UInt64) -> Instant {
        var copy = generator
        defer { generator = copy }
        return later(milliseconds, using: &copy)
    }

    mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &generator) < percent
    }

    // Running

    /// Runs to the end of the epoch; nil where all went well.
    mutating func run() -> String? {
        while let (time, event) = queue.pop(), time <= end, oracle.broken == nil {
            now = time
            handle(event)
        }
        if let broken = oracle.broken { return broken }
        for index in nodes.indices {
            read(index, upTo: order.count)
            guard nodes[index].ledger.isOver else { return "no end of the epoch at \(index)" }
            oracle.checkEnd(nodes[index].ledger)
        }
        return oracle.broken ?? (shape.isHarsh ? nil : missing())
    }

    /// What should have been final or carried out and is not.
    private func missing() -> String? {
        for chain in 0..<UInt8(shape.chains + shape.splitChains) {
            let head = nodes[0].ledger.head(TestUpdates.key(chain))
            if head.sequence < shape.updates { return "chain \(chain) ends at \(head.sequence)" }
            guard chain < shape.chains, crashCount == 0 else { continue }
            for sequence in 1...shape.updates {
                let slot = TestUpdates.update(chain, sequence).slot
                if !reported.contains(slot) { return "never final: \(chain), \(sequence)" }
            }
        }
        return nil
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .deliver(let message, let seat): deliver(message, to: seat)
        case .tick(let seat): step(seat, .tick)
        case .order(let item):
            order.append(item)
            for seat in nodes.indices { queue.push(.readOrder(seat), at: later(30)) }
            for reply in adversary.see(item) { queue.push(.order(reply), at: later(30)) }
        case .readOrder(let seat):
            read(seat, upTo: min(order.count, nodes[seat].read + 1))
        case .client(let chain):
            submit(chain)
            if now < closing { queue.push(.client(chain), at: later(400)) }
        case .close: queue.push(.order(.close), at: now)
        }
    }

    private mutating func deliver(_ message: Message, to seat: Int) {
        guard seat < honest else {
            for (reply, target) in adversary.see(message, using: &generator) {
                send(reply, to: target)
            }
            return
        }
        switch message {
        case .proposal(let proposal):
            let verdicts = proposal.items.map {
                FastPath.Verdict.admissible(head: nodes[seat].ledger.head($0.chain))
            }
            step(seat, .proposal(proposal, from: proposal.gateway, verdicts: verdicts))
        case .vote(let vote, let rejections, _):
            step(seat, .vote(CheckedLockVote(own: vote), rejections: rejections))
        case .certificate(let certificate):
            let heads = certificate.updates.map { nodes[seat].ledger.head($0.chain) }
            step(seat, .certificate(certificate, heads: heads))
        case .confirm(let confirm): step(seat, .confirm(CheckedConfirm(own: confirm)))
        }
    }

    private mutating func read(_ seat: Int, upTo end: Int) {
        while nodes[seat].read < end {
            let inputs = nodes[seat].ledger.apply(order[nodes[seat].read])
            nodes[seat].read += 1
            oracle.check(nodes[seat].ledger)
            for input in inputs { step(seat, input) }
        }
    }

    // Clients

    /// Submits the next updates of a chain as one gateway sees it. A split chain has two for its
    /// second place, until an unlock.
    private mutating func submit(_ chain: UInt8) {
        let gateway = Int.random(in: 0..<honest, using: &generator)
        let head = nodes[gateway].ledger.head(TestUpdates.key(chain))
        guard head.sequence < shape.updates else { return }
        var submissions: [FastPath.Submission] = []
        var previous = head.digest
        for sequence in head.sequence + 1...min(head.sequence + 3, shape.updates) {
            let isSplit = Int(chain) >= shape.chains && sequence == 2 && head.attempt == 0
            let version: UInt8 = isSplit && chance(50) ? 1 : 0
            // Bodies of the first chain do not name the one before them.
            let named: Digest? = chain == 0 ? nil : previous
            let update = TestUpdates.update(
                chain, sequence, version: version, attempt: head.attempt, previous: .some(named))
            previous = update.digest
            submissions.append(.init(update, head: head))
        }
        step(gateway, .submit(submissions))
        for (message, target) in adversary.split(submissions.map(\.update), using: &generator) {
            send(message, to: target)
        }
        if shape.isHarsh, chance(30), let first = submissions.first {
            queue.push(.order(.unlock(Unlock(slot: first.update.slot))), at: later(100))
        }
    }

    // Actions

    private mutating func step(_ seat: Int, _ input: FastPath.Input) {
        var actions: [FastPath.Action] = []
        nodes[seat].machine.step(input, at: now, into: &actions)
        let isCrash = shape.crashes && now < stable && chance(shape.isHarsh ? 3 : 1)
        let count = isCrash ? Int.random(in: 0...actions.count, using: &generator) : actions.count
        for action in actions.prefix(count) { perform(action, seat) }
        if isCrash { restart(seat) }
    }

    private mutating func perform(_ action: FastPath.Action, _ seat: Int) {
        switch action {
        case .record(let record): nodes[seat].journal.append(.record(record))
        case .store(let certificate):
            nodes[seat].journal.append(.certificate(certificate))
        case .propose(let proposal, let seats):
            proposals[proposal.digest(chain: committee.view.chain)] = proposal
            for target in seats { send(.proposal(proposal), to: Int(target.index)) }
        case .vote(let vote, let rejections, let gateway):
            guard let proposal = proposals[vote.proposal] else { return }
            oracle.see(vote: vote, on: proposal)
            oracle.see(vote: vote, on: proposal, after: nodes[seat].ledger)
            send(.vote(vote, rejections, proposal), to: Int(gateway.index))
        case .certify(let certificate, let seats):
            for target in seats { send(.certificate(certificate), to: Int(target.index)) }
        case .confirm(let confirm, let gateway):
            guard let proposal = proposals[confirm.proposal] else { return }
            oracle.see(confirm: confirm, on: proposal)
            send(.confirm(confirm), to: Int(gateway.index))
        case .final(let updates, let finality): see(finality, updates)
        case .rejected(let update, let reasons):
            let isHeld = reasons.contains { if case .held = $0 { true } else { false } }
            if isHeld { queue.push(.order(.unlock(Unlock(slot: update.slot))), at: later(30)) }
        case .reference(let certificate):
            see(certificate, by: seat)
            queue.push(
                .order(.certificate(certificate)), at: later(shape.isHarsh ? 1_500 : 60))
        case .unlockVote(let vote):
            queue.push(.order(.unlockVote(vote, Seat(UInt8(seat)))), at: later(60))
        case .flushed: queue.push(.order(.endOfEpoch(Seat(UInt8(seat)))), at: later(60))
        case .accuse(let evidence): see(evidence)
        case .halt: oracle.fail("halt at \(seat)")
        case .wake(let time): queue.push(.tick(seat), at: time)
        case .certified: break
        }
    }

    mutating func send(_ message: Message, to seat: Int) {
        if case .proposal(let proposal) = message {
            proposals[proposal.digest(chain: committee.view.chain)] = proposal
        }
        let isBad = now < stable
        if isBad, chance(15) { return }
        queue.push(.deliver(message, to: seat), at: later(isBad ? 150 : 20))
        if isBad, chance(10) { queue.push(.deliver(message, to: seat), at: later(300)) }
    }

    /// A crash: what was not durable is gone, and the machine comes back from its journal.
    private mutating func restart(_ seat: Int) {
        crashCount += 1
        var machine = machine(seat)
        let ledger = nodes[seat].ledger
        for entry in nodes[seat].journal {
            switch entry {
            case .record(let record): machine.replay(record) { ledger.head($0) }
            case .certificate(let certificate):
                machine.replay(certificate, at: now) { ledger.head($0) }
            }
        }
        nodes[seat].machine = machine
        for chain in ledger.unlocks.keys.sorted() {
            guard let entry = ledger.unlocks[chain] else { continue }
            step(seat, .unlocking(entry.slot, head: ledger.head(chain)))
        }
        step(seat, ledger.isClosing ? .closing : .tick)
    }

    // What the oracle is shown besides

    /// The gateway's own vote and confirm never travel alone.
    private mutating func see(_ certificate: CheckedCertificate, by seat: Int) {
        proposals[certificate.reference.proposal] = certificate.proposal
        if (try? CheckedCertificate(certificate.certificate, in: committee.view)) == nil {
            oracle.fail("a false certificate by \(seat)")
        }
        for vote in certificate.certificate.votes where Int(vote.seat.index) == seat {
            let lock = LockVote(
                epoch: 1, proposal: certificate.reference.proposal, voter: vote.seat,
                rejected: vote.items, signature: vote.signature)
            oracle.see(vote: lock, on: certificate.proposal)
        }
    }

    private mutating func see(_ finality: Finality, _ updates: [Update]) {
        guard let items = try? finality.check(in: committee.view),
            let proposal = proposals[finality.proposal]
        else { return oracle.fail("a false finality") }
        let proven = Set(items.indices.map { proposal.items[$0] })
        if !proven.isSuperset(of: updates) { oracle.fail("a finality proves less than it says") }
        for confirm in finality.confirms where Int(confirm.seat.index) < honest {
            let seen = Confirm(
                epoch: 1, proposal: finality.proposal, voter: confirm.seat,
                confirmed: confirm.items, signature: confirm.signature)
            oracle.see(confirm: seen, on: proposal)
        }
        reported.formUnion(updates.map(\.slot))
    }

    private mutating func see(_ evidence: LockEvidence) {
        guard let accused = try? evidence.check(in: committee.view) else {
            return oracle.fail("false evidence")
        }
        if Int(accused.index) < honest { oracle.fail("evidence against honest \(accused)") }
    }
}
