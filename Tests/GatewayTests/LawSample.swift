// A chain with something of every chapter of the law and the market, for tests of its documents.
import Cryptography
import JSON
import Ledger
import Platform
import Primitives

/// What was made, by name.
struct LawSample {
    let client: HTTPClient
    let agent: AgentID
    private(set) var mandate = MandateID()
    private(set) var approval = ""
    private(set) var task = PostedTaskID()
    /// The digest of an operation.
    private(set) var operation = ""
    /// One that was taken back.
    private(set) var cancelled = PostedTaskID()
    private(set) var auction = PostedTaskID()
    private(set) var offer = OfferID()
    private(set) var licence = LicenceID()
    /// A task that a team was given.
    private(set) var taken = PostedTaskID()
    private static let bank = OwnerID(firstKey: Cast.validator.publicKey)

    /// - Parameter agent: one of the cast's owner.
    init(_ client: HTTPClient, agent: AgentID) throws {
        self.client = client
        self.agent = agent
        try give(.owner(.register(name: "bank")), by: Cast.validator)
        for account in [AccountID(Cast.ownerID), AccountID(agent)] {
            try give(
                .law(
                    .transfer(
                        Transfer(
                            from: AccountID(Self.bank), to: account,
                            amount: Amount(nanoCredits: 9_000_000_000_000)))),
                by: Cast.validator)
        }
        var quota = Quota()
        quota.day.tokens = 1_000_000_000
        try give(.law(.limit(AccountID(agent), quota)))
        let auditor = RoleGrant(key: PublicKey(repeating: 7), role: .auditor)
        try give(.law(.grantRole(auditor)))
        try give(
            .law(
                .grantRole(
                    RoleGrant(
                        key: PublicKey(repeating: 6), role: .agent, account: AccountID(agent)))))
        try govern()
        try license()
        try trade()
        try team()
    }

    @discardableResult private func give(
        _ command: Command, by key: SigningKey = Cast.owner
    ) throws -> JSONValue {
        let next = try client.json("/v1/signers/\(key.publicKey)")["next"]?.string
        let operation = SignedOperation(
            chain: Cast.genesis.digest, owner: OwnerID(firstKey: key.publicKey),
            sequence: next.flatMap { UInt64($0) } ?? 0, command: command, key: key)
        let answer = try client.post(
            "/v1/operations", operation.encoded, type: "application/octet-stream")
        guard answer.status == 200 else {
            throw UnexpectedAnswer(
                path: "/v1/operations", status: answer.status, body: answer.text)
        }
        return try answer.json()
    }

    private mutating func govern() throws {
        var law = Constitution(agent: agent, version: 1)
        law.allowed = .all
        law.limits = .none
        law.guardians = [Self.bank]
        law.approvals.kinds = KindSet([.transfer])
        law.approvals.threshold = 1
        try give(.law(.enact(law)))
        // The sample's validator reads the time of this machine, so the year 2554 is too far.
        var terms = MandateTerms(holder: agent, expires: Instant(nanoseconds: .max))
        terms.scope = KindSet([.transfer])
        terms.budget = Amount(nanoCredits: 5)
        terms.payees = [.fees]
        try give(.law(.mandate(.issue(number: 1, terms))))
        mandate = MandateID(of: AccountID(Cast.ownerID), number: 1)
        let move = Transfer(
            from: AccountID(agent), to: .fees, amount: Amount(nanoCredits: 3), mandate: mandate)
        let asked = try give(.law(.transfer(move)))
        approval = asked["effects"]?.array?.first?["approval"]?.string ?? ""
        try give(.law(.stop(.agent(agent))))
    }

    private mutating func trade() throws {
        let owner = AccountID(Cast.ownerID)
        try give(
            .law(.stake(.stake(by: owner, Amount(nanoCredits: 1_000_000_000_000)))))
        let terms = OfferTerms(
            name: "counting", pricePerUnit: Amount(nanoCredits: 7), capacity: 3)
        try give(.law(.offer(.list(by: owner, number: 1, terms))))
        offer = OfferID(of: owner, number: 1)
        var task = TaskTerms(
            specification: Digest(), milestones: [Amount(nanoCredits: 500)])
        try give(
            .law(
                .auction(
                    .open(
                        by: owner, number: 2, mandate: MandateID(), task,
                        AuctionTimes(bidding: Nanoseconds.perHour, revealing: Nanoseconds.perHour)))
            ))
        auction = PostedTaskID(of: owner, number: 2)
        task.verification = .redundant(
            quorum: 1, verifiers: [AccountID(Self.bank)], fee: Amount(nanoCredits: 1))
        try give(.law(.task(.post(by: owner, number: 1, mandate: MandateID(), task))))
        self.task = PostedTaskID(of: owner, number: 1)
        try give(.law(.task(.post(by: owner, number: 3, mandate: MandateID(), task))))
        cancelled = PostedTaskID(of: owner, number: 3)
        let moved = try give(.law(.task(.move(by: owner, cancelled, .cancel))))
        operation = moved["digest"]?.string ?? ""
    }

    /// A licence that the bank buys of the owner.
    private mutating func license() throws {
        let owner = AccountID(Cast.ownerID)
        var terms = LicenceTerms(
            name: "corpus", content: Digest(repeating: 4), price: Amount(nanoCredits: 9))
        terms.days = 30
        try give(.law(.licence(.offer(by: owner, number: 1, terms))))
        let offer = LicenceOfferID(of: owner, number: 1)
        let price = Payment(to: owner, price: terms.price)
        let purchase = LicencePurchase(by: AccountID(Self.bank), offer, price)
        try give(.law(.licence(.buy(purchase))), by: Cast.validator)
        licence = LicenceID(offer: offer, serial: 1)
    }

    /// The bank leads a team that has a task of the owner.
    private mutating func team() throws {
        let (bank, key) = (AccountID(Self.bank), SigningKey(seed: [UInt8](repeating: 5, count: 32)))
        guard let key else { return }
        let carl = AccountID(OwnerID(firstKey: key.publicKey))
        try give(.owner(.register(name: "carl")), by: key)
        let member = TeamMember(carl, part: 2_500, speciality: "counting")
        try give(.law(.team(.form(by: bank, [member]))), by: Cast.validator)
        let agreement = Team(lead: bank, members: [member], since: Cast.genesis.created).agreement
        try give(.law(.team(.join(by: carl, lead: bank, agreement: agreement))), by: key)
        let owner = AccountID(Cast.ownerID)
        let task = TaskTerms(specification: Digest(), milestones: [Amount(nanoCredits: 500)])
        try give(.law(.task(.post(by: owner, number: 9, mandate: MandateID(), task))))
        taken = PostedTaskID(of: owner, number: 9)
        try give(.law(.task(.move(by: bank, taken, .claim))), by: Cast.validator)
        let quote = QuoteTerms(
            capability: "counting", price: QuotePrice(unit: Amount(nanoCredits: 7)), capacity: 3,
            until: Instant(nanoseconds: .max), deliver: Nanoseconds.perHour)
        try give(.law(.quote(.place(by: bank, number: 1, quote))), by: Cast.validator)
        let cover = CoverTerms(
            task: taken, worker: bank, amount: Amount(nanoCredits: 500),
            premium: Amount(nanoCredits: 3), until: Instant(nanoseconds: .max))
        try give(.law(.cover(CoverCommand(by: bank, .offer(cover)))), by: Cast.validator)
    }

    /// Paths that answer about it, by the pattern of their route.
    var paths: [String: [String]] {
        [
            "/v1/accounts/{account}": [
                "/v1/accounts/\(Cast.ownerID)", "/v1/accounts/\(agent)",
                "/v1/accounts/\(AccountID.fees)", "/v1/accounts/\(mandate)",
            ],
            "/v1/owners/{owner}/roles": [
                "/v1/owners/\(Cast.ownerID)/roles", "/v1/owners/\(Self.bank)/roles",
            ],
            "/v1/accounts/{account}/usage": [
                "/v1/accounts/\(Cast.ownerID)/usage", "/v1/accounts/\(agent)/usage",
                "/v1/accounts/\(AccountID.fees)/usage",
            ],
            "/v1/agents/{agent}/constitution": ["/v1/agents/\(agent)/constitution"],
            "/v1/agents/{agent}/rulings": ["/v1/agents/\(agent)/rulings"],
            "/v1/constitutions": ["/v1/constitutions", "/v1/constitutions?limit=1"],
            "/v1/operations": [
                "/v1/operations?subject=\(cancelled)", "/v1/operations?subject=\(agent)&limit=2",
                "/v1/operations?subject=\(auction)",
            ],
            "/v1/mandates": ["/v1/mandates", "/v1/mandates?holder=\(agent)&limit=1"],
            "/v1/mandates/{mandate}": ["/v1/mandates/\(mandate)"],
            "/v1/approvals": ["/v1/approvals", "/v1/approvals?agent=\(agent)"],
            "/v1/approvals/{approval}": ["/v1/approvals/\(approval)"],
            "/v1/market": ["/v1/market"],
            "/v1/operations/{digest}/receipt": ["/v1/operations/\(operation)/receipt"],
            "/v1/tasks": [
                "/v1/tasks", "/v1/tasks?state=pending&poster=\(Cast.ownerID)",
                "/v1/tasks?worker=\(agent)", "/v1/tasks?verifier=\(Self.bank)&limit=1",
            ],
            "/v1/tasks/{task}": ["/v1/tasks/\(task)"],
            "/v1/tasks/{task}/receipt": ["/v1/tasks/\(cancelled)/receipt"],
            "/v1/offers": ["/v1/offers", "/v1/offers?name=COUNT&seller=\(Cast.ownerID)"],
            "/v1/offers/{offer}": ["/v1/offers/\(offer)"],
            "/v1/discover": [
                "/v1/discover", "/v1/discover?q=counting&maxPrice=5&maxLoad=0&limit=3",
                "/v1/discover?form=quote", "/v1/discover?form=team", "/v1/discover?form=offer",
            ],
            "/v1/quotes": ["/v1/quotes?capability=COUNT", "/v1/quotes?maker=\(Self.bank)"],
            "/v1/quotes/{quote}": [
                "/v1/quotes/\(QuoteID(of: AccountID(Self.bank), number: 1))"
            ],
            "/v1/covers": ["/v1/covers?task=\(taken)", "/v1/covers?underwriter=\(Self.bank)"],
            "/v1/covers/{cover}": [
                "/v1/covers/\(CoverID(task: taken, underwriter: AccountID(Self.bank)))"
            ],
            "/v1/teams": ["/v1/teams", "/v1/teams?member=\(Cast.ownerID)"],
            "/v1/teams/{lead}": ["/v1/teams/\(Self.bank)"],
            "/v1/tasks/{task}/division": ["/v1/tasks/\(taken)/division"],
            "/v1/licences": ["/v1/licences", "/v1/licences?holder=\(Self.bank)&limit=1"],
            "/v1/licences/{licence}": ["/v1/licences/\(licence)"],
            "/v1/licences/{licence}/receipt": ["/v1/licences/\(licence)/receipt"],
            "/v1/licence-offers": [
                "/v1/licence-offers", "/v1/licence-offers?seller=\(Cast.ownerID)",
            ],
            "/v1/licence-offers/{offer}": [
                "/v1/licence-offers/\(LicenceOfferID(of: AccountID(Cast.ownerID), number: 1))"
            ],
            "/v1/auctions": ["/v1/auctions", "/v1/auctions?poster=\(Cast.ownerID)"],
            "/v1/auctions/{auction}": ["/v1/auctions/\(auction)"],
        ]
    }
}
