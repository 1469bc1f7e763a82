// A run of an agent's program from one state to the next: the machine, and the words it exchanges.
import PVM
import Primitives

struct Run: Sendable {
    private let program: AgentProgram
    private(set) var machine: Machine
    private(set) var dialogue: Dialogue
    /// Gas that this run may use.
    private let limit: UInt64
    /// Gas that the machine was given.
    private var granted: UInt64 = 0
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
        self.machine = machine
        self.limit = limit
        dialogue = Dialogue(surroundings)
    }

    /// Added to the number of a piece of memory to get that of its leaf; pieces of constants come
    /// out below 2, where the cells are.
    static func leafShift(_ program: AgentProgram) -> Int {
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

    /// Appends a message to the input.
    mutating func deliver(_ message: Message) throws(RunFailure) {
        try dialogue.deliver(message)
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
                try dialogue.finish()
                return .exited
            case .panic: throw .panic(pc: machine.pc)
            case .outOfGas:
                guard granted + dialogue.charges < limit else { throw .outOfGas }
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
        let more = min(quantum, limit - min(limit, granted + dialogue.charges))
        granted += more
        machine.gas += more
    }

    /// Carries out a host call; where the machine has to rest at it, says so.
    private mutating func take(_ call: HostCall) throws(RunFailure) -> Rest? {
        let rest = try dialogue.take(call, &machine[register: 7])
        guard used <= limit else { throw .outOfGas }
        if rest == .starved || rest == .unanswered { retried = call }
        return rest
    }
}

// What a run came to.
extension Run {
    var messages: [Message] { dialogue.messages }
    var output: [UInt64] { dialogue.output }
    var requests: [UInt64] { dialogue.requests }
    var records: [[UInt64]] { dialogue.records }
    var yields: Int { dialogue.yields }
    var charges: UInt64 { dialogue.charges }
    var hasReadInput: Bool { dialogue.hasReadInput }
    var time: Instant { dialogue.time }

    func hasRoom(for message: Message) -> Bool { dialogue.hasRoom(for: message) }

    /// Instructions executed, where the machine rests at `rest`.
    func steps(at rest: Rest) -> UInt64 {
        let isDone = rest == .yielded || rest == .exited
        return granted - machine.gas - machine.prepaidGas + (isDone ? 1 : 0)
    }

    /// Gas used at most, whatever comes of the block that was begun.
    var used: UInt64 { granted - machine.gas + dialogue.charges }

    /// The state that it leaves.
    func image(at rest: Rest) -> Image {
        Image(
            of: machine, pc: rest == .yielded ? machine.followingPC : machine.pc, program: program)
    }
}
