// The schemas of documents about licences, teams, quotes and covers.
import Ledger

extension Schemas {
    static let licence = Schema.object([
        member("licence", .hex(32)), member("offer", .hex(32)), member("serial", .number),
        member("seller", .hex(32)), member("holder", .hex(32)), member("content", .hex(32)),
        member("terms", .orNull(.hex(32))), member("from", .number),
        member("until", .orNull(.number)), member("transferable", .boolean),
    ])

    static let licenceOffer = Schema.object([
        member("offer", .hex(32)), member("seller", .hex(32)), member("listed", .boolean),
        member("name", .text), member("content", .hex(32)), member("terms", .orNull(.hex(32))),
        member("price", .number), member("days", .integer(0...36_600)), member("most", .number),
        member("transferable", .boolean), member("serials", .number),
    ])

    static let team = Schema.object([
        member("lead", .hex(32)), member("formed", .boolean), member("agreement", .hex(32)),
        member("since", .number), member("openTasks", .number),
        member("leadPart", .integer(0...10_000)),
        member(
            "members",
            .list(
                .object([
                    member("account", .hex(32)), member("part", .integer(1...10_000)),
                    member("speciality", .text), member("joined", .boolean),
                ]))),
    ])

    static let division = Schema.object([
        member("task", .hex(32)), member("lead", .hex(32)), member("open", .boolean),
        member("leadPaid", .number),
        member(
            "shares",
            .list(
                .object([
                    member("account", .hex(32)), member("part", .integer(1...10_000)),
                    member("paid", .number),
                ]))),
    ])

    static let quote = Schema.object([
        member("quote", .hex(32)), member("maker", .hex(32)), member("open", .boolean),
        member("capability", .text), member("base", .number), member("unit", .number),
        member("left", .number), member("until", .number), member("deliver", .number),
        member("referenceBase", .number), member("referenceUnit", .number),
        member("referenceSince", .number),
    ])

    static let cover = Schema.object([
        member("cover", .hex(32)), member("task", .hex(32)), member("worker", .hex(32)),
        member("underwriter", .hex(32)),
        member("state", .oneOf(CoverState.allCases.map { "\($0)" })),
        member("amount", .number), member("premium", .number), member("until", .number),
        member("client", .orNull(.hex(32))), member("held", .number),
    ])
}
