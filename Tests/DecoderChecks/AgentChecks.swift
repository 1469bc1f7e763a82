// Agents' programs and transitions of anybody's making: nothing traps, and what an agent does
// itself is what everybody else finds.
import Agents
import Cryptography
import PVM
import Primitives

extension DecoderCheck {
    static let agents = [
        DecoderCheck("transition") { bytes throws(BrokenRule) in
            guard let transition = try? Transition(decoding: bytes) else { return false }
            try require(transition.encoded == bytes, "a transition has one encoding")
            _ = transition.exchange.outstanding
            guard let program = AgentPlay.program else { return true }
            // Ours is not signed by anybody here, so that a changed one may hold as well.
            _ = try? transition.reexecute(program)
            return true
        },
        DecoderCheck("agent") { bytes throws(BrokenRule) in
            guard let program = try? AgentProgram(decoding: bytes) else { return false }
            try require(program.encoded == bytes, "an agent's program has one encoding")
            var play = AgentPlay(program)
            try play.run()
            return true
        },
        DecoderCheck("run-step") { bytes throws(BrokenRule) in
            var reader = ByteReader(bytes)
            guard let step = try? RunStep(from: &reader), (try? reader.finish()) != nil else {
                return false
            }
            var writer = ByteWriter()
            step.write(to: &writer)
            try require(writer.bytes == bytes, "a step has one encoding")
            guard let program = AgentPlay.program else { return true }
            let input = RunState.input(AgentPlay.words)
            let count = UInt32(AgentPlay.words.count)
            guard let after = try? step.after(of: program, input: input, count: count) else {
                return true
            }
            try require(
                after.read <= step.before.read &+ 1 && after.written <= step.before.written &+ 1,
                "a step reads or writes one word")
            return true
        },
    ]
}

/// An agent that is told a little and whose transitions are all run again.
struct AgentPlay {
    /// Reads a message, keeps its last word, writes it, yields.
    static let source = """
        .heap 1
        .stack 4096
        message:
            ecalli 0
            move_reg r3, r7
            fallthrough
        word:
            branch_eq_imm r3, 0, done
            ecalli 0
            store_u64 r7, 0x20000
            add_imm_64 r3, r3, -1
            jump word
        done:
            load_u64 r7, 0x20000
            ecalli 1
            ecalli 2
            jump message
        """
    static let encoded: [UInt8] = {
        let assembly = try? Assembly(source, revision: .grayPaper071)
        let parts = assembly.flatMap { try? StandardProgram($0.parts, revision: .grayPaper071) }
        return parts?.encoded ?? []
    }()
    static let program = try? AgentProgram(decoding: encoded)
    /// What its run for a task reads.
    static let words: [UInt64] = [2, 7, 9]

    private var instance: Instance
    private(set) var transitions: [Transition] = []
    /// The same, with the states that they start from.
    private(set) var drafts: [(draft: TransitionDraft, image: Image)] = []

    init(_ program: AgentProgram) {
        let policy = SubmissionPolicy(
            interval: 0, steps: 1, touchedBytes: 0, isOnRequest: true)
        let identity = InstanceIdentity(
            chain: LedgerPlay.chain, agent: AgentID(), policy: policy, gasLimit: 2_000)
        instance = Instance(identity, of: program, at: LedgerPlay.time)
    }

    /// At most sixteen rests; whatever fails changes nothing.
    mutating func run() throws(BrokenRule) {
        let inputs: [InstanceInput] = [.message(Message([1, 2])), .tick, .requested]
        for input in inputs + [InstanceInput](repeating: .run(quantum: 500), count: 16) {
            var actions: [InstanceAction] = []
            let root = instance.root
            instance.step(input, at: LedgerPlay.time, into: &actions)
            try require(instance.root == root, "a run alone accepts nothing")
            for case .submit(let draft) in actions { try accept(draft) }
        }
    }

    private mutating func accept(_ draft: TransitionDraft) throws(BrokenRule) {
        let transition = draft.signed(by: LedgerPlay.keys[0])
        let again = try must("a transition decodes") { () throws(DecodingFailure) in
            try Transition(decoding: transition.encoded)
        }
        try require(again == transition, "a transition comes back")
        let program = instance.program
        _ = try must("an honest transition holds") { () throws(ReexecutionFailure) in
            try again.reexecute(program)
        }
        transitions.append(transition)
        drafts.append((draft, instance.image))
        var actions: [InstanceAction] = []
        let (sequence, root) = (draft.header.sequence, draft.header.newRoot)
        instance.step(
            .ledger(sequence: sequence, root: root), at: LedgerPlay.time, into: &actions)
        try require(instance.root == root, "what was accepted is the state")
    }
}

extension Sample {
    static func agentSamples() throws -> [Sample] {
        guard let program = AgentPlay.program else { return [] }
        var play = AgentPlay(program)
        try play.run()
        return [Sample("agent", "keeper", AgentPlay.encoded)] + runSteps(program)
            + play.transitions.prefix(3).enumerated().map {
                Sample("transition", "\($0.offset)", $0.element.encoded)
            }
    }

    /// Steps that read, store, write, and go on after the end.
    private static func runSteps(_ program: AgentProgram) -> [Sample] {
        guard var run = Computation(of: program, input: AgentPlay.words) else { return [] }
        return ([0, 5, 20, 99] as [UInt64]).map { step in
            run.advance(to: step)
            var writer = ByteWriter()
            run.next.write(to: &writer)
            return Sample("run-step", "\(step)", writer.bytes)
        }
    }
}
