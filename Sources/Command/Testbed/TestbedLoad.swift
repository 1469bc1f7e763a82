// The load of a testbed: batches and operations at a steady pace, over real HTTP, each timed from
// the moment it was due.
import Cryptography
import Platform
import Primitives
import Records
import Synchronization

/// What a testbed is loaded with.
struct LoadShape: Hashable, Sendable {
    /// Batches a second, over all validators.
    var batchesPerSecond: Int
    /// Records in each.
    var recordsPerBatch: Int
    /// Operations a second that must be put in order, over all validators.
    var operationsPerSecond: Int
    /// Connections that send batches to each validator.
    var senders: Int
    /// Where it is not 0: each sender makes so many batches before it begins, and sends them one
    /// after the other without a pace.
    var preparedBatches = 0
}

/// Senders on threads of their own.
final class TestbedLoad: Sendable {
    /// What one validator was seen to do.
    final class Seen: Sendable {
        /// From when a batch was due to its acknowledgement.
        let agentFinal = Latencies()
        /// From when a batch was due to the certified checkpoint that holds it.
        let checkpointFinal = Latencies()
        /// From when an operation was due to its outcome.
        let commit = Latencies()
        let records = Mutex(UInt64(0))
    }

    private struct State {
        /// When batches were due and where they were sent first, until they are seen there in a
        /// checkpoint.
        var due: [Digest: (time: UInt64, place: Int)] = [:]
        var acknowledged: [Digest] = []
        var operations: UInt64 = 0
        var retries: UInt64 = 0
        var failure: CommandFailure?
        var sending = 0
    }

    let seen: [Seen]
    private let addresses: [String]
    private let shape: LoadShape
    private let chain: Digest
    private let state = Mutex(State())
    private let begun = Gate()
    private let ended = Gate()
    private let clock = SystemClock()
    private let threads = Mutex<[OSThread]>([])
    private let window = Mutex((start: UInt64(0), end: UInt64(0)))

    init(_ shape: LoadShape, chain: Digest, to addresses: [String]) {
        self.shape = shape
        self.chain = chain
        self.addresses = addresses
        seen = addresses.map { _ in Seen() }
    }

    /// Enrols every sender; returns when all are known to the ledger.
    func prepare() throws(CommandFailure) {
        let enrolled = Mutex(0)
        let isReady = Gate()
        let hasOperations = shape.operationsPerSecond > 0
        let perSeat = shape.senders + (hasOperations ? 1 : 0)
        let total = perSeat * addresses.count
        state.withLock { $0.sending = total }
        for number in 0..<total {
            let place = number % addresses.count
            let isOperator = number / addresses.count >= shape.senders
            do {
                let thread = try OSThread.start("load-\(number)") { [self] in
                    run(number, to: place, isOperator: isOperator) {
                        let count = enrolled.withLock { count in
                            count += 1
                            return count
                        }
                        if count == total { isReady.open() }
                    }
                }
                threads.withLock { $0.append(thread) }
            } catch { throw .system(error) }
        }
        while !isReady.wait(nanoseconds: 100 * Nanoseconds.perMillisecond) {
            if let failure = state.withLock({ $0.failure }) { throw failure }
        }
    }

    /// Lets all senders begin; they end by themselves after `nanoseconds`.
    func start(for nanoseconds: UInt64) {
        let now = clock.monotonicNanoseconds()
        window.withLock { $0 = (now, now + nanoseconds) }
        begun.open()
    }

    /// Waits at most `nanoseconds`; whether all senders have ended.
    func hasEnded(within nanoseconds: UInt64) -> Bool { ended.wait(nanoseconds: nanoseconds) }

    /// Ends senders early, and waits for them.
    func stop() {
        window.withLock { $0 = (1, 1) }
        begun.open()
        for thread in threads.withLock({ $0 }) { thread.join() }
        threads.withLock { $0 = [] }
    }

    /// In no order over chains.
    var acknowledged: [Digest] { state.withLock { $0.acknowledged } }
    var operations: UInt64 { state.withLock { $0.operations } }
    var retries: UInt64 { state.withLock { $0.retries } }
    var failure: CommandFailure? { state.withLock { $0.failure } }

    /// A validator showed a checkpoint with these batches.
    func noteCheckpoint(_ batches: [Digest], at place: Int) {
        let now = clock.monotonicNanoseconds()
        let due = state.withLock { state in
            batches.compactMap { digest -> UInt64? in
                guard let (time, home) = state.due[digest], home == place else { return nil }
                state.due[digest] = nil
                return time
            }
        }
        for time in due where now > time { seen[place].checkpointFinal.add(now - time) }
    }

    private var isOver: Bool {
        let end = window.withLock { $0.end }
        // What is under way gets some time more.
        return clock.monotonicNanoseconds() > end + 10 * Nanoseconds.perSecond
    }

    private func run(
        _ number: Int, to place: Int, isOperator: Bool, _ whenEnrolled: () -> Void
    ) {
        do throws(CommandFailure) {
            let records = shape.recordsPerBatch
            var chain = LoadChain(chain: chain, records: records, seed: UInt64(number + 1))
            try chain.enroll(with: try NodeClient(addresses[place]))
            let prepared = (0..<shape.preparedBatches).map { _ in
                Prepared(chain.next(at: clock.now()))
            }
            whenEnrolled()
            begun.wait()
            let sender = LoadSender(addresses, first: place)
            if !prepared.isEmpty {
                try submit(prepared, sender)
            } else if isOperator {
                try operate(chain, number, sender)
            } else {
                try submit(&chain, number, sender)
            }
            state.withLock { $0.retries += sender.retries }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
        let sending = state.withLock { state in
            state.sending -= 1
            return state.sending
        }
        if sending == 0 { ended.open() }
    }

    private func submit(
        _ chain: inout LoadChain, _ number: Int, _ sender: LoadSender
    ) throws(CommandFailure) {
        let all = shape.senders * addresses.count
        var pace = Pace(
            window.withLock { $0 }, every: UInt64(all), perSecond: shape.batchesPerSecond,
            place: number)
        while let due = pace.next(clock) {
            guard try submit(Prepared(chain.next(at: clock.now())), due: due, sender) else {
                return
            }
        }
    }

    /// A batch as it is sent.
    private struct Prepared {
        let digest: Digest
        let encoded: [UInt8]

        init(_ batch: CheckedBatch) {
            digest = batch.digest
            encoded = batch.batch.encoded
        }
    }

    private func submit(
        _ batches: [Prepared], _ sender: LoadSender
    ) throws(CommandFailure) {
        for batch in batches {
            let due = clock.monotonicNanoseconds()
            guard try submit(batch, due: due, sender) else { return }
        }
    }

    /// Sends one batch until it is acknowledged; false where time is up.
    private func submit(
        _ batch: Prepared, due: UInt64, _ sender: LoadSender
    ) throws(CommandFailure) -> Bool {
        let home = sender.place
        state.withLock { $0.due[batch.digest] = (due, home) }
        guard try sender.send("/v1/batches", batch.encoded, giveUp: { isOver }) else {
            return false
        }
        let seen = seen[sender.place]
        seen.agentFinal.add(clock.monotonicNanoseconds() - due)
        seen.records.withLock { $0 += UInt64(shape.recordsPerBatch) }
        state.withLock { $0.acknowledged.append(batch.digest) }
        return true
    }

    private func operate(
        _ chain: LoadChain, _ number: Int, _ sender: LoadSender
    ) throws(CommandFailure) {
        var pace = Pace(
            window.withLock { $0 }, every: UInt64(addresses.count),
            perSecond: shape.operationsPerSecond, place: number % addresses.count)
        var count: UInt64 = 0
        while let due = pace.next(clock) {
            let operation = chain.operation(count)
            count += 1
            guard try sender.send("/v1/operations", operation.encoded, giveUp: { isOver })
            else { return }
            seen[sender.place].commit.add(clock.monotonicNanoseconds() - due)
            state.withLock { $0.operations += 1 }
        }
    }
}

/// When the next of one sender's submissions is due.
private struct Pace {
    private var due: UInt64
    private let interval: UInt64
    private let end: UInt64

    /// - Parameters:
    ///   - every: senders that share the pace of `perSecond`.
    ///   - place: of this one among them, so that they take turns.
    init(_ window: (start: UInt64, end: UInt64), every: UInt64, perSecond: Int, place: Int) {
        interval = Nanoseconds.perSecond * every / UInt64(max(1, perSecond))
        due = window.start + interval / every * UInt64(place)
        end = window.end
    }

    /// Waits until the next submission is due; nil at the end. A sender that was held up sends
    /// late, and what is timed says so; more than a second is given up, as a client would.
    mutating func next(_ clock: SystemClock) -> UInt64? {
        let now = clock.monotonicNanoseconds()
        if now > due + Nanoseconds.perSecond { due = now }
        guard due < end, now < end else { return nil }
        if due > now { Pause.nanoseconds(due - now) }
        defer { due += interval }
        return due
    }
}
