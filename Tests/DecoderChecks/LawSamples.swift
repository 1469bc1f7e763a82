// Operations of the law and the market to start from, and every entry that they leave in a state.
import Agents
import Cryptography
import Ledger
import Merkle
import Primitives
import Records

extension Sample {
    /// Operations by a ledger without money, and entries of a chain whose money is Ada's.
    static func lawSamples() throws -> [Sample] {
        var samples: [Sample] = []
        for (name, script) in [
            ("law", LawScript.law), ("market", LawScript.market), ("runs", LawScript.runs),
            ("trade", LawScript.trade),
        ] {
            let entries = LawScript.entered + script
            let signed = entries.map { [LedgerPlay.Verb.operation.rawValue] + $0.signed.encoded }
            if let bytes = EntryBundle.encode(signed) {
                samples.append(Sample("ledger", name, bytes))
            }
        }
        return samples + (try LawScript.entries())
    }
}

/// Commands in an order in which they can be given.
private struct LawScript {
    var command: Command
    /// Index in `LedgerPlay.keys`.
    var signer = 0

    private static let bob = OwnerID(firstKey: LedgerPlay.keys[1].publicKey)
    private static let agent = AgentID(owner: Sample.owner, name: "scout")
    private static let later = LedgerPlay.time.advanced(byNanoseconds: Nanoseconds.perDay)

    var signed: SignedOperation {
        let key = LedgerPlay.keys[signer]
        return SignedOperation(
            chain: LedgerPlay.chain, owner: OwnerID(firstKey: key.publicKey), sequence: 1,
            command: command, key: key)
    }

    static let entered = [
        LawScript(command: .owner(.register(name: "Ada"))),
        LawScript(command: .owner(.register(name: "Bo")), signer: 1),
        LawScript(command: .agent(.register(name: "scout", profile: AgentProfile()))),
        LawScript(command: .law(.enact(constitution))),
    ]

    private static var constitution: Constitution {
        var law = Constitution(agent: agent, version: 1)
        law.allowed = .all
        law.limits = .none
        law.guardians = [bob]
        law.approvals.kinds = KindSet([.transfer])
        law.approvals.threshold = 1
        law.dualControl = true
        law.watch.isOn = true
        return law
    }

    private static var quota: Quota {
        var quota = Quota()
        quota.hour.records = 1_000
        quota.day.cost = 5
        return quota
    }

    private static let role = RoleGrant(
        key: LedgerPlay.keys[1].publicKey, role: .agent, account: AccountID(agent),
        workloads: KindSet([.transfer]))

    private static var mandate: MandateTerms {
        var terms = MandateTerms(holder: agent, expires: later)
        terms.scope = KindSet([.transfer, .postTask])
        terms.budget = Amount(nanoCredits: 1_000)
        terms.payees = [.fees]
        return terms
    }

    private static var transfer: Transfer {
        Transfer(
            from: AccountID(agent), to: .fees, amount: Amount(nanoCredits: 3),
            mandate: MandateID(of: AccountID(Sample.owner), number: 1))
    }

    /// People rule, stop, and let go on.
    static let law = [
        LawScript(command: .law(.limit(AccountID(Sample.owner), quota))),
        LawScript(command: .law(.grantRole(role))),
        LawScript(command: .law(.revokeRole(role.key))),
        LawScript(command: .law(.mandate(.issue(number: 1, mandate)))),
        LawScript(command: .law(.transfer(transfer))),
        LawScript(command: .law(.rule(agent, .bid, .deny, expires: later)), signer: 1),
        LawScript(command: .law(.rule(agent, .transfer, .allow, expires: later))),
        LawScript(command: .law(.rule(agent, .transfer, .allow, expires: later)), signer: 1),
        LawScript(command: .law(.stop(.agent(agent))), signer: 1),
        LawScript(command: .law(.resume(.agent(agent)))),
        LawScript(command: .law(.resume(.agent(agent))), signer: 1),
        LawScript(command: .law(.stop(.fleet))),
        LawScript(command: .law(.resume(.fleet))),
        LawScript(
            command: .law(
                .mandate(
                    .revoke(
                        by: AccountID(Sample.owner),
                        MandateID(of: AccountID(Sample.owner), number: 1))))),
    ]

    private static let seller = AccountID(Sample.owner)
    private static let terms = OfferTerms(
        name: "counting", pricePerUnit: Amount(nanoCredits: 7), capacity: 3)
    private static let offer = OfferID(of: AccountID(Sample.owner), number: 1)
    private static var task: TaskTerms {
        TaskTerms(specification: LedgerPlay.chain, milestones: [Amount(nanoCredits: 500)])
    }
    /// The work is a run of a program that nobody registered.
    private static var run: TaskTerms {
        var terms = task
        terms.verification = .reexecuted(
            TaskRun(program: LedgerPlay.chain, input: [1, 2]),
            Reexecution(
                deposit: Amount(nanoCredits: 5), reward: Amount(nanoCredits: 5), rounds: 2))
        return terms
    }
    private static let posted = PostedTaskID(of: AccountID(Sample.owner), number: 1)
    private static let auctioned = PostedTaskID(of: AccountID(Sample.owner), number: 2)
    private static let hour = AuctionTimes(
        bidding: Nanoseconds.perHour, revealing: Nanoseconds.perHour)

    /// Offers; and what needs money, which a ledger of a genesis has.
    static let market = [
        LawScript(command: .law(.voteFee(2_000))),
        LawScript(command: .law(.offer(.list(by: seller, number: 1, terms)))),
        LawScript(command: .law(.offer(.delist(by: seller, offer)))),
        LawScript(command: .law(.offer(.update(by: seller, offer, terms)))),
        LawScript(
            command: .law(
                .transfer(
                    Transfer(
                        from: seller, to: AccountID(bob), amount: Amount(nanoCredits: 99))))),
        LawScript(
            command: .law(.stake(.stake(by: seller, Amount(nanoCredits: 1_000_000_000_000))))),
        LawScript(
            command: .law(.task(.post(by: seller, number: 1, mandate: MandateID(), task)))),
        LawScript(
            command: .law(
                .task(.move(by: AccountID(bob), PostedTaskID(of: seller, number: 1), .claim))),
            signer: 1),
        LawScript(
            command: .law(
                .auction(.open(by: seller, number: 2, mandate: MandateID(), task, hour)))),
        LawScript(
            command: .law(
                .auction(
                    .commit(
                        by: AccountID(bob), auctioned, LedgerPlay.chain,
                        deposit: Amount(nanoCredits: 5)))), signer: 1),
        LawScript(
            command: .law(
                .task(
                    .batch(
                        TaskBatch(
                            account: seller,
                            entries: [.post(number: 8, task), .move(posted, .cancel)]))))),
    ]

    private static var licence: LicenceTerms {
        var terms = LicenceTerms(
            name: "corpus", content: LedgerPlay.chain, price: Amount(nanoCredits: 9))
        (terms.days, terms.isTransferable) = (30, true)
        return terms
    }
    private static let licences = LicenceOfferID(of: AccountID(Sample.owner), number: 1)
    private static let bought = LicenceID(offer: licences, serial: 1)
    private static let sale = Payment(to: seller, price: Amount(nanoCredits: 9))

    private static let member = TeamMember(AccountID(bob), part: 2_500, speciality: "counting")
    private static let team = Team(lead: seller, members: [member], since: LedgerPlay.time)

    private static let quote = QuoteTerms(
        capability: "counting", price: QuotePrice(unit: Amount(nanoCredits: 7)), capacity: 3,
        until: later, deliver: Nanoseconds.perHour)
    private static var quoted: TaskTerms {
        var terms = TaskTerms(
            specification: LedgerPlay.chain, milestones: [Amount(nanoCredits: 14)])
        terms.worker = seller
        return terms
    }
    private static let taking = QuoteTaking(
        by: AccountID(bob), number: 1, QuoteID(of: seller, number: 1), units: 2)
    private static let cover = CoverTerms(
        task: taking.task, worker: seller, amount: Amount(nanoCredits: 9),
        premium: Amount(nanoCredits: 1), until: later)

    /// Licences, teams, quotes and covers.
    static let trade = [
        LawScript(command: .law(.licence(.offer(by: seller, number: 1, licence)))),
        LawScript(
            command: .law(.licence(.buy(LicencePurchase(by: AccountID(bob), licences, sale)))),
            signer: 1),
        LawScript(command: .law(.licence(.renew(by: AccountID(bob), bought, sale))), signer: 1),
        LawScript(
            command: .law(
                .licence(.transfer(by: AccountID(bob), bought, to: AccountID(agent)))), signer: 1),
        LawScript(command: .law(.licence(.withdraw(by: seller, licences)))),
        LawScript(command: .law(.team(.form(by: seller, [member])))),
        LawScript(
            command: .law(
                .team(
                    .join(by: AccountID(bob), lead: seller, agreement: team.agreement))),
            signer: 1),
        LawScript(command: .law(.team(.leave(by: AccountID(bob), lead: seller))), signer: 1),
        LawScript(command: .law(.team(.form(by: seller, [member])))),
        LawScript(command: .law(.quote(.place(by: seller, number: 1, quote)))),
        LawScript(command: .law(.quote(.take(taking, quoted))), signer: 1),
        LawScript(command: .law(.cover(CoverCommand(by: seller, .offer(cover))))),
    ]

    /// Moves about runs that no task asks for.
    static let runs: [LawScript] = [
        LawScript(
            command: .law(.task(.post(by: seller, number: 7, mandate: MandateID(), run)))),
    ] + ([
        .prove(LedgerPlay.chain, proof: [1, 2, 3]), .challenge(deposit: Amount(nanoCredits: 5)),
        .trace([Digest](repeating: LedgerPlay.chain, count: 15)), .pick(3),
        .show(RunStep(before: RunState(root: LedgerPlay.chain))),
        .deliverRun(RunClaim(of: RunState(root: LedgerPlay.chain))),
    ] as [TaskMove]).map {
        LawScript(command: .law(.task(.move(by: seller, posted, $0))))
    }

    /// One entry of each kind, as the state of a chain of Ada's holds it after all of this.
    static func entries() throws -> [Sample] {
        guard let committee = Committee([Sample.ada.publicKey]),
            let genesis = Genesis(name: "law", created: LedgerPlay.time, committee: committee)
        else { return [] }
        var state = LedgerState(genesis: genesis)
        var sequences = [UInt64](repeating: 0, count: LedgerPlay.keys.count)
        var found: [UInt8: [UInt8]] = [:]
        let asked = LawScript(command: .law(.stop(.chain)))
        for script in entered + market + trade + law + [asked] {
            sequences[script.signer] += 1
            let key = LedgerPlay.keys[script.signer]
            let operation = SignedOperation(
                chain: state.chain, owner: OwnerID(firstKey: key.publicKey),
                sequence: sequences[script.signer], command: script.command, key: key)
            _ = try Ledger.apply(operation, at: LedgerPlay.time, to: &state)
            for (key, value) in state.takeChanges() where key.encoded[0] >= 32 && !value.isEmpty {
                let name = key.encoded
                found[name[0]] = [UInt8(name.count)] + name + value
            }
        }
        return found.sorted { $0.key < $1.key }.map {
            Sample("state-entry", "\($0.key)-law", $0.value)
        }
    }
}
