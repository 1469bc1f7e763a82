// A thread on which agents run: it tells their desk what happens and obeys it.
import Agents
import Environment
import Ledger
import Node
import Platform
import Primitives

final class AgentThread: Sendable {
    /// What the thread is joined to.
    struct Surroundings: Sendable {
        let node: NodeThread
        let prover: ProvingThread
        let files: AgentFiles
        let log: Log
        /// Looks at agents for all threads.
        let look: @Sendable ([AgentID]) -> Void
    }

    typealias Reply = @Sendable (Result<CallAnswer, Problem>) -> Void

    private let loop: EventLoop
    private let seat: Confined<Seat>
    private let surroundings: Surroundings

    /// What the thread alone touches.
    private final class Seat {
        var desk: AgentDesk
        /// Who waits for an answer, by ticket.
        var replies: [UInt64: Reply] = [:]
        var lastTicket: UInt64 = 0
        var isPosted = false
        var timer: TimerID?

        init(_ desk: AgentDesk) { self.desk = desk }
    }

    private static let sweepNanoseconds = Nanoseconds.perSecond

    init(_ desk: AgentDesk, _ surroundings: Surroundings) throws(PlatformFailure) {
        loop = try EventLoop(name: "agents \(desk.shard.index)")
        seat = Confined(Seat(desk), to: loop)
        self.surroundings = surroundings
    }

    func start() throws(PlatformFailure) {
        loop.post { [self] in sweep() }
        try loop.start()
    }

    func stop() { loop.stop() }

    func take(_ input: HostingInput) { loop.post { [self] in step(input) } }

    /// Gives a message to an agent once its place was heard.
    func call(
        _ agent: AgentID, _ words: [UInt64], arrival: UInt64, after look: AgentLook?,
        reply: @escaping Reply
    ) {
        loop.post { [self] in
            let seat = seat.value
            seat.lastTicket += 1
            seat.replies[seat.lastTicket] = reply
            if let look { step(.look(look)) }
            let call = OutsideCall(words: words, arrival: arrival, ticket: seat.lastTicket)
            step(.call(agent, call))
        }
    }

    func lookAgain(_ agents: [AgentID], afterNanoseconds delay: UInt64) {
        later(afterNanoseconds: delay) { [self] in surroundings.look(agents) }
    }

    func later(afterNanoseconds delay: UInt64, _ body: @escaping @Sendable () -> Void) {
        loop.schedule(afterNanoseconds: delay) { body() }
    }

    /// Runs `body` with the desk as it is.
    func show(_ body: @escaping @Sendable (AgentDesk) -> Void) {
        loop.post { [self] in body(seat.value.desk) }
    }

    private func step(_ input: HostingInput) {
        let seat = seat.value
        let clock = surroundings.log.clock
        var inputs = [input]
        var next = 0
        while next < inputs.count {
            var actions: [HostingAction] = []
            let time = HostingTime(now: clock.now(), monotonic: clock.monotonicNanoseconds())
            seat.desk.step(inputs[next], at: time, into: &actions)
            next += 1
            for action in actions {
                if let answer = perform(action) { inputs.append(answer) }
            }
        }
        arrange()
    }

    /// Lets agents go on: at once, or when the first of them wants to be woken.
    private func arrange() {
        let seat = seat.value
        if seat.desk.isBusy {
            guard !seat.isPosted else { return }
            seat.isPosted = true
            loop.post { [self] in
                self.seat.value.isPosted = false
                step(.run)
            }
        } else if let time = seat.desk.runtime.nextTimer {
            if let earlier = seat.timer { loop.cancel(earlier) }
            let delay = time.nanoseconds(since: surroundings.log.clock.now())
            seat.timer = loop.schedule(afterNanoseconds: delay) { [self] in
                self.seat.value.timer = nil
                step(.run)
            }
        }
    }

    private func sweep() {
        step(.sweep)
        loop.schedule(afterNanoseconds: Self.sweepNanoseconds) { [self] in sweep() }
    }

    /// - Returns: what came of it, where that is known at once.
    private func perform(_ action: HostingAction) -> HostingInput? {
        switch action {
        case .restore(let place): return .restored(place, kept(of: place.agent))
        case .keep(let agent, let bytes): return keep(bytes, of: agent)
        case .forget(let agent): surroundings.files.forget(agent)
        case .prove(let agent, let job):
            let last = job.last
            surroundings.prover.prove(job) { [self] in take(.proven(agent, last, $0)) }
        case .submit(let operation):
            surroundings.node.post { [self] desk in submit(operation, desk) }
        case .record(let agent, let emitted, let delay):
            after(delay) { [self] in
                surroundings.node.post { [self] desk in record(emitted, of: agent, desk) }
            }
        case .look(let agents, let delay): after(delay) { [self] in surroundings.look(agents) }
        case .reply(let ticket, let result):
            seat.value.replies.removeValue(forKey: ticket)?(result)
        case .note(let agent, let event, let detail):
            surroundings.log.note(.info, event) {
                $0.member("agent", agent.hex)
                $0.member("detail", detail)
            }
        }
        return nil
    }

    private func after(_ delay: UInt64, _ body: @escaping @Sendable () -> Void) {
        if delay > 0 { later(afterNanoseconds: delay, body) } else { body() }
    }

    // MARK: The disk

    private func kept(of agent: AgentID) -> Result<[UInt8]?, DiskFailure> {
        do throws(DiskFailure) {
            return .success(
                try surroundings.files.kept(of: agent, limit: 4 * AgentLimits.imageBytes))
        } catch {
            return .failure(error)
        }
    }

    private func keep(_ bytes: [UInt8], of agent: AgentID) -> HostingInput {
        do throws(DiskFailure) {
            try surroundings.files.keep(bytes, of: agent)
            return .kept(agent)
        } catch {
            return .notKept(
                agent, reason: "\(error.operation.rawValue) failed: \(error.code)")
        }
    }

    // MARK: The node's thread

    private func submit(_ wish: HostedOperation, _ desk: NodeDesk) {
        guard let next = try? desk.node.nextSequence(of: wish.key.publicKey) else {
            return take(.answered(wish.agent, .undecided))
        }
        let operation = SignedOperation(
            chain: desk.node.genesis.digest, owner: wish.owner, sequence: next,
            command: .transition(wish.command), key: wish.key)
        desk.node.submit(operation) { [self] outcome in
            take(.answered(wish.agent, LedgerVerdict(outcome)))
        }
    }

    private func record(_ emitted: EmittedRecords, of agent: AgentID, _ desk: NodeDesk) {
        desk.node.submit(emitted.submissions, owner: emitted.owner) { [self] outcome in
            take(.recorded(agent, sequence: emitted.sequence, RecordingVerdict(outcome)))
        }
    }
}
