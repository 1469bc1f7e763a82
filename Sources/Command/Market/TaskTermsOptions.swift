// The options by which a task's terms are given: for `task post` and `auction open`.
import Agents
import Ledger
import Primitives

enum TaskTermsOptions {
    static let specification = Option(
        "specification", OptionValue("FILE", .file),
        "What is to be done; the BLAKE3 digest is on the ledger.").required
    static let milestone = Option.credits(
        "milestone", "What a part of the work is paid, in order, 16 at most."
    ).required.repeatable
    static let worker = Option.identifier("worker", "The only one who may do it.")
    static let attempts = Option(
        "attempts", OptionValue("COUNT", .number(1...8, unit: "workers")),
        "How often it may be given to somebody."
    ).standing(at: "1")
    static let arbiter = Option.identifier(
        "arbiter", "One of an odd number who decide disputes; without any the poster does."
    ).repeatable
    static let verifier = Option.identifier(
        "verifier", "Somebody who does the work again; without any the poster accepts."
    ).repeatable
    static let quorum = Option(
        "quorum", OptionValue("COUNT", .number(1...8, unit: "verifiers")),
        "Verifiers who must get the worker's result; without it all.")
    static let fee = Option.credits("fee", "What each verifier who is right gets a milestone.")
        .standing(at: "0")
    static let program = Option(
        "program", OptionValue("FILE", .file),
        "A program whose run is the work: its first run on the words of --input.")
    static let input = Option(
        "input", OptionValue("WORDS", .text), "What the program reads: numbers with commas.")
    static let proven = Option(
        "proven", nil, "The result of the run comes with a proof, which the ledger verifies.")
    static let deposit = Option.credits(
        "deposit", "Without --proven: what whoever doubts the run lays down.").standing(at: "1")
    static let reward = Option.credits(
        "reward", "What a challenger who is right gets.").standing(at: "0")
    static let rounds = Option(
        "rounds", OptionValue("COUNT", .number(1...8, unit: "rounds")),
        "Rounds of a challenge: the run may have 16 to that power of steps."
    ).standing(at: "6")
    static let stake = Option.credits("stake", "What the worker must have at stake.")
        .standing(at: "0")
    static let assign = Option.time("assign-within", "Time to find a worker.", standing: "1d")
    static let begin = Option.time("begin-within", "Time to begin.", standing: "1h")
    static let deliver = Option.time("deliver-within", "Time for a milestone.", standing: "1d")
    static let judge = Option.time(
        "judge-within", "Time to accept, dispute or verify.", standing: "1d")
    static let arbitrate = Option.time("arbitrate-within", "Time for arbiters.", standing: "7d")

    /// The terms that a call gives, with these milestones.
    static func terms(
        _ call: Invocation, milestones: [Amount]
    ) throws(CommandFailure) -> TaskTerms {
        var terms = TaskTerms(
            specification: try call.digest(specification), milestones: milestones)
        terms.worker = try call.identifier(worker) ?? AccountID()
        terms.attempts = UInt8(clamping: call.number(attempts) ?? 1)
        terms.arbiters = try call.identifiers(arbiter)
        terms.stake = call.amount(stake) ?? .zero
        terms.verification = try verification(call)
        terms.times = times(call)
        return terms
    }

    /// How what is delivered is verified, as a call says.
    static func verification(_ call: Invocation) throws(CommandFailure) -> Verification {
        if let run = try run(call) {
            try call.exclude(verifier, program)
            return call.has(proven)
                ? .proven(run)
                : .reexecuted(
                    run,
                    Reexecution(
                        deposit: call.amount(deposit) ?? .credit,
                        reward: call.amount(reward) ?? .zero,
                        rounds: UInt8(clamping: call.number(rounds) ?? 6)))
        }
        let verifiers: [AccountID] = try call.identifiers(verifier)
        guard !verifiers.isEmpty else { return .attested }
        let wanted = UInt8(clamping: call.number(quorum) ?? UInt64(verifiers.count))
        return .redundant(
            quorum: wanted, verifiers: verifiers, fee: call.amount(fee) ?? .zero)
    }

    static func times(_ call: Invocation) -> TaskTimes {
        var times = TaskTimes()
        times.assign = call.nanoseconds(assign) ?? times.assign
        times.begin = call.nanoseconds(begin) ?? times.begin
        times.deliver = call.nanoseconds(deliver) ?? times.deliver
        times.judge = call.nanoseconds(judge) ?? times.judge
        times.arbitrate = call.nanoseconds(arbitrate) ?? times.arbitrate
        return times
    }
}

extension TaskTermsOptions {
    /// The run that a call asks for.
    private static func run(_ call: Invocation) throws(CommandFailure) -> TaskRun? {
        guard let path = call.text(program) else {
            guard !call.has(proven) else {
                throw .usage(
                    .missingOption(program.spelling, command: call.arguments.command))
            }
            return nil
        }
        return TaskRun(
            program: try AgentHome.program(path).identity, input: try words(call))
    }

    /// The words that a program reads.
    static func words(_ call: Invocation) throws(CommandFailure) -> [UInt64] {
        guard let text = call.text(input) else { return [] }
        guard let words = ProgramInput.numbers(text), words.count <= AgentLimits.wordsPerList
        else {
            throw call.invalid(
                input.spelling, text, expected: "at most 6144 numbers with commas between them")
        }
        return words
    }

    /// Registers the program of --program where nobody did.
    static func register(
        _ call: Invocation, _ sender: OperationSender
    ) throws(CommandFailure) {
        guard let path = call.text(program) else { return }
        try register(try AgentHome.program(path), sender)
    }

    /// Registers a program where nobody did.
    static func register(
        _ program: AgentProgram, _ sender: OperationSender
    ) throws(CommandFailure) {
        do {
            _ = try sender.send(
                .transition(.register(program: program.encoded)),
                owner: OwnerID(firstKey: sender.key.publicKey))
        } catch {
            guard case .problem(let problem) = error, problem.detail.contains("programExists")
            else { throw error }
        }
    }
}

extension Amount {
    fileprivate static let credit = Amount(nanoCredits: 1_000_000_000)
}

extension Verb {
    /// Takes the terms of a task that one and several milestones share.
    func takingTaskTerms() -> Verb {
        typealias Terms = TaskTermsOptions
        return taking(
            Terms.specification, Terms.attempts, Terms.arbiter, Terms.verifier, Terms.quorum,
            Terms.fee, Terms.program, Terms.input, Terms.proven, Terms.deposit, Terms.reward,
            Terms.rounds, Terms.stake, Terms.assign, Terms.begin, Terms.deliver, Terms.judge,
            Terms.arbitrate, .underMandate, .number)
    }
}
