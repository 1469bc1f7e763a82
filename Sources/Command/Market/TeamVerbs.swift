// `althing team`: agents that share what the tasks of their lead earn.
import JSON
import Ledger
import Primitives

enum TeamVerbs {
    static let verb = Verb(
        "team", "Forms teams that share what their lead's tasks earn",
        verbs: [formVerb, joinVerb, leaveVerb, dissolveVerb, listVerb, showVerb, divisionVerb])

    private static let lead = Positional.identifier("The account that leads the team.")
    private static let task = Positional.identifier("The task's id.")
    private static let members = Option(
        "member", OptionValue("ID:PART:SPECIALITY", .text),
        "A member, its part in ten-thousandths of the pay, and what it is there for."
    ).required.repeatable
    private static let agreement = Option.identifier(
        "agreement", "The agreement that you have seen; without it the team as it is now.")
    private static let member = Option.identifier(
        "member", "Only those of which this account is a member.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let formVerb = Verb("form", "Proposes a team that the account leads", form)
        .discussed(
            "The lead bids, takes tasks and delivers as ever; once every member has joined, what "
                + "each new task pays is divided by the parts, and the lead gets the rest. A lead "
                + "has one team at a time: register an agent for each team."
        )
        .example(
            "althing team form --member \(sample):2500:translation --as \(sample) --key owner.key"
        )
        .taking(members)
        .acting()

    private static let joinVerb = Verb("join", "Agrees to be a member", join)
        .discussed("What is agreed to is printed by: althing team show ID")
        .example("althing team join \(sample) --as \(sample) --key owner.key")
        .taking(agreement)
        .acting()
        .expecting(lead)

    private static let leaveVerb = Verb("leave", "Leaves a team, or declines to join", leave)
        .discussed("Only between tasks. The part falls to the lead.")
        .example("althing team leave \(sample) --as \(sample) --key owner.key")
        .acting()
        .expecting(lead)

    private static let dissolveVerb = Verb("dissolve", "Ends the team that the account leads") {
        call throws(CommandFailure) in
        let acting = try Acting(call)
        try acting.give(.team(.dissolve(by: acting.account)), call)
    }
    .discussed("Only between tasks.")
    .example("althing team dissolve --as \(sample) --key owner.key")
    .acting()

    private static let listVerb = Verb("list", "Lists teams", list)
        .example("althing team list --member \(sample)")
        .taking(member)
        .listing()

    private static let showVerb = Verb("show", "Prints the team that an account leads", show)
        .example("althing team show \(sample)")
        .asking()
        .expecting(lead)

    private static let divisionVerb = Verb(
        "division", "Prints who in a team was paid what of a task", division
    )
    .example("althing team division \(sample)")
    .asking()
    .expecting(task)

    private static func read(
        _ text: String, _ call: Invocation
    ) throws(CommandFailure) -> TeamMember {
        let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
        guard parts.count == 3, let account = AccountID(hex: parts[0]),
            let part = UInt32(parts[1]), (1...Team.whole).contains(part)
        else {
            throw call.invalid(
                members.spelling, text,
                expected: "ID:PART:SPECIALITY with a part of 1 to \(Team.whole)")
        }
        return TeamMember(account, part: part, speciality: parts[2])
    }

    private static func form(_ call: Invocation) throws(CommandFailure) {
        var found: [TeamMember] = []
        for text in call.texts(members) { found.append(try read(text, call)) }
        found.sort { $0.account < $1.account }
        let acting = try Acting(call)
        try acting.give(.team(.form(by: acting.account, found)), call)
    }

    private static func join(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        var seen: Digest? = try call.identifier(agreement)
        if seen == nil {
            let team = try acting.sender.client.get("/v1/teams/\(try call.required(lead))")
            seen = Digest(hex: team.text("agreement"))
        }
        let command = TeamCommand.join(
            by: acting.account, lead: try call.identifier(lead), agreement: seen ?? Digest())
        try acting.give(.team(command), call)
    }

    private static func leave(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        try acting.give(
            .team(.leave(by: acting.account, lead: try call.identifier(lead))), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let text = call.text(member) { query.append(("member", text)) }
        let items = try call.items("/v1/teams", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("LEAD"), .number("MEMBERS"), .number("TASKS"), .text("STATE"))
        for team in items {
            table.add(
                team.text("lead"), "\(team.list("members").count)", team.text("openTasks"),
                team["formed"]?.bool == true ? "formed" : "proposed")
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let team = try call.client().get("/v1/teams/\(try call.required(lead))")
        guard !call.has(.json) else { return call.console.print(team) }
        var facts = Facts()
        facts.add("lead", team.text("lead"))
        facts.add("state", team["formed"]?.bool == true ? "formed" : "proposed")
        facts.add("tasks in work", team.text("openTasks"))
        facts.add("agreement", team.text("agreement"))
        call.console.print(facts.text)
        var table = Table(
            .text("ACCOUNT"), .number("PART"), .text("SPECIALITY", limit: 32), .text("JOINED"))
        table.add(team.text("lead"), percent(team.number("leadPart")), "lead", "yes")
        for member in team.list("members") {
            table.add(
                member.text("account"), percent(member.number("part")), member.text("speciality"),
                member["joined"]?.bool == true ? "yes" : "no")
        }
        call.console.print("\n" + table.text(for: call.console))
    }

    private static func percent(_ part: UInt64) -> String {
        "\(part / 100).\(part / 10 % 10)\(part % 10) %"
    }

    private static func division(_ call: Invocation) throws(CommandFailure) {
        let id = try call.required(task)
        let division = try call.client().get("/v1/tasks/\(id)/division")
        guard !call.has(.json) else { return call.console.print(division) }
        var table = Table(.text("ACCOUNT"), .number("PART"), .number("PAID"))
        table.add(
            division.text("lead"), "the rest", Quantity.credits(division.amount("leadPaid")))
        for share in division.list("shares") {
            table.add(
                share.text("account"), percent(share.number("part")),
                Quantity.credits(share.amount("paid")))
        }
        call.console.print(table.text(for: call.console))
    }
}
