// Random histories of licences, teams, quotes and covers: what all hold together is the supply.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct MarketConservationTests {
    private static let actors: [(AccountID, SigningKey)] = [
        (World.adaAccount, TestKey.ada), (World.boAccount, TestKey.bo),
        (World.scoutAccount, TestKey.scout), (World.otherAccount, TestKey.other),
    ]

    private func random(_ generator: inout SeededGenerator) -> (AccountID, SigningKey) {
        Self.actors[Int.random(in: 0..<4, using: &generator)]
    }

    /// A world whose holdings are followed from the start.
    private func begin() throws -> (stage: Stage, holdings: Holdings) {
        var (stage, holdings) = (try Stage(), Holdings())
        for id in Self.actors.map(\.0) { stage.state.set(stage.state.account(id)) }
        holdings.follow(&stage.state)
        #expect(try holdings.total() == Supply.total.nanoCredits)
        return (stage, holdings)
    }

    private func licenceCommand(_ generator: inout SeededGenerator) -> LicenceCommand {
        let (actor, other) = (random(&generator).0, random(&generator).0)
        let number = UInt64.random(in: 0...1, using: &generator)
        let offer = LicenceOfferID(of: other, number: number)
        let serial = UInt64.random(in: 0...3, using: &generator)
        let licence = LicenceID(offer: offer, serial: serial)
        let prices: [UInt128] = [1, 999, 1_000_000, 7_000_000_001]
        let price = Payment(
            to: other, price: Amount(nanoCredits: prices[Int(number) * 2 + Int(serial % 2)]))
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1:
            var terms = LicenceTerms(
                name: "n", content: Digest(repeating: 1),
                price: Amount(nanoCredits: prices[Int(number) * 2]))
            (terms.days, terms.isTransferable) = (UInt32(number), true)
            terms.most = serial
            return .offer(by: actor, number: number, terms)
        case 2: return .transfer(by: actor, licence, to: other)
        case 3, 4: return .renew(by: actor, licence, price)
        case 5: return serial == 0 ? .withdraw(by: actor, offer) : .renew(by: actor, licence, price)
        default:
            return .buy(LicencePurchase(by: actor, offer, serial: serial / 2, price))
        }
    }

    @Test(arguments: propertySeeds.prefix(16)) func licencesKeepTheSupply(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var (stage, holdings) = try begin()
        var sold = 0
        for step in 0..<150 {
            stage.wait(UInt64.random(in: 0...Nanoseconds.perDay / 4, using: &generator))
            let command = licenceCommand(&generator)
            guard case .action(let action) = LawCommand.licence(command).intent,
                let key = Self.actors.first(where: { $0.0 == action.account })?.1
            else { continue }
            let result = stage.give(.licence(command), by: key)
            if case .success(.licenceHeld) = result { sold += 1 }
            holdings.follow(&stage.state)
            #expect(try holdings.total() == Supply.total.nanoCredits, "seed \(seed), \(step)")
        }
        #expect(sold > 0, "seed \(seed)")
    }

    /// Bo's agent leads; the guardians, who may be arbiters too, are its members.
    private func teamCommand(
        _ generator: inout SeededGenerator, _ state: LedgerState
    ) -> (TeamCommand, SigningKey) {
        let number = Int.random(in: 0...2, using: &generator)
        let member = AccountID(World.guardians[number])
        let lead = World.otherAccount
        let parts: [UInt32] = [1, 3_333, 5_000]
        let members = (0...2).filter { $0 <= number }.map {
            TeamMember(AccountID(World.guardians[$0]), part: parts[$0], speciality: "s")
        }.sorted { $0.account < $1.account }
        let agreement = state.team(lead)?.agreement ?? Digest()
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return (.dissolve(by: lead), TestKey.other)
        case 1: return (.leave(by: member, lead: lead), TestKey.guardians[number])
        case 2, 3: return (.form(by: lead, members), TestKey.other)
        default:
            return (
                .join(by: member, lead: lead, agreement: agreement), TestKey.guardians[number]
            )
        }
    }

    /// A team is there, and whoever was asked joins.
    private func joinAll(_ stage: inout Stage) {
        let members = [
            TeamMember(AccountID(World.guardians[0]), part: 3_333, speciality: "s")
        ]
        stage.give(.team(.form(by: World.otherAccount, members)), by: TestKey.other)
        for (id, key) in zip(World.guardians, TestKey.guardians) {
            let agreement = stage.state.team(World.otherAccount)?.agreement ?? Digest()
            let join = TeamCommand.join(
                by: AccountID(id), lead: World.otherAccount, agreement: agreement)
            stage.give(.team(join), by: key)
        }
    }

    @Test(arguments: propertySeeds.prefix(12)) func teamsDivideAllThereIs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var (stage, holdings) = try begin()
        var divided = 0
        for number in 1...8 as ClosedRange<UInt64> {
            for _ in 0..<12 {
                let (command, key) = teamCommand(&generator, stage.state)
                stage.give(.team(command), by: key)
            }
            if number % 4 > 0 { joinAll(&stage) }
            var terms = TaskWorld.terms()
            terms.arbiters = []
            terms.milestones = (0..<2).map { _ in
                Amount(nanoCredits: UInt128(UInt64.random(in: 1...99_999, using: &generator)))
            }
            let post = TaskCommand.post(
                by: TaskWorld.poster, number: number, mandate: MandateID(), terms)
            stage.give(.task(post), by: TestKey.ada)
            let id = PostedTaskID(of: TaskWorld.poster, number: number)
            for _ in 0..<40 {
                let moves: [TaskMove] = [
                    .claim, .begin, .begin, .deliver(Digest()), .deliver(Digest()), .accept,
                    .accept, .accept, .accept, .accept, .giveUp, .dispute(Digest()),
                ]
                let move = moves.randomElement(using: &generator) ?? TaskMove.claim
                let isPosters = [.accept, .dispute(Digest())].contains(move)
                stage.give(
                    .task(
                        .move(
                            by: isPosters ? TaskWorld.poster : TaskWorld.worker, id, move)),
                    by: isPosters ? TestKey.ada : TestKey.other)
                let (command, key) = teamCommand(&generator, stage.state)
                if Int.random(in: 0..<6, using: &generator) == 0 {
                    stage.give(.team(command), by: key)
                }
                holdings.follow(&stage.state)
                #expect(try holdings.total() == Supply.total.nanoCredits, "seed \(seed)")
                if let division = stage.state.division(id), division.leadPaid > .zero {
                    divided += 1
                }
            }
            let open = (1...number).count { number in
                let id = PostedTaskID(of: TaskWorld.poster, number: number)
                return stage.state.division(id)?.isOpen == true
            }
            let known = stage.state.team(World.otherAccount)?.openTasks ?? 0
            #expect(known == UInt64(open), "seed \(seed), task \(number)")
        }
        #expect(divided > 0, "seed \(seed)")
    }

    /// Bo's agent makes quotes and works, alone or with a team; Ada takes them; Bo and the
    /// guardians underwrite.
    private func standing(
        _ task: PostedTaskID, _ generator: inout SeededGenerator
    ) -> (LawCommand, SigningKey) {
        let quote = QuoteID(of: World.otherAccount, number: 1)
        let units = UInt64.random(in: 0...4, using: &generator)
        let unit = UInt128(UInt64.random(in: 7_001...7_003, using: &generator))
        let underwriters = [
            (World.boAccount, TestKey.bo), (World.otherAccount, TestKey.other),
            (World.scoutAccount, TestKey.scout),
        ]
        let (underwriter, key) = underwriters[Int.random(in: 0...2, using: &generator)]
        let cover = CoverID(task: task, underwriter: underwriter)
        let premium = Amount(nanoCredits: 1_001)
        let payment = Payment(to: underwriter, price: premium)
        func step(_ step: CoverStep, _ account: AccountID) -> LawCommand {
            .cover(CoverCommand(by: account, step))
        }
        let now = World.time.advanced(byNanoseconds: 400 * Nanoseconds.perDay)
        switch Int.random(in: 0..<9, using: &generator) {
        case 0:
            let terms = QuoteTerms(
                capability: "c", price: QuotePrice(unit: Amount(nanoCredits: unit)), capacity: 40,
                until: now, deliver: Nanoseconds.perSecond)
            return (.quote(.place(by: World.otherAccount, number: 1, terms)), TestKey.other)
        case 1, 2, 3:
            var terms = TaskTerms(
                specification: Digest(),
                milestones: Array(repeating: Amount(nanoCredits: unit), count: 1 + Int(units / 2)))
            (terms.worker, terms.attempts) = (World.otherAccount, 2)
            let taking = QuoteTaking(
                by: TaskWorld.poster, number: 0, quote, units: 1 + units / 2)
            return (.quote(.take(taking, terms)), TestKey.ada)
        case 4, 5:
            let terms = CoverTerms(
                task: task, worker: World.otherAccount,
                amount: Amount(nanoCredits: 7_001), premium: premium, until: now)
            return (step(.offer(terms), underwriter), key)
        case 6: return (step(.buy(cover, payment), TaskWorld.poster), TestKey.ada)
        case 7: return (step(.withdraw(cover), underwriter), key)
        default: return (step(.settle(cover), underwriter), key)
        }
    }

    @Test(arguments: propertySeeds.prefix(12)) func coversAndQuotesKeepTheSupply(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var (stage, holdings) = try begin()
        var outcomes: Set<CoverState> = []
        var taken = 0
        for number in 1...10 as ClosedRange<UInt64> {
            if number == 5 {
                let members = [TeamMember(World.boAccount, part: 3_333, speciality: "s")]
                stage.give(.team(.form(by: World.otherAccount, members)), by: TestKey.other)
                let agreement = stage.state.team(World.otherAccount)?.agreement ?? Digest()
                let join = TeamCommand.join(
                    by: World.boAccount, lead: World.otherAccount, agreement: agreement)
                stage.give(.team(join), by: TestKey.bo)
            }
            let id = PostedTaskID(of: TaskWorld.poster, number: number)
            for _ in 0..<70 {
                var (command, key) = standing(id, &generator)
                if case .quote(.take(var taking, let terms)) = command {
                    taking.number = number
                    command = .quote(.take(taking, terms))
                }
                switch stage.give(command, by: key) {
                case .success(.coverChanged(_, let state)): outcomes.insert(state)
                case .success(.quoteTaken): taken += 1
                default: break
                }
                if stage.state.task(id) != nil, Int.random(in: 0..<3, using: &generator) == 0 {
                    let (_, account, key) = TaskWorld.actors[
                        Int.random(in: 0..<2, using: &generator)]
                    let moves: [TaskMove] = [
                        .begin, .begin, .deliver(Digest()), .accept, .giveUp, .claim,
                    ]
                    let move = moves.randomElement(using: &generator) ?? .begin
                    stage.give(.task(.move(by: account, id, move)), by: key)
                }
                holdings.follow(&stage.state)
                #expect(try holdings.total() == Supply.total.nanoCredits, "seed \(seed)")
            }
        }
        #expect(taken > 0 && outcomes.count > 2, "seed \(seed), \(taken), \(outcomes)")
    }
}
