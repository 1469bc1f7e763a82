// A run of an agent's program from one state to the next: the machine, and the words it exchanges.
import Cryptography
import PVM
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
enum Rest: Hashable, Sendable {
    case yielded
    /// It reads, and no word is there.
    case starved
    /// It waits for the ledger's answer.
    case unanswered
    case exited
    /// The quantum of gas is used up; it goes on with another one.
    case paused
}

struct Run: Sendable {
    private let program: AgentProgram
    private let surroundings: Surroundings
    private(set) var machine: Machine
    /// Gas that this run may use.
    private let limit: UInt64
    /// Gas that the machine was given.
    private var granted: UInt64 = 0
    /// Gas of requests.
    private(set) var charges: UInt64 = 0
    private(set) var messages: [Message] = []
    private var input: [UInt64] = []
    private var inputRead = 0
    private(set) var output: [UInt64] = []
    private(set) var requests: [UInt64] = []
    /// Where the request begins that is not complete yet.
    private var requestStart = 0
    private var answers: [UInt64]
    private var answersRead = 0
    /// The request that only the ledger can answer.
    private(set) var outstanding: HostRequest?
    /// Records emitted, in order.
    private(set) var records: [[UInt64]] = []
    /// Yields so far.
    private(set) var yields = 0
    /// The call at which the machine rests and that must be tried again.
    private var retried: HostCall?

    /// - Parameters:
    ///   - limit: gas for all of the run.
    ///   - known: the leaves that may be touched; nil for all.
    init(
        of program: AgentProgram, from image: Image, in surroundings: Surroundings,
        gasLimit limit: UInt64, known: Set<Int>? = nil
    ) throws(RunFailure) {
        guard var machine = image.machine(of: program, gas: 0) else { throw .invalidImage }
        let shift = Self.leafShift(program)
        machine.memory.startLog(
            known: known.map { known in { $0 + shift < 2 || known.contains($0 + shift) } })
        self.program = program
        self.surroundings = surroundings
        self.machine = machine
        self.limit = limit
        answers = surroundings.answer?.frame ?? []
    }

    /// Added to the number of a piece of memory to get that of its leaf; pieces of constants come
    /// out below 2, where the cells are.
    private static func leafShift(_ program: AgentProgram) -> Int {
        (Image.cellBytes - program.standard.constantBytes) / ImageTree.leafBytes
    }

    /// Leaves with a byte that was accessed, and those of the cells, in order.
    var touchedLeaves: [Int] {
        let shift = Self.leafShift(program)
        let pieces = machine.memory.accessLog?.pieces ?? []
        return [0, 1] + pieces.compactMap { $0 + shift < 2 ? nil : $0 + shift }
    }

    /// Those of them in the windows.
    var touchedWindowLeaves: Int { touchedLeaves.count - 2 }

    /// Whether every message was read to its end.
    var hasReadInput: Bool { inputRead == input.count }

    /// What it is told for the consensus time.
    var time: Instant { surroundings.time }

    /// Whether `message` fits in the lists of this run.
    func hasRoom(for message: Message) -> Bool {
        messages.count < AgentLimits.messages
            && input.count + message.frame.count <= AgentLimits.wordsPerList
    }

    /// Appends a message to the input.
    mutating func deliver(_ message: Message) throws(RunFailure) {
        guard hasRoom(for: message) else { throw .tooLong }
        messages.append(message)
        input += message.frame
    }

    /// Runs on for about `quantum` gas, or to the next rest.
    mutating func advance(quantum: UInt64) throws(RunFailure) -> Rest {
        grant(quantum)
        if let call = retried {
            retried = nil
            if let rest = try take(call) { return rest }
        }
        while true {
            switch machine.run() {
            case .hostCall(let number):
                guard let call = HostCall(rawValue: number) else { throw .unknownCall(number) }
                if let rest = try take(call) { return rest }
            case .halt:
                try finishExchange()
                return .exited
            case .panic: throw .panic(pc: machine.pc)
            case .outOfGas:
                guard granted + charges < limit else { throw .outOfGas }
                return .paused
            case .pageFault(let address):
                if let piece = machine.memory.accessLog?.missing {
                    throw .missingWitness(leaf: piece + Self.leafShift(program))
                }
                throw .pageFault(address: address, pc: machine.pc)
            }
        }
    }

    private mutating func grant(_ quantum: UInt64) {
        let more = min(quantum, limit - min(limit, granted + charges))
        granted += more
        machine.gas += more
    }

    /// Carries out a host call; where the machine has to rest at it, says so.
    private mutating func take(_ call: HostCall) throws(RunFailure) -> Rest? {
        switch call {
        case .read:
            guard inputRead < input.count else {
                try finishExchange()
                retried = .read
                return .starved
            }
            machine[register: 7] = input[inputRead]
            inputRead += 1
        case .write:
            guard output.count < AgentLimits.wordsPerList else { throw .tooLong }
            output.append(machine[register: 7])
        case .yield:
            try finishExchange()
            yields += 1
            return .yielded
        case .exit:
            try finishExchange()
            return .exited
        case .ask: try ask(machine[register: 7])
        case .answer: return try answer()
        }
        return nil
    }

    private func finishExchange() throws(RunFailure) {
        guard requestStart == requests.count, answersRead == answers.count, outstanding == nil
        else { throw .unfinished }
    }

    private mutating func answer() throws(RunFailure) -> Rest? {
        guard answersRead < answers.count else {
            guard outstanding != nil else { throw .nothingAsked }
            retried = .answer
            return .unanswered
        }
        machine[register: 7] = answers[answersRead]
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
        guard used <= limit else { throw .outOfGas }
        switch request {
        case .identity: reply(Words.of(surroundings.agent.bytes))
        case .time: reply([surroundings.time.nanoseconds])
        case .digest(let bytes): reply(Words.of(SHA256.hash(bytes).bytes))
        case .record(let words):
            records.append(words)
            reply([])
        case .call, .transfer: outstanding = request
        }
    }

    private mutating func reply(_ words: [UInt64]) {
        answers += HostAnswer(.done, words).frame
    }
}

// What a run came to.
extension Run {
    /// Instructions executed, where the machine rests at `rest`.
    func steps(at rest: Rest) -> UInt64 {
        let isDone = rest == .yielded || rest == .exited
        return granted - machine.gas - machine.prepaidGas + (isDone ? 1 : 0)
    }

    /// Gas used at most, whatever comes of the block that was begun.
    var used: UInt64 { granted - machine.gas + charges }

    /// The state that it leaves.
    func image(at rest: Rest) -> Image {
        Image(
            of: machine, pc: rest == .yielded ? machine.followingPC : machine.pc, program: program)
    }
}
