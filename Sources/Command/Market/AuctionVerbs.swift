// `althing auction`: tasks that the lowest of sealed bids gets.
import Cryptography
import JSON
import Ledger
import Primitives

enum AuctionVerbs {
    static let verb = Verb(
        "auction", "Puts tasks up for sealed bids, and bids",
        verbs: [openVerb, bidVerb, revealVerb, closeVerb, listVerb, showVerb])

    private static let id = Positional.identifier("The auction's id, which is that of its task.")
    private static let reserve = Option.credits("reserve", "The most that is paid.").required
    private static let bidding = Option.time("bids-for", "Time for bids.", standing: "1d")
    private static let revealing = Option.time(
        "reveals-for", "Time to reveal bids after that.", standing: "1d")
    private static let price = Option.credits("price", "What is asked for the work.").required
    private static let poster = Option.identifier("poster", "Only those of this account.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let openVerb = Verb("open", "Puts a task up, and pays the reserve in", open)
        .example("althing auction open --specification task.md --reserve 20 --key owner.key")
        .taking(reserve, bidding, revealing)
        .takingTaskTerms()
        .acting()

    private static let bidVerb = Verb("bid", "Makes a sealed bid", bid)
        .discussed(
            "A hundredth of the reserve is laid down until the bid is revealed. The seal is made "
                + "of the key that signs: reveal with the same key and the same price."
        )
        .example("althing auction bid \(sample) --price 12 --key my.key")
        .taking(price)
        .acting()
        .expecting(id)

    private static let revealVerb = Verb("reveal", "Reveals a bid", reveal)
        .example("althing auction reveal \(sample) --price 12 --key my.key")
        .taking(price)
        .acting()
        .expecting(id)

    private static let closeVerb = Verb("close", "Assigns the task to the lowest bid", close)
        .example("althing auction close \(sample) --key my.key")
        .acting()
        .expecting(id)

    private static let listVerb = Verb("list", "Lists auctions", list)
        .example("althing auction list")
        .taking(poster)
        .listing()

    private static let showVerb = Verb("show", "Prints an auction with its bids", show)
        .example("althing auction show \(sample)")
        .asking()
        .expecting(id)

    private static let saltDomain = HashDomain("althing 2026 command bid salt v1")

    /// What hides the price, made of the secret key so that nothing has to be kept for revealing.
    private static func salt(
        _ key: SigningKey, _ auction: PostedTaskID, _ bidder: AccountID
    ) -> Digest {
        saltDomain.hash(key.seed + auction.bytes + bidder.bytes)
    }

    private static func open(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let terms = try TaskTermsOptions.terms(call, milestones: call.amounts(reserve))
        try TaskTermsOptions.register(call, acting.sender)
        let day = Nanoseconds.perDay
        let times = AuctionTimes(
            bidding: call.nanoseconds(bidding) ?? day,
            revealing: call.nanoseconds(revealing) ?? day)
        let command = AuctionCommand.open(
            by: acting.account, number: call.chosenNumber, mandate: try call.mandate(), terms,
            times)
        try acting.give(.auction(command), call)
    }

    private static func bid(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let auction: PostedTaskID = try call.identifier(id)
        let commitment = Bid.commitment(
            auction: auction, bidder: acting.account, price: call.amount(price) ?? .zero,
            salt: salt(acting.sender.key, auction, acting.account))
        let view = try acting.sender.client.get("/v1/auctions/\(auction.hex)")
        let command = AuctionCommand.commit(
            by: acting.account, auction, commitment,
            deposit: Amount(nanoCredits: view.amount("deposit")))
        try acting.give(.auction(command), call)
    }

    private static func reveal(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let auction: PostedTaskID = try call.identifier(id)
        let command = AuctionCommand.reveal(
            by: acting.account, auction, price: call.amount(price) ?? .zero,
            salt: salt(acting.sender.key, auction, acting.account))
        try acting.give(.auction(command), call)
    }

    private static func close(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        try acting.give(
            .auction(.close(by: acting.account, try call.identifier(id))), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let text = call.text(poster) { query.append(("poster", text)) }
        let items = try call.items("/v1/auctions", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("AUCTION"), .number("RESERVE"), .number("BIDS"), .text("BIDS UNTIL"),
            .text("REVEALS UNTIL"), .text("STATE"))
        for auction in items {
            table.add(
                auction.text("auction"), Quantity.credits(auction.amount("reserve")),
                "\(auction.list("bids").count)", auction.time("bidsUntil"),
                auction.time("revealsUntil"), auction["closed"]?.bool == true ? "closed" : "open")
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let auction = try call.client().get("/v1/auctions/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(auction) }
        var facts = Facts()
        for name in ["auction", "poster", "payer"] { facts.add(name, auction.text(name)) }
        for name in ["reserve", "deposit", "held"] {
            facts.add(name, Quantity.credits(auction.amount(name)) + " credits")
        }
        facts.add("bids until", auction.time("bidsUntil"))
        facts.add("reveals until", auction.time("revealsUntil"))
        facts.add("closed", auction["closed"]?.bool == true ? "yes" : "no")
        call.console.print(facts.text)
        var table = Table(.text("BIDDER"), .number("PRICE"))
        for bid in auction.list("bids") {
            let price = bid.text("price")
            table.add(
                bid.text("bidder"), price.isEmpty ? "sealed" : Quantity.credits(UInt128(price) ?? 0)
            )
        }
        if !table.isEmpty { call.console.print("\n" + table.text(for: call.console)) }
    }
}
