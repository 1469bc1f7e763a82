// `althing prove` and `althing verify-proof`: a run of a program with the proof that it happened.
import Agents
import ExecutionProof
import PVM
import Primitives
import Prover

enum ProofVerbs {
    private static let program = Option(
        "program", OptionValue("FILE", .file), "The standard program to run.")
    private static let expected = Option(
        "program", OptionValue("FILE", .file),
        "The program that the proof must be about; without it, that in the proof.")
    private static let inputs = Option(
        "input", OptionValue("HEX|WORDS|@FILE", .text),
        "What the program reads, word by word; WORDS are numbers with commas between them. Each "
            + "further --input is a run of its own, proven with the others."
    ).repeatable
    private static let out = Option(
        "out", OptionValue("FILE", .file), "Where to write the proof.")
    private static let steps = Option(
        "steps", OptionValue("COUNT", .number(1...mostSteps, unit: "steps")),
        "Proves so many steps; without it, all until the program rests or ends.")
    private static let file = Positional("FILE", .file, "The proof; - for standard input.")

    /// Steps of one segment: its proof needs about 300 MB of memory.
    private static let segmentSteps = 1 << 14
    private static let mostSteps = UInt64(segmentSteps * ProofChain.mostProofs)
    private static let threads = 2

    static let proveVerb = Verb("prove", "Runs a program here and proves what it did", prove)
        .discussed(
            "The program runs as an agent's does, from its first state, with the words that "
                + "--input or --message give; its host calls are answered as `program run` "
                + "answers them, but nothing is put into its memory. The proof says which words "
                + "went in and out, and anybody can check it without running the program.",
            "A run is proven up to its last step that has a proof: not into a panic or a fault. "
                + "Several runs share one proof, as many as have room in 16384 steps, which makes "
                + "it much smaller than proofs of their own; longer runs have several proofs, at "
                + "most \(ProofChain.mostProofs)."
        )
        .example("althing prove --program counter.pvm --input 5,6 --input 7,8 --out proof.bin")
        .example("althing prove --program counter.pvm --message 5,6 --out proof.bin")
        .taking(
            program.required, inputs, ProgramInput.message, ProgramInput.time, steps,
            out.required, .json)

    static let verifyVerb = Verb(
        "verify-proof", "Checks a proof of a run, offline, and prints what it says", verify
    )
    .discussed(
        "The status is 0 where the proof holds, else 1. What the host told the program is part of "
            + "what is proven, not that it was true; the report says whether the run began in the "
            + "program's first state."
    )
    .example("althing verify-proof proof.bin --program counter.pvm")
    .taking(expected, .json)
    .expecting(file)

    private static func prove(_ call: Invocation) throws(CommandFailure) {
        let agent = try AgentHome.program(try call.required(program))
        let prover = SegmentProver(
            try provable(agent), workers: Workers(count: threads), segmentSteps: segmentSteps)
        var texts: [String?] = call.texts(inputs)
        if texts.isEmpty { texts = [nil] }
        var requests: [RunRequest] = []
        for text in texts {
            var host = LocalHost(input: try ProgramInput(call, input: text).words)
            host.time = call.number(ProgramInput.time) ?? 0
            requests.append(
                RunRequest(image: agent.initialImage, steps: call.number(steps)) {
                    host.answer(to: $0, $1)
                })
        }
        let chain: ProofChain
        do throws(AgentProofFailure) {
            chain = try prover.proof(of: requests, progress: { tell($0, call) })
        } catch {
            throw .refused("there is no proof: \(error)")
        }
        let proof = ProofFile(program: agent.encoded, chain: chain)
        let bytes = proof.encoded
        let report = try ProofReport(proof, bytes: bytes.count)
        try LocalFiles.write(bytes, to: try call.required(out))
        report.print(call)
    }

    private static func tell(_ steps: UInt64, _ call: Invocation) {
        guard call.console.isErrorTerminal else { return }
        call.console.note("proven \(Quantity.count(steps)) steps")
    }

    static func provable(
        _ agent: AgentProgram
    ) throws(CommandFailure) -> ProvableAgent {
        do throws(UnprovableProgram) {
            return try ProvableAgent(agent)
        } catch {
            throw .refused("the program has no proofs: \(error)")
        }
    }

    private static func verify(_ call: Invocation) throws(CommandFailure) {
        let path = try call.required(file)
        let bytes = try LocalFiles.read(path, limit: ProofFile.mostBytes)
        let proof: ProofFile
        do throws(DecodingFailure) {
            proof = try ProofFile(decoding: bytes)
        } catch {
            throw .refused("\(path) is no proof: \(error.reason) at byte \(error.offset)")
        }
        if let other = try call.text(expected).map({ text throws(CommandFailure) in
            try AgentHome.program(text)
        }), other.encoded != proof.program {
            throw .refused("the proof is about another program")
        }
        try ProofReport(proof, bytes: bytes.count).print(call)
    }
}

extension LocalHost {
    /// Register 7 after a call; nil where the program rests there, or the call is refused.
    fileprivate mutating func answer(to number: UInt32, _ register: UInt64) -> UInt64? {
        var word = register
        return switch call(UInt64(number), &word) {
        case .done, .turn, .ended: word
        case .rest, .refused: nil
        }
    }
}
