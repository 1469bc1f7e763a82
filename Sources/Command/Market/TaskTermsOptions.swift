// The options by which a task's terms are given: for `task post` and `auction open`.
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
        let verifiers: [AccountID] = try call.identifiers(verifier)
        if !verifiers.isEmpty {
            let wanted = UInt8(clamping: call.number(quorum) ?? UInt64(verifiers.count))
            terms.verification = .redundant(
                quorum: wanted, verifiers: verifiers, fee: call.amount(fee) ?? .zero)
        }
        var times = TaskTimes()
        times.assign = call.nanoseconds(assign) ?? times.assign
        times.begin = call.nanoseconds(begin) ?? times.begin
        times.deliver = call.nanoseconds(deliver) ?? times.deliver
        times.judge = call.nanoseconds(judge) ?? times.judge
        times.arbitrate = call.nanoseconds(arbitrate) ?? times.arbitrate
        terms.times = times
        return terms
    }
}

extension Verb {
    /// Takes the terms of a task that one and several milestones share.
    func takingTaskTerms() -> Verb {
        typealias Terms = TaskTermsOptions
        return taking(
            Terms.specification, Terms.attempts, Terms.arbiter, Terms.verifier, Terms.quorum,
            Terms.fee, Terms.stake, Terms.assign, Terms.begin, Terms.deliver, Terms.judge,
            Terms.arbitrate, .underMandate, .number)
    }
}
