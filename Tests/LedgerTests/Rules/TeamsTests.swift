// Teams: forming, joining, leaving; what their tasks pay is divided, and all of it.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct TeamsTests {
    private let lead = World.otherAccount
    private let first = AccountID(World.guardians[1])
    private let second = AccountID(World.guardians[2])

    private func members(_ parts: (UInt32, UInt32) = (3_000, 2_500)) -> [TeamMember] {
        [
            TeamMember(first, part: parts.0, speciality: "translation"),
            TeamMember(second, part: parts.1, speciality: "checking"),
        ].sorted { $0.account < $1.account }
    }

    private func form(
        _ stage: inout Stage, _ members: [TeamMember]? = nil
    ) -> Result<LawEffect, LedgerFailure> {
        stage.give(.team(.form(by: lead, members ?? self.members())), by: TestKey.other)
    }

    private func join(
        _ stage: inout Stage, _ member: Int, _ agreement: Digest? = nil
    ) -> Result<LawEffect, LedgerFailure> {
        let known = stage.state.team(lead)?.agreement ?? Digest()
        let command = TeamCommand.join(
            by: AccountID(World.guardians[member]), lead: lead, agreement: agreement ?? known)
        return stage.give(.team(command), by: TestKey.guardians[member])
    }

    private func leave(
        _ stage: inout Stage, _ member: Int
    ) -> Result<LawEffect, LedgerFailure> {
        let command = TeamCommand.leave(by: AccountID(World.guardians[member]), lead: lead)
        return stage.give(.team(command), by: TestKey.guardians[member])
    }

    private func dissolve(_ stage: inout Stage) -> Result<LawEffect, LedgerFailure> {
        stage.give(.team(.dissolve(by: lead)), by: TestKey.other)
    }

    private func formed() throws -> Stage {
        var stage = try Stage()
        _ = try form(&stage).get()
        _ = try join(&stage, 1).get()
        _ = try join(&stage, 2).get()
        return stage
    }

    private func move(
        _ stage: inout Stage, _ move: TaskMove, by poster: Bool = false
    ) -> LawFailure? {
        let account = poster ? TaskWorld.poster : lead
        return stage.give(
            .task(.move(by: account, TaskWorld.id, move)),
            by: poster ? TestKey.ada : TestKey.other
        ).refusal
    }

    private func post(_ stage: inout Stage, _ change: (inout TaskTerms) -> Void = { _ in }) {
        var terms = TaskWorld.terms()
        terms.arbiters = []
        change(&terms)
        let command = TaskCommand.post(
            by: TaskWorld.poster, number: 1, mandate: MandateID(), terms)
        #expect(stage.give(.task(command), by: TestKey.ada).refusal == nil)
    }

    @Test func termsOutOfTheirRanges() throws {
        let table: [(String, [TeamMember])] = [
            ("nobody", []), ("out of order", members().reversed()),
            ("somebody twice", [members()[0], members()[0]]),
            ("a part of nothing", members((0, 1))), ("more than all", members((10_000, 1))),
            ("parts that pass the range", members((.max, .max))),
            ("no speciality", [TeamMember(first, part: 1, speciality: "")]),
            ("the lead itself", [TeamMember(lead, part: 1, speciality: "a")]),
            (
                "sixteen",
                (1...16).map { TeamMember(AccountID(repeating: $0), part: 1, speciality: "a") }
            ),
        ]
        for (fault, members) in table {
            var stage = try Stage()
            #expect(form(&stage, members).refusal == .teams(.invalidTerms), "\(fault)")
        }
        var stage = try Stage()
        let unknown = AccountID(World.unknown)
        #expect(
            form(&stage, [TeamMember(unknown, part: 1, speciality: "a")]).refusal
                == .teams(.accountUnknown(unknown)))
        #expect(form(&stage, members((7_500, 2_500))).refusal == nil)
        #expect(form(&stage, []).refusal == .teams(.alreadyLeads))
    }

    @Test func eachMemberAgreesToTheSame() throws {
        var stage = try Stage()
        #expect(join(&stage, 1).refusal == .teams(.teamUnknown))
        #expect(leave(&stage, 1).refusal == .teams(.teamUnknown))
        #expect(dissolve(&stage).refusal == .teams(.teamUnknown))
        _ = try form(&stage).get()
        let agreement = try #require(stage.state.team(lead)?.agreement)
        #expect(join(&stage, 0).refusal == .teams(.notMember))
        #expect(join(&stage, 1, Digest()).refusal == .teams(.wrongAgreement(agreement)))
        #expect(join(&stage, 1) == .success(.teamChanged(lead: lead, joined: 1, of: 2)))
        #expect(join(&stage, 1, Digest()).refusal == .teams(.alreadyJoined))
        #expect(stage.state.team(lead)?.isFormed == false)
        // Formed anew with other parts, the old agreement is not taken.
        _ = try dissolve(&stage).get()
        _ = try form(&stage, members((1, 1))).get()
        let now = try #require(stage.state.team(lead)?.agreement)
        #expect(join(&stage, 2, agreement).refusal == .teams(.wrongAgreement(now)))
    }

    @Test func whoLeavesLeavesItsPartToTheLead() throws {
        var stage = try formed()
        #expect(leave(&stage, 0).refusal == .teams(.notMember))
        #expect(leave(&stage, 1) == .success(.teamChanged(lead: lead, joined: 1, of: 1)))
        #expect(stage.state.team(lead)?.isFormed == true)
        #expect(leave(&stage, 2) == .success(.teamChanged(lead: lead, joined: 0, of: 0)))
        #expect(stage.state.team(lead) == nil)
    }

    /// Milestones of 100 and 50 credits less 0.1 %: a third member would get what is left over.
    @Test func milestonesAreDivided() throws {
        var stage = try formed()
        post(&stage)
        #expect(move(&stage, .claim) == nil && move(&stage, .begin) == nil)
        #expect(leave(&stage, 1).refusal == .teams(.busy(1)))
        #expect(dissolve(&stage).refusal == .teams(.busy(1)))
        for milestone: UInt128 in [100, 50] {
            let before = [first, second, lead].map { stage.state.account($0).balance.nanoCredits }
            #expect(move(&stage, .deliver(TaskWorld.result)) == nil)
            #expect(move(&stage, .accept, by: true) == nil)
            let after = [first, second, lead].map { stage.state.account($0).balance.nanoCredits }
            let wage = milestone * 999_000_000
            let shares = [wage * 3 / 10, wage / 4]
            #expect(
                zip(after, before).map { $0 - $1 } == shares + [wage - shares[0] - shares[1]])
        }
        let division = try #require(stage.state.division(TaskWorld.id))
        let members = division.shares.reduce(0) { $0 + $1.paid.nanoCredits }
        let paid = members + division.leadPaid.nanoCredits
        #expect(paid == stage.state.task(TaskWorld.id)?.earned.nanoCredits)
        #expect(!division.isOpen && stage.state.team(lead)?.openTasks == 0)
        #expect(dissolve(&stage).refusal == nil)
    }

    @Test func theRemainderIsTheLeads() {
        let team = Team(lead: lead, members: members((3_333, 3_333)), since: World.time)
        for nano in [0, 1, 2, 3, 9_999, 10_000, 10_001, .max] as [UInt128] {
            var division = Division(of: TaskWorld.id, among: team)
            let amounts = division.divide(Amount(nanoCredits: nano)).map(\.amount.nanoCredits)
            let part = nano / 10_000 * 3_333 + nano % 10_000 * 3_333 / 10_000
            #expect(amounts == [part, part, nano - 2 * part], "\(nano)")
        }
    }

    @Test func aTeamIsFreeWhenItsLeadIsOut() throws {
        let endings: [(String, (inout Stage) -> LawFailure?)] = [
            ("given back", { self.move(&$0, .giveUp) }),
            ("run out", {
                $0.wait(Nanoseconds.perDay)
                return self.move(&$0, .expire)
            }),
            ("lost", {
                guard self.move(&$0, .deliver(TaskWorld.result)) == nil else { return nil }
                return self.move(&$0, .dispute(Digest()), by: true)
            }),
        ]
        for (name, end) in endings {
            var stage = try formed()
            post(&stage)
            #expect(move(&stage, .claim) == nil && move(&stage, .begin) == nil)
            #expect(end(&stage) == nil, "\(name)")
            #expect(stage.state.team(lead)?.openTasks == 0, "\(name)")
            #expect(stage.state.division(TaskWorld.id)?.isOpen == false, "\(name)")
            #expect(stage.credits(first) == 0, "\(name)")
        }
    }

    /// A team that was formed while its lead worked has no part in that work.
    @Test func onlyNewTasksAreDivided() throws {
        var stage = try Stage()
        post(&stage)
        #expect(move(&stage, .claim) == nil)
        _ = try form(&stage).get()
        for member in 1...2 { _ = try join(&stage, member).get() }
        #expect(move(&stage, .begin) == nil && move(&stage, .deliver(Digest())) == nil)
        #expect(move(&stage, .accept, by: true) == nil)
        #expect(stage.state.division(TaskWorld.id) == nil && stage.credits(first) == 0)
        #expect(stage.credits(lead) == 1_099)
    }

    /// A member may not be the poster's, an arbiter or a verifier.
    @Test func membersJudgeNoneOfTheirWork() throws {
        var stage = try formed()
        post(&stage) { $0.arbiters = [self.first] }
        #expect(move(&stage, .claim) == .tasks(.conflict(first)))
        var own = try Stage()
        let member = TeamMember(World.scoutAccount, part: 1, speciality: "a")
        _ = try form(&own, [member]).get()
        let agreement = try #require(own.state.team(lead)?.agreement)
        let agree = TeamCommand.join(by: World.scoutAccount, lead: lead, agreement: agreement)
        post(&own)
        #expect(own.give(.team(agree)).refusal == nil)
        #expect(move(&own, .claim) == .tasks(.conflict(World.scoutAccount)))
    }

    /// A bid wins no more where the team has taken a party in since.
    @Test func aTeamWinsAnAuctionAndShares() throws {
        for isApart in [true, false] {
            var stage = try isApart ? formed() : Stage()
            var terms = TaskWorld.terms()
            terms.milestones = [.credits(200)]
            terms.arbiters = [isApart ? TaskWorld.arbiter : first]
            let hour = AuctionTimes(bidding: Nanoseconds.perHour, revealing: Nanoseconds.perHour)
            let id = TaskWorld.id
            let open = AuctionCommand.open(
                by: TaskWorld.poster, number: 1, mandate: MandateID(), terms, hour)
            _ = try stage.give(.auction(open), by: TestKey.ada).get()
            let seal = Bid.commitment(
                auction: id, bidder: lead, price: .credits(100), salt: Digest())
            let bid = AuctionCommand.commit(by: lead, id, seal, deposit: .credits(2))
            _ = try stage.give(.auction(bid), by: TestKey.other).get()
            if !isApart {
                _ = try form(&stage).get()
                for member in 1...2 { _ = try join(&stage, member).get() }
            }
            stage.wait(Nanoseconds.perHour)
            let reveal = AuctionCommand.reveal(
                by: lead, id, price: .credits(100), salt: Digest())
            _ = try stage.give(.auction(reveal), by: TestKey.other).get()
            stage.wait(Nanoseconds.perHour)
            let winner = isApart ? lead : AccountID()
            let close = AuctionCommand.close(by: lead, id)
            #expect(
                stage.give(.auction(close), by: TestKey.other)
                    == .success(.auctionClosed(id, winner: winner)))
            #expect((stage.state.division(id) != nil) == isApart)
        }
    }
}
