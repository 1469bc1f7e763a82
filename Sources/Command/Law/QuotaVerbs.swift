// `althing quota`: how much an agent, or all agents of an owner, may record.
import JSON
import Ledger
import Primitives

enum QuotaVerbs {
    static let verb = Verb(
        "quota", "Limits and shows what an agent or an owner records",
        verbs: [setVerb, showVerb])

    private static let account = Positional.identifier(
        "An agent's id, or an owner's: that of all its agents together.")
    private static let sample = String(repeating: "3f", count: 32)

    private static func count(_ name: String, _ unit: String, _ help: String) -> Option {
        Option(name, OptionValue("COUNT", .number(0...UInt64.max, unit: unit)), help)
    }

    private static let hourRecords = count("hour-records", "records", "Records in any hour.")
    private static let hourTokens = count("hour-tokens", "tokens", "Tokens in any hour.")
    private static let hourCost = Option.credits("hour-cost", "Cost in any hour.")
    private static let hourGas = count("hour-gas", "micro-credits", "Gas in any hour.")
    private static let dayRecords = count("day-records", "records", "Records in any day.")
    private static let dayTokens = count("day-tokens", "tokens", "Tokens in any day.")
    private static let dayCost = Option.credits("day-cost", "Cost in any day.")
    private static let dayGas = count("day-gas", "micro-credits", "Gas in any day.")

    private static let setVerb = Verb("set", "Puts a new quota in force", set)
        .discussed(
            "The whole of it takes the place of the one before; what is not given is not limited, "
                + "and without any limit there is no quota. Records over it are refused one by "
                + "one, and whoever sends them is told when there is room; the records of other "
                + "agents in the same request are taken."
        )
        .example("althing quota set \(sample) --key owner.key --hour-records 1000 --day-cost 50")
        .taking(
            hourRecords, hourTokens, hourCost, hourGas, dayRecords, dayTokens, dayCost, dayGas)
        .signing()
        .expecting(account)

    private static let showVerb = Verb("show", "Prints what was recorded, and the limits", show)
        .example("althing quota show \(sample)")
        .asking()
        .expecting(account)

    private static func set(_ call: Invocation) throws(CommandFailure) {
        func limits(
            _ records: Option, _ tokens: Option, _ cost: Option, _ gas: Option
        ) -> Quantities {
            Quantities(
                records: call.number(records) ?? .max, tokens: call.number(tokens) ?? .max,
                cost: call.amount(cost).map { UInt64(clamping: $0.nanoCredits) } ?? .max,
                gas: call.number(gas) ?? .max)
        }
        var quota = Quota()
        quota.hour = limits(hourRecords, hourTokens, hourCost, hourGas)
        quota.day = limits(dayRecords, dayTokens, dayCost, dayGas)
        let id: AccountID = try call.identifier(account)
        try Acting(call).give(.limit(id, quota), call)
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let path = "/v1/accounts/\(try call.required(account))/usage"
        let answer = try call.client().get(path)
        guard !call.has(.json) else { return call.console.print(answer) }
        var table = Table(
            .text(""), .number("ever"), .number("hour"), .number("of"), .number("day"),
            .number("of"))
        for quantity in MeteredQuantity.allCases {
            let name = "\(quantity)"
            func shown(_ value: UInt64) -> String {
                guard quantity == .cost else { return Quantity.count(value) }
                return Quantity.credits(UInt128(value))
            }
            func limit(_ span: String) -> String {
                answer.optionalNumber("limits", span, name).map(shown) ?? "-"
            }
            table.add(
                name, shown(answer.number("total", name)), shown(answer.number("hour", name)),
                limit("hour"), shown(answer.number("day", name)), limit("day"))
        }
        call.console.print(table.text(for: call.console))
    }
}
