// Validators that order 32-byte operations in one process: how many a second, and how late.
import Consensus
import Cryptography
import Platform
import Primitives
import Synchronization

/// Validators of one committee, joined by memory. Blocks travel encoded, and every seat decodes
/// them and checks every signature. Nothing is made durable and nothing is executed.
public struct ConsensusWorkload: Sendable {
    public var seats = 4
    /// Validators are dealt out to so many threads.
    public var threads = 1
    public var milliseconds: UInt64 = 4_000
    /// Operations offered a second, over all seats; nil for as many as there is room for.
    public var offered: UInt64?
    /// Each block is decoded and checked once and not by every seat: what is left is the cost of
    /// the graph, where more seats run than the machine can check signatures for.
    public var checksOnce = false
    public var settings = ValidatorSettings(commits: .standard)

    public init() {}

    /// Bytes of one operation: its number and when it was offered, and zeros.
    static let operationBytes = 32
    /// Not measured at the start.
    static let warmUpMilliseconds: UInt64 = 500

    public struct Outcome: Sendable {
        /// Operations that came into the order at the first seat.
        public var operations = 0
        public var commits = 0
        public var nanoseconds: UInt64 = 1
        /// From offer to commit at the seat it was offered to, sorted, in nanoseconds.
        public var latencies: [UInt64] = []

        public var operationsPerSecond: Double { Double(operations) / Double(nanoseconds) * 1e9 }
        public var commitsPerSecond: Double { Double(commits) / Double(nanoseconds) * 1e9 }

        /// The latency that a share of the operations keeps, in milliseconds; -1 where there are
        /// none.
        public func milliseconds(at share: Double) -> Double {
            guard !latencies.isEmpty else { return -1 }
            let index = Int(Double(latencies.count - 1) * share)
            return Double(latencies[index]) / 1e6
        }
    }

    /// Runs to the end and checks that all seats agree.
    public func run() throws -> Outcome {
        let keys = (0..<seats).compactMap {
            SigningKey(seed: [UInt8](repeating: UInt8($0), count: 32))
        }
        guard let committee = CommitteeView(chain: Digest(), epoch: 1, keys: keys.map(\.publicKey))
        else { throw BenchFailure.failed("no committee of \(seats) seats") }
        let office = Office(lanes: threads, seats: seats)
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        let work = { @Sendable (lane: Int) in
            let seats = (0..<seats).filter { $0 % threads == lane }
            var room = LaneRoom(self, committee, keys, seats: seats, office: office)
            room.run(from: start)
            office.report(room.outcome, room.digests)
        }
        let others = try (1..<max(1, threads)).map { lane in
            try OSThread.start("consensus \(lane)") { work(lane) }
        }
        work(0)
        for other in others { other.join() }
        return try office.outcome(of: self)
    }
}

/// What threads share: letters to each lane, and what came out.
private final class Office: Sendable {
    struct Letter: Sendable {
        enum Content: Sendable {
            case block([UInt8])
            case checked(CheckedBlock)
            case input(Validator.Input)
        }
        let seat: Int
        let from: Peer
        let content: Content
    }

    private struct Reports {
        var outcomes: [ConsensusWorkload.Outcome] = []
        var digests: [[Digest]] = []
    }

    private let boxes: [Box]
    private let reports = Mutex(Reports())
    private let seats: Int

    private final class Box: Sendable {
        let letters = Mutex<[Letter]>([])
    }

    init(lanes: Int, seats: Int) {
        boxes = (0..<max(1, lanes)).map { _ in Box() }
        self.seats = seats
    }

    func post(_ letter: Letter) {
        boxes[letter.seat % boxes.count].letters.withLock { $0.append(letter) }
    }

    func take(_ lane: Int) -> [Letter] {
        boxes[lane].letters.withLock { letters in
            let taken = letters
            letters = []
            return taken
        }
    }

    func broadcast(_ content: Letter.Content, from seat: Int) {
        let peer = Peer.seat(Seat(UInt8(seat)))
        for other in 0..<seats where other != seat {
            post(Letter(seat: other, from: peer, content: content))
        }
    }

    func report(_ outcome: ConsensusWorkload.Outcome, _ digests: [[Digest]]) {
        reports.withLock {
            $0.outcomes.append(outcome)
            $0.digests += digests
        }
    }

    func outcome(of workload: ConsensusWorkload) throws -> ConsensusWorkload.Outcome {
        let all = reports.withLock { $0 }
        let longest = all.digests.max { $0.count < $1.count } ?? []
        guard all.digests.allSatisfy({ $0.elementsEqual(longest.prefix($0.count)) }) else {
            throw BenchFailure.failed("the seats disagree")
        }
        var sum = ConsensusWorkload.Outcome()
        for outcome in all.outcomes {
            sum.operations += outcome.operations
            sum.commits += outcome.commits
            sum.latencies += outcome.latencies
        }
        sum.latencies.sort()
        let warmUp = ConsensusWorkload.warmUpMilliseconds
        sum.nanoseconds = (workload.milliseconds - warmUp) * Nanoseconds.perMillisecond
        return sum
    }
}

/// The validators of one thread.
private struct LaneRoom {
    private let workload: ConsensusWorkload
    private let committee: CommitteeView
    private let office: Office
    private let lane: Int
    private let clock = SystemClock()
    /// Never opened: waiting for it is a pause.
    private let pause = Gate()
    private let seats: [Int]
    private var validators: [Validator]
    private var wakes: [UInt64]
    /// Operations offered to each seat and not in the order yet.
    private var open: [Int]
    private var offered: [UInt64]
    private var start: UInt64 = 0
    private var now: UInt64 = 0
    private(set) var digests: [[Digest]]
    private(set) var outcome = ConsensusWorkload.Outcome()

    /// Operations of one seat that are offered and not ordered, at most: two full blocks.
    private static let openLimit = 50_000
    private static let chunk = 2_048

    init(
        _ workload: ConsensusWorkload, _ committee: CommitteeView, _ keys: [SigningKey],
        seats: [Int], office: Office
    ) {
        self.workload = workload
        self.committee = committee
        self.office = office
        self.seats = seats
        lane = seats.first ?? 0
        let genesis = Instant(nanoseconds: 0)
        validators = seats.map { seat in
            Validator(
                committee: committee, key: keys[seat], settings: workload.settings,
                genesisTime: genesis,
                recovery: Recovery(genesisTime: genesis, startsReady: true))
        }
        wakes = [UInt64](repeating: 0, count: seats.count)
        open = [Int](repeating: 0, count: seats.count)
        offered = [UInt64](repeating: 0, count: seats.count)
        digests = [[Digest]](repeating: [], count: seats.count)
    }

    mutating func run(from start: UInt64) {
        self.start = start
        let end = start + workload.milliseconds * Nanoseconds.perMillisecond
        now = clock.monotonicNanoseconds()
        while now < end {
            let letters = office.take(lane)
            for letter in letters { receive(letter) }
            var isBusy = !letters.isEmpty
            for index in seats.indices {
                isBusy = feed(index) || isBusy
                if wakes[index] <= now {
                    step(index, .tick)
                    isBusy = true
                }
            }
            if !isBusy { _ = pause.wait(nanoseconds: 20 * Nanoseconds.perMicrosecond) }
            now = clock.monotonicNanoseconds()
        }
    }

    private mutating func receive(_ letter: Office.Letter) {
        let index = letter.seat / max(1, workload.threads)
        switch letter.content {
        case .block(let bytes):
            guard let block = try? Block(decoding: bytes),
                let checked = try? CheckedBlock(block, in: committee)
            else { return }
            step(index, .block(checked, from: letter.from))
        case .checked(let block): step(index, .block(block, from: letter.from))
        case .input(let input): step(index, input)
        }
    }

    /// Offers operations to one seat; whether any were due.
    private mutating func feed(_ index: Int) -> Bool {
        var count = 0
        if let rate = workload.offered {
            let due = (now - start) / 1_000 * rate / UInt64(workload.seats) / 1_000_000
            count = Int(min(due - min(due, offered[index]), UInt64(Self.chunk)))
        } else if open[index] + Self.chunk <= Self.openLimit {
            count = Self.chunk
        }
        guard count > 0 else { return false }
        var payload = BlockPayload()
        for _ in 0..<count {
            var writer = ByteWriter(capacity: ConsensusWorkload.operationBytes)
            writer.write(offered[index])
            writer.write(now)
            writer.write(UInt64(seats[index]))
            writer.write(UInt64(0))
            payload.append(writer.bytes)
            offered[index] += 1
        }
        open[index] += count
        step(index, .payload(payload))
        return true
    }

    private mutating func step(_ index: Int, _ input: Validator.Input) {
        var actions: [Validator.Action] = []
        let instant = Instant(nanoseconds: now)
        validators[index].step(input, at: instant, into: &actions)
        wakes[index] = wakes[index] <= now ? .max : wakes[index]
        let seat = seats[index]
        let own = Peer.seat(Seat(UInt8(seat)))
        for action in actions {
            switch action {
            case .broadcast(let block):
                office.broadcast(content(block), from: seat)
            case .send(let block, .seat(let peer)):
                office.post(.init(seat: Int(peer.index), from: own, content: content(block)))
            case .request(let names, let above, .seat(let peer)):
                let question = Validator.Input.wanted(names, above: above, by: own)
                office.post(.init(seat: Int(peer.index), from: own, content: .input(question)))
            case .commit(let commit): note(commit, index)
            case .wake(let time): wakes[index] = time.nanoseconds
            case .persist, .send, .request, .accuse, .refuse, .halt: break
            }
        }
    }

    private func content(_ block: CheckedBlock) -> Office.Letter.Content {
        workload.checksOnce ? .checked(block) : .block(block.block.encoded)
    }

    private mutating func note(_ commit: Commit, _ index: Int) {
        digests[index].append(commit.head.digest)
        let instant = clock.monotonicNanoseconds()
        let isWarm = instant - start
            >= ConsensusWorkload.warmUpMilliseconds * Nanoseconds.perMillisecond
        let isFirst = seats[index] == 0
        if isFirst, isWarm { outcome.commits += 1 }
        for block in commit.blocks {
            let payload = block.block.payload
            if isFirst, isWarm { outcome.operations += payload.count }
            guard block.author == validators[index].seat else { continue }
            open[index] -= payload.count
            guard isWarm else { continue }
            for item in payload {
                let offered = item.dropFirst(8).prefix(8).reversed().reduce(UInt64(0)) {
                    $0 << 8 | UInt64($1)
                }
                outcome.latencies.append(instant - min(instant, offered))
            }
        }
    }
}

public enum ConsensusBench {
    /// Offered a second where latency is measured.
    private static let lightLoad: UInt64 = 1_000

    public static func run(_ context: BenchContext) throws -> [Metric] {
        var (two, one, median, late): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            var workload = ConsensusWorkload()
            one.append(try workload.run().operationsPerSecond)
            workload.threads = 2
            two.append(try workload.run().operationsPerSecond)
            workload.offered = lightLoad
            let light = try workload.run()
            median.append(light.milliseconds(at: 0.5))
            late.append(light.milliseconds(at: 0.9))
        }
        return [
            Metric("ordered_operations_per_second", unit: "operations/s", samples: two),
            Metric("one_thread_operations_per_second", unit: "operations/s", samples: one),
            Metric("core_commit_p50_ms", unit: "ms", samples: median),
            Metric("core_commit_p90_ms", unit: "ms", samples: late),
        ]
    }
}
