// `althing validator`: the seats of a chain, and how they change.
import Cryptography
import JSON
import Ledger
import Primitives

enum ValidatorVerbs {
    static let verb = Verb(
        "validator", "Shows the validators of a chain, and changes their seats",
        verbs: [listVerb, statusVerb, newVerb, proveVerb, proposeVerb, addressVerb, feeVerb])

    private static let listVerb = Verb("list", "Lists the seats, as one node sees them", list)
        .example("althing validator list")
        .taking(.node, .json)

    private static let statusVerb = Verb(
        "status", "Prints where one node stands among the validators", status
    )
    .example("althing validator status --node http://127.0.0.1:4320")
    .taking(.node, .json)

    private static let newVerb = Verb(
        "new", "Makes the keys of a validator, before there is a chain", ValidatorKeys.make
    )
    .discussed(
        "The directory is ready for: althing node --data DIR --genesis FILE, once a genesis names "
            + "its key, or other validators gave it a seat."
    )
    .example("althing validator new --data ./validator --passphrase-file ./pass")
    .taking(Option.data.required, ValidatorKeys.development, .passphraseFile, .json)

    private static let proveVerb = Verb(
        "prove", "Prints the proof with which others propose this validator", ValidatorKeys.prove
    )
    .example("althing validator prove --data ./validator --node http://127.0.0.1:4318")
    .taking(Option.data.required, .passphraseFile, .node, .json)

    private static let proposeVerb = Verb(
        "propose", "Votes for a change of seats in the next epoch", SeatProposal.send
    )
    .discussed(
        "The change is made when a quorum of validators has voted for the same one in one epoch. "
            + "A validator has one vote: a later one takes the place of the one before."
    )
    .example(
        "althing validator propose --data ./validator --add did:key:z6Mkf… "
            + "--address 10.0.0.5:4319 --proof " + String(repeating: "9c", count: 64)
    )
    .example("althing validator propose --data ./validator --remove did:key:z6Mkf…")
    .taking(
        Option.data.required, SeatProposal.add, SeatProposal.remove, SeatProposal.replace,
        SeatProposal.by, SeatProposal.address, SeatProposal.proof, .passphraseFile, .node, .json)

    private static let addressVerb = Verb(
        "address", "Tells the chain where this validator is reached", SeatProposal.setAddress
    )
    .example("althing validator address --data ./validator --address 10.0.0.5:4319")
    .taking(Option.data.required, SeatProposal.address.required, .passphraseFile, .node, .json)

    private static let fee = Positional(
        "MILLIONTHS", .number(0...UInt64(MarketFee.most), unit: "millionths"),
        "Of every payment to a worker: 1000 are 0.1 %.")

    private static let feeVerb = Verb("fee", "Votes for another market fee") {
        call throws(CommandFailure) in
        let key = try ValidatorKeys.open(call)
        let sender = try OperationSender(client: try call.client(), key: key)
        let wanted = UInt32(clamping: ValueKind.number(try call.required(fee)) ?? 0)
        let answer = try sender.send(
            .law(.voteFee(wanted)), owner: OwnerID(firstKey: key.publicKey))
        try LawReport(answer: answer).print(call)
    }
    .discussed(
        "It is in force for tasks posted after a quorum of validators has voted for the same one "
            + "in one epoch. To vote for the fee in force takes a vote back."
    )
    .example("althing validator fee 1500 --data ./validator")
    .taking(Option.data.required, .passphraseFile, .node, .json)
    .expecting(fee)

    private static func list(_ call: Invocation) throws(CommandFailure) {
        let answer = try call.client().get("/v1/validators")
        guard !call.has(.json) else { return call.console.print(answer) }
        call.console.print(table(answer).text(for: call.console))
    }

    private static func table(_ answer: JSONValue) -> Table {
        var table = Table(
            .number("SEAT"), .text("VALIDATOR"), .text("ADDRESS"), .text("LINK"),
            .number("ROUND TRIP"), .number("ROUND"), .number("LAG"), .number("CHECKPOINT"),
            .text("STATE"))
        for seat in answer.list("validators") {
            let isOwn = seat["own"]?.bool == true
            let isUp = isOwn || seat["connected"]?.bool == true
            table.add(
                "\(seat.number("seat"))", seat.text("did"), seat.text("address"),
                isOwn ? "own" : isUp ? "up" : "down",
                seat.optionalNumber("roundTrip").map(Quantity.duration) ?? "-",
                seat.optionalNumber("lastRound").map(Quantity.count) ?? "-",
                Quantity.count(seat.number("lagRounds")),
                seat.optionalNumber("height").map(Quantity.count) ?? "-",
                seat["exposed"]?.bool == true ? "exposed: it contradicted itself" : "",
                style: isUp ? nil : .dim)
        }
        return table
    }

    private static func status(_ call: Invocation) throws(CommandFailure) {
        let client = try call.client()
        let status = try client.get("/v1/status")
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("chain", .string(status.text("chain"))),
                    JSONMember("height", .string(status.text("height"))),
                    JSONMember("consensus", status["consensus"] ?? .null),
                ]))
        }
        var facts = Facts()
        func number(_ name: String) -> UInt64 { status.number("consensus", name) }
        facts.add("chain", "\(status.text("name")) \(status.text("chain"))")
        facts.add(
            "seat",
            status["consensus"]?.optionalNumber("seat").map { "\($0) of \(number("seats"))" }
                ?? "none: it follows as an observer")
        facts.add("linked with", "\(number("connected"))")
        facts.add("epoch", Quantity.count(number("epoch")))
        facts.add("round", "\(number("round")), committed up to \(number("committedRound"))")
        for name in ["commits", "certificates"] {
            let rate = number(name + "PerSecond")
            facts.add(name, "\(Quantity.count(number(name))), \(rate) a second")
        }
        facts.add("checkpoint", Quantity.count(status.number("height")))
        let halted = status["consensus"]?.text("halted") ?? ""
        facts.add("signs", halted.isEmpty ? "yes" : "NO: \(halted)")
        call.console.print(facts.text)
    }
}
