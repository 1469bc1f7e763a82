// `althing licence`: the right to use content or a model, offered, bought, shown and checked.
import Cryptography
import JSON
import Ledger
import Platform
import Primitives
import Records

enum LicenceVerbs {
    static let verb = Verb(
        "licence", "Offers and buys licences to content and models, and checks who has one",
        verbs: [
            offerVerb, withdrawVerb, buyVerb, renewVerb, transferVerb, listVerb, offersVerb,
            showVerb, receiptVerb, verifyVerb,
        ])

    private static let id = Positional.identifier("The licence's id.")
    private static let offerID = Positional.identifier("The offer's id.")
    private static let name = Option(
        "name", OptionValue("NAME", .text), "What is offered.").required
    private static let price = Option.credits("price", "What one term costs.").required
    private static let content = Option(
        "content", OptionValue("FILE", .file),
        "The content, the model or the program; its BLAKE3 digest is what the licence names.")
    private static let digest = Option.identifier(
        "digest", "The BLAKE3 digest of the content, in place of the file.")
    private static let terms = Option(
        "terms", OptionValue("FILE", .file),
        "What the licence says in words; its BLAKE3 digest is kept.")
    private static let days = Option(
        "days", OptionValue("DAYS", .number(0...UInt64(LicenceTerms.mostDays), unit: "days")),
        "How long a term lasts; 0 for ever."
    ).standing(at: "0")
    private static let most = Option(
        "most", OptionValue("COUNT", .number(0...UInt64.max, unit: "licences")),
        "How many are sold, at most; 0 for any number."
    ).standing(at: "0")
    private static let transferable = Option(
        "transferable", nil, "A holder may pass its licence on.")
    private static let serial = Option(
        "serial", OptionValue("NUMBER", .number(0...UInt64.max, unit: "serial numbers")),
        "Of a licence that has ended, in whose place the new one comes; 0 for the next number."
    ).standing(at: "0")
    private static let receiver = Option.identifier("to", "Who gets it: an owner or an agent.")
        .required
    private static let holder = Option.identifier("holder", "Only those that this account holds.")
    private static let seller = Option.identifier("seller", "Only those of this account.")
    private static let out = Option(
        "out", OptionValue("FILE", .file), "Where to write the receipt; without it, it is printed.")
    private static let heldBy = Option(
        "held-by", OptionValue("KEY", .text),
        "The public key that must be one of the holder's, in hexadecimal or as did:key.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let offerVerb = Verb("offer", "Offers licences to something", offer)
        .discussed(
            "What is offered never changes: to change it, withdraw the offer and make another. "
                + "Of the price the market takes its fee."
        )
        .example(
            "althing licence offer --name corpus --content corpus.tar --price 20 --days 30 "
                + "--key owner.key"
        )
        .taking(name, content, digest, terms, price, days, most, transferable, .number)
        .acting()

    private static let withdrawVerb = Verb(
        "withdraw", "Sells no more; what was sold stays", withdraw
    )
        .discussed("Licences of a withdrawn offer are not renewed.")
        .example("althing licence withdraw \(sample) --key owner.key")
        .acting()
        .expecting(offerID)

    private static let buyVerb = Verb("buy", "Buys a licence at the offer's price", buy)
        .discussed("The account that acts holds it; under a mandate its payer pays.")
        .example("althing licence buy \(sample) --key owner.key")
        .taking(serial, .underMandate)
        .acting()
        .expecting(offerID)

    private static let renewVerb = Verb("renew", "Pays for another term, before the end", renew)
        .example("althing licence renew \(sample) --key owner.key")
        .taking(.underMandate)
        .acting()
        .expecting(id)

    private static let transferVerb = Verb("transfer", "Passes a licence on", transfer)
        .discussed("Only where the offer said that licences may be passed on.")
        .example("althing licence transfer \(sample) --to \(sample) --key owner.key")
        .taking(receiver)
        .acting()
        .expecting(id)

    private static let listVerb = Verb("list", "Lists licences", list)
        .example("althing licence list --holder \(sample)")
        .taking(holder)
        .listing()

    private static let offersVerb = Verb("offers", "Lists offers of licences", offers)
        .example("althing licence offers")
        .taking(seller)
        .listing()

    private static let showVerb = Verb("show", "Prints a licence", show)
        .example("althing licence show \(sample)")
        .asking()
        .expecting(id)

    private static let receiptVerb = Verb(
        "receipt", "Gets the receipt of a licence that holds", receipt
    )
    .discussed(
        "Whoever has the file checks it without a node: althing licence verify, or althing "
            + "receipt verify."
    )
    .example("althing licence receipt \(sample) --out licence.json")
    .taking(out, ReceiptVerbs.wait, .node)
    .expecting(id)

    private static let verifyVerb = Verb(
        "verify", "Checks a licence's receipt offline: that a key holds it, and to what", verify
    )
    .discussed(
        "It says what held at the receipt's checkpoint, whose time is printed. The status is 0 "
            + "where every check holds and 1 where one fails."
    )
    .example("althing licence verify licence.json --genesis genesis --held-by \(sample)")
    .example("althing licence verify licence.json --content corpus.tar")
    .taking(ReceiptVerbs.chain, ReceiptVerbs.genesis, heldBy, content, .json)
    .expecting(ReceiptVerbs.file)

    private static func offer(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(content, digest)
        let acting = try Acting(call)
        let named: Digest? = try call.identifier(digest)
        if named == nil { _ = try call.required(content) }
        let held = try call.digest(content)
        var terms = LicenceTerms(
            name: try call.required(name), content: named ?? held,
            wording: try call.digest(Self.terms), price: call.amount(price) ?? .zero)
        terms.days = UInt32(clamping: call.number(days) ?? 0)
        terms.most = call.number(most) ?? 0
        terms.isTransferable = call.has(transferable)
        try acting.give(
            .licence(.offer(by: acting.account, number: call.chosenNumber, terms)), call)
    }

    private static func withdraw(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        try acting.give(
            .licence(.withdraw(by: acting.account, try call.identifier(offerID))), call)
    }

    /// What an offer asks now.
    private static func payment(
        _ offer: String, _ acting: Acting, _ call: Invocation
    ) throws(CommandFailure) -> Payment {
        let view = try acting.sender.client.get("/v1/licence-offers/\(offer)")
        return Payment(
            to: AccountID(hex: view.text("seller")) ?? AccountID(),
            price: Amount(nanoCredits: view.amount("price")), mandate: try call.mandate())
    }

    private static func buy(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let payment = try payment(try call.required(offerID), acting, call)
        let purchase = LicencePurchase(
            by: acting.account, try call.identifier(offerID), serial: call.number(serial) ?? 0,
            payment)
        try acting.give(.licence(.buy(purchase)), call)
    }

    private static func renew(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let licence = try acting.sender.client.get("/v1/licences/\(try call.required(id))")
        let payment = try payment(licence.text("offer"), acting, call)
        try acting.give(
            .licence(.renew(by: acting.account, try call.identifier(id), payment)), call)
    }

    private static func transfer(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let command = LicenceCommand.transfer(
            by: acting.account, try call.identifier(id), to: try call.needed(receiver))
        try acting.give(.licence(command), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let text = call.text(holder) { query.append(("holder", text)) }
        let items = try call.items("/v1/licences", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("LICENCE"), .text("CONTENT"), .text("HOLDER"), .number("SERIAL"),
            .text("UNTIL"))
        for licence in items {
            table.add(
                licence.text("licence"), short(licence.text("content")),
                short(licence.text("holder")), licence.text("serial"), end(licence))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func end(_ licence: JSONValue) -> String {
        licence.text("until").isEmpty ? "for ever" : licence.time("until")
    }

    private static func offers(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let text = call.text(seller) { query.append(("seller", text)) }
        let items = try call.items("/v1/licence-offers", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("NAME", limit: 32), .number("PRICE"), .number("DAYS"), .number("SOLD"),
            .text("SELLER"), .text("STATE"), .text("OFFER"))
        for offer in items {
            let most = offer.number("most")
            let days = offer.number("days")
            table.add(
                offer.text("name"), Quantity.credits(offer.amount("price")),
                days == 0 ? "for ever" : "\(days)",
                offer.text("serials") + (most == 0 ? "" : " of \(most)"),
                short(offer.text("seller")),
                offer["listed"]?.bool == true ? "listed" : "withdrawn", offer.text("offer"))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let licence = try call.client().get("/v1/licences/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(licence) }
        var facts = Facts()
        for name in ["licence", "offer", "serial", "seller", "holder", "content", "terms"] {
            facts.add(name, licence.text(name))
        }
        facts.add("from", licence.time("from"))
        facts.add("until", end(licence))
        facts.add("transferable", licence["transferable"]?.bool == true ? "yes" : "no")
        call.console.print(facts.text)
    }

    private static func receipt(_ call: Invocation) throws(CommandFailure) {
        let path = "/v1/licences/\(try call.required(id))/receipt"
        let bytes = try ReceiptVerbs.fetch(path, try call.client(), call)
        guard let file = call.text(out) else {
            return call.console.write(String(decoding: bytes, as: UTF8.self) + "\n")
        }
        try LocalFiles.write(bytes, to: file)
        call.console.print("wrote \(file), \(Quantity.bytes(UInt64(bytes.count)))")
    }

    private static func verify(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(ReceiptVerbs.chain, ReceiptVerbs.genesis)
        let path = try call.required(ReceiptVerbs.file)
        let text = try LocalFiles.read(path, limit: LicenceReceipt.textBytes)
        let trusted = try ReceiptVerbs.trustedChain(call)
        let report = ReceiptReport(text: text, trust: .genesis(trusted), payload: nil)
        if call.has(.json) {
            call.console.print(report.json())
        } else {
            call.console.print(report.text(for: call.console, isChainTrusted: trusted != nil))
        }
        if let refusal = report.refusal {
            throw .refused(
                "\(path) is refused: \(refusal.part.rawValue): \(printable(refusal.detail))")
        }
        guard case .licence(let receipt)? = report.receipt else {
            throw .refused("\(path) is the receipt of something else than a licence")
        }
        let contents = LicenceContents(receipt)
        if !call.has(.json) { call.console.print(contents.text) }
        if let text = call.text(heldBy) {
            guard let key = PublicKey(hex: text) ?? DIDKey.decode(text) else {
                throw call.invalid(
                    heldBy.name, text, expected: "a public key in hexadecimal or as did:key")
            }
            guard contents.keys.contains(key) else {
                throw .refused("the key \(key.hex) is none of the holder's")
            }
        }
        let given = try call.digest(content)
        guard given.isZero || given == contents.licence?.content else {
            throw .refused("the licence is to other content than \(call.text(content) ?? "")")
        }
    }
}
