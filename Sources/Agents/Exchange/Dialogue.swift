// What a program says to its host and hears from it, call by call: one set of rules for whoever
// runs a program, runs it again, or reads its calls from a proof (docs/spec/agents.md §2).
import Cryptography
import Primitives

/// What a program is told by its host; the same in a replay.
struct Surroundings: Sendable {
    var agent: AgentID
    /// The consensus time for the whole run.
    var time: Instant
    /// The ledger's answer to the request that the transition before ended with.
    var answer: HostAnswer?
}

/// Why a run is not going on at the moment.
package enum Rest: Hashable, Sendable {
    case yielded
    /// It reads, and no word is there.
    case starved
    /// It waits for the ledger's answer.
    case unanswered
    case exited
    /// The quantum of gas is used up; it goes on with another one.
    case paused
}

/// A value; nothing in it knows of a machine.
package struct Dialogue: Sendable {
    private let surroundings: Surroundings
    private(set) var messages: [Message] = []
    private var input: [UInt64] = []
    private var inputRead = 0
    package private(set) var output: [UInt64] = []
    package private(set) var requests: [UInt64] = []
    /// Where the request begins that is not complete yet.
    private var requestStart = 0
    private var answers: [UInt64]
    private var answersRead = 0
    /// The request that only the ledger can answer.
    package private(set) var outstanding: HostRequest?
    /// Records emitted, in order.
    package private(set) var records: [[UInt64]] = []
    /// Yields so far.
    package private(set) var yields = 0
    /// Gas of requests.
    package private(set) var charges: UInt64 = 0

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        answers = surroundings.answer?.frame ?? []
    }

    /// A dialogue without the ledger, for whoever stands in for it.
    package init(agent: AgentID, time: Instant) {
        self.init(Surroundings(agent: agent, time: time, answer: nil))
    }

    /// Appends words to the input as they are, whether or not they are messages.
    package mutating func feed(_ words: [UInt64]) { input += words }

    /// Words of the input that were not read yet.
    package var unread: [UInt64] { Array(input[inputRead...]) }

    /// Answers the request that only the ledger can answer, in its place.
    package mutating func answer(_ answer: HostAnswer) {
        guard outstanding != nil else { return }
        answers += answer.frame
        outstanding = nil
    }

    /// Whether every message was read to its end.
    package var hasReadInput: Bool { inputRead == input.count }

    /// What it is told for the consensus time.
    var time: Instant { surroundings.time }

    /// Whether `message` fits in the lists of this run.
    func hasRoom(for message: Message) -> Bool {
        messages.count < AgentLimits.messages
            && input.count + message.frame.count <= AgentLimits.wordsPerList
    }

    /// Appends a message to the input.
    package mutating func deliver(_ message: Message) throws(RunFailure) {
        guard hasRoom(for: message) else { throw .tooLong }
        messages.append(message)
        input += message.frame
    }

    /// Carries out a host call; where the program has to rest at it, says so: `yielded` and
    /// `exited` behind it, `starved` and `unanswered` before it.
    ///
    /// - Parameter register: register 7.
    package mutating func take(
        _ call: HostCall, _ register: inout UInt64
    ) throws(RunFailure) -> Rest? {
        switch call {
        case .read:
            guard inputRead < input.count else {
                try finish()
                return .starved
            }
            register = input[inputRead]
            inputRead += 1
        case .write:
            guard output.count < AgentLimits.wordsPerList else { throw .tooLong }
            output.append(register)
        case .yield:
            try finish()
            yields += 1
            return .yielded
        case .exit:
            try finish()
            return .exited
        case .ask: try ask(register)
        case .answer: return try answer(&register)
        }
        return nil
    }

    /// Throws where no turn may end: a request half written, an answer half read or not waited for.
    package func finish() throws(RunFailure) {
        guard requestStart == requests.count, answersRead == answers.count, outstanding == nil
        else { throw .unfinished }
    }

    private mutating func answer(_ register: inout UInt64) throws(RunFailure) -> Rest? {
        guard answersRead < answers.count else {
            guard outstanding != nil else { throw .nothingAsked }
            return .unanswered
        }
        register = answers[answersRead]
        answersRead += 1
        return nil
    }

    private mutating func ask(_ word: UInt64) throws(RunFailure) {
        guard outstanding == nil else { throw .askedAfterCall }
        guard requests.count < AgentLimits.wordsPerList else { throw .tooLong }
        requests.append(word)
        guard let (request, _) = try HostRequest.first(of: requests[requestStart...]) else {
            return
        }
        requestStart = requests.count
        charges += request.gas
        switch request {
        case .identity: reply(Words.of(surroundings.agent.bytes))
        case .time: reply([surroundings.time.nanoseconds])
        case .digest(let bytes): reply(Words.of(SHA256.hash(bytes).bytes))
        case .record(let words):
            records.append(words)
            reply([])
        case .call, .transfer, .state: outstanding = request
        }
    }

    private mutating func reply(_ words: [UInt64]) {
        answers += HostAnswer(.done, words).frame
    }
}

extension Transition {
    /// The dialogue that a run of this transition has with its host, its messages given.
    package func dialogue() throws(RunFailure) -> Dialogue {
        try Dialogue(of: header, exchange)
    }
}

extension TransitionDraft {
    package func dialogue() throws(RunFailure) -> Dialogue {
        try Dialogue(of: header, exchange)
    }
}

extension Dialogue {
    package init(of header: TransitionHeader, _ exchange: Exchange) throws(RunFailure) {
        self.init(
            Surroundings(agent: header.agent, time: header.time, answer: exchange.answer))
        for message in exchange.messages { try deliver(message) }
    }
}
