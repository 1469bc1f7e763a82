// Validators that hear each other after one fixed delay, with nothing going wrong.
import Primitives

@testable import Consensus

/// Virtual time from one second on. Durable at once.
struct SmallNetwork {
    enum Event {
        case input(Int, Validator.Input)
    }

    let committee: TestCommittee
    let delay: UInt64
    var validators: [Validator]
    var queue = EventQueue<Event>()
    var now = Instant(nanoseconds: Nanoseconds.perSecond)
    /// Commits of each seat with their times.
    var commits: [[(time: Instant, commit: Commit)]]
    /// Own blocks of each seat with their times.
    var made: [[(time: Instant, block: CheckedBlock)]]
    /// More delay of a message, in nanoseconds; nil for never. The block is nil for a question.
    var extra: (_ from: Int, _ to: Int, _ block: CheckedBlock?) -> UInt64? = { _, _, _ in 0 }
    /// What the seats that do not run here send when somebody has broadcast a block.
    var react: (CheckedBlock) -> [CheckedBlock] = { _ in [] }
    /// Seats that do not run.
    var absent: Set<Int> = []

    init(
        _ seats: Int, delay: UInt64 = Nanoseconds.perMillisecond,
        change: (inout ValidatorSettings) -> Void = { _ in }
    ) {
        committee = TestCommittee(seats)
        self.delay = delay
        var settings = ValidatorSettings(commits: .standard)
        change(&settings)
        let genesis = Instant(nanoseconds: 0)
        validators = []
        for key in committee.keys {
            let recovery = Recovery(genesisTime: genesis, startsReady: true)
            validators.append(Ambient.validator(committee.view, key, settings, recovery))
        }
        commits = [[(time: Instant, commit: Commit)]](repeating: [], count: seats)
        made = [[(time: Instant, block: CheckedBlock)]](repeating: [], count: seats)
        for seat in 0..<seats { queue.push(.input(seat, .tick), at: now) }
    }

    mutating func submit(_ item: [UInt8], to seat: Int) {
        queue.push(.input(seat, .payload([item])), at: now)
    }

    /// Milliseconds since the start.
    var elapsed: UInt64 {
        (now.nanoseconds - Nanoseconds.perSecond) / Nanoseconds.perMillisecond
    }

    mutating func run(milliseconds: UInt64) {
        let end = now.advanced(byNanoseconds: milliseconds * Nanoseconds.perMillisecond)
        while let (time, event) = queue.pop() {
            guard time <= end else {
                queue.push(event, at: time)
                break
            }
            now = max(now, time)
            if case .input(let seat, let input) = event { step(seat, input) }
        }
        now = end
    }

    private mutating func step(_ seat: Int, _ input: Validator.Input) {
        guard !absent.contains(seat) else { return }
        var actions: [Validator.Action] = []
        validators[seat].step(input, at: now, into: &actions)
        let own = Peer.seat(Seat(UInt8(seat)))
        for action in actions {
            switch action {
            case .broadcast(let block):
                made[seat].append((now, block))
                broadcast(block)
            case .send(let block, .seat(let peer)):
                deliver(.block(block, from: own), from: seat, to: Int(peer.index))
            case .request(let names, let above, .seat(let peer)):
                deliver(
                    .wanted(names, above: above, by: own), from: seat, to: Int(peer.index))
            case .commit(let commit): commits[seat].append((now, commit))
            case .wake(let time): queue.push(.input(seat, .tick), at: time)
            case .persist, .send, .request, .accuse, .refuse, .halt: break
            }
        }
    }

    private mutating func broadcast(_ block: CheckedBlock) {
        let author = Int(block.author.index)
        for peer in validators.indices where peer != author {
            deliver(.block(block, from: .seat(block.author)), from: author, to: peer)
        }
        for other in react(block) { broadcast(other) }
    }

    private mutating func deliver(_ input: Validator.Input, from seat: Int, to peer: Int) {
        var block: CheckedBlock?
        if case .block(let sent, _) = input { block = sent }
        guard let more = extra(seat, peer, block) else { return }
        queue.push(.input(peer, input), at: now.advanced(byNanoseconds: delay + more))
    }

    /// When `seat` committed `item`.
    func committed(_ item: [UInt8], by seat: Int) -> Instant? {
        commits[seat].first { entry in
            entry.commit.blocks.contains { $0.block.payload.contains { Array($0) == item } }
        }?.time
    }
}
