// `althing stake`: money that an account lays down as a pledge.
import Ledger
import Primitives

enum StakeVerbs {
    static let verb = Verb(
        "stake", "Lays money down as a pledge, takes it back, and slashes",
        verbs: [addVerb, unstakeVerb, withdrawVerb, slashVerb])

    private static let evidence = Option.identifier(
        "evidence", "A task whose worker lost, before its arbiters or to a challenger."
    ).required
    private static let sample = String(repeating: "3f", count: 32)

    private static let addVerb = Verb("add", "Lays money down, 1,000 credits at least") {
        call throws(CommandFailure) in
        let acting = try Acting(call)
        try acting.give(.stake(.stake(by: acting.account, try call.amount(.credits))), call)
    }
    .discussed("What an account has at stake is shown by: althing account show ID")
    .example("althing stake add 1000 --key owner.key")
    .acting()
    .expecting(.credits)

    private static let unstakeVerb = Verb("unstake", "Begins to take money back, for 21 days") {
        call throws(CommandFailure) in
        let acting = try Acting(call)
        try acting.give(.stake(.unstake(by: acting.account, try call.amount(.credits))), call)
    }
    .example("althing stake unstake 1000 --key owner.key")
    .acting()
    .expecting(.credits)

    private static let withdrawVerb = Verb("withdraw", "Takes back what has waited 21 days") {
        call throws(CommandFailure) in
        let acting = try Acting(call)
        try acting.give(.stake(.withdraw(by: acting.account)), call)
    }
    .example("althing stake withdraw --key owner.key")
    .acting()

    private static let slashVerb = Verb("slash", "Takes a tenth of a stake, by evidence") {
        call throws(CommandFailure) in
        let acting = try Acting(call)
        try acting.give(
            .stake(.slash(by: acting.account, evidence: try call.needed(evidence))), call)
    }
    .example("althing stake slash --evidence \(sample) --key owner.key")
    .taking(evidence)
    .acting()
}
