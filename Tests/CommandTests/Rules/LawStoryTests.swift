// The story of the law and the market told by commands: limits, approval, stop, tasks, bids.
import JSON
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Command

@Suite struct LawStoryTests {
    /// A node, its validator as the bank, and people with keys and money.
    final class Story: StoryPeople {
        /// Nano-credits to begin with, for each.
        static let purse: UInt128 = 2_000_000_000_000

        /// A command that `name` signs.
        func give(_ line: String, by name: String, isJSON: Bool = true) -> Ending {
            let signed = ["--key", key(name), "--passphrase-file", secret]
            let ending = ["--node", node.address] + (isJSON ? ["--json"] : [])
            return althing(words(of: line) + signed + ending)
        }

        /// A member of what came of it.
        func came(_ line: String, by name: String, _ member: String = "kind") throws -> String {
            let ending = give(line, by: name)
            #expect(ending.code == .ok, "\(line): \(ending.error)")
            return try ending.json.list("effects").first?.text(member) ?? ""
        }

        func refusal(_ line: String, by name: String) -> String {
            let ending = give(line, by: name)
            #expect(ending.code == .refused, "\(line) was not refused")
            return ending.error
        }

        func text(_ line: String) -> String {
            let ending = althing(words(of: line) + ["--node", node.address])
            #expect(ending.code == .ok, "\(line): \(ending.error)")
            return ending.out
        }

        func balance(_ name: String) throws -> UInt128 {
            try json("account show \(id(name))").amount("balance")
        }

        /// The first item of a list, once the next checkpoint has it.
        func first(_ line: String) throws -> JSONValue {
            for _ in 0..<2_000 {
                if let item = try json(line).list("items").first { return item }
            }
            Issue.record("nothing in \(line)")
            return .null
        }

        /// An agent of Ada with Eve as its guardian and 100 credits.
        func agent(_ options: String = "") throws -> String {
            let signed = [
                "--owner-key", key("ada"), "--passphrase-file", secret, "--node", node.address,
            ]
            let made = althing(words(of: "agent register --name scout --json") + signed)
            let agent = try made.json.text("agent")
            let set = "constitution set \(agent) --allow all --value 50 --daily 500 --stake 1000"
                + " --guardian \(id("eve")) --ask-above 5 " + options
            #expect(try came(set, by: "ada") == "enacted")
            let paid = "account transfer 100 --to \(agent)"
            #expect(try came(paid, by: "ada") == "transferred")
            return agent
        }
    }

    @Test func whatIsAboveALimitWaitsAndAStopHolds() throws {
        let story = try Story()
        let agent = try story.agent()
        let shown = try story.json("constitution show \(agent)")
        #expect(shown.text("constitution", "version") == "1")
        #expect(story.text("constitution show \(agent)").contains("5.00 credits"))
        let pay = { (amount: String) in
            "account transfer \(amount) --to \(story.id("bob")) --as \(agent)"
        }
        #expect(try story.came(pay("4"), by: "ada") == "transferred")
        let waiting = try story.came(pay("8"), by: "ada", "approval")
        #expect(try story.balance("bob") == Story.purse + 4_000_000_000)
        #expect(try story.first("approval list").text("approval") == waiting)
        #expect(story.text("approval show \(waiting)").contains("8.00 credits"))
        #expect(
            story.refusal("approval approve \(waiting)", by: "bob").contains("guardianship"))
        #expect(
            try story.came("approval approve \(waiting)", by: "eve") == "approvalExecuted")
        #expect(try story.balance("bob") == Story.purse + 12_000_000_000)
        let refused = try story.came(pay("9"), by: "ada", "approval")
        #expect(try story.came("approval refuse \(refused)", by: "eve") == "approvalRefused")
        #expect(story.refusal(pay("51"), by: "ada").contains("limits.valueTooLarge"))
        #expect(story.refusal(pay("1"), by: "bob").contains("standing.notAllowed"))

        #expect(try story.came("stop --agent \(agent)", by: "eve") == "stopped")
        #expect(story.refusal(pay("1"), by: "ada").contains("forbidden.agentStopped"))
        #expect(!(try story.json("override show \(agent)").text("stopped").isEmpty))
        #expect(try story.came("resume --agent \(agent)", by: "ada") == "resumed")
        #expect(try story.came("stop --fleet", by: "ada") == "stopped")
        #expect(story.refusal(pay("1"), by: "ada").contains("forbidden.fleetStopped"))
        #expect(try story.came("resume --fleet", by: "ada") == "resumed")
        let deny = "override deny \(agent) --action transfer --for 1h"
        #expect(try story.came(deny, by: "eve") == "ruled")
        #expect(story.refusal(pay("1"), by: "ada").contains("forbidden.denied"))
        #expect(story.text("override show \(agent)").contains("transfer  deny"))
        let lift = "override lift \(agent) --action transfer --for 1h"
        #expect(try story.came(lift, by: "eve") == "ruled")
        #expect(try story.came("stop --chain", by: "bank") == "stopped")
        #expect(story.refusal(pay("1"), by: "ada").contains("forbidden.chainStopped"))
        #expect(try story.came("resume --chain", by: "bank") == "resumed")
        #expect(try story.came(pay("1"), by: "ada") == "transferred")
        story.node.stop()
    }

    @Test func quotasAreSetAndShown() throws {
        let story = try Story()
        let agent = try story.agent()
        let set = "quota set \(agent) --hour-records 5 --day-cost 1.5"
        #expect(try story.came(set, by: "ada") == "limited")
        #expect(story.refusal(set, by: "bob").contains("quotas.accountUnknown"))
        let shown = try story.json("quota show \(agent)")
        #expect(shown.text("limits", "hour", "records") == "5")
        #expect(shown.text("limits", "day", "cost") == "1500000000")
        #expect(story.text("quota show \(agent)").contains("1.50"))
        #expect(try story.came("quota set \(agent)", by: "ada") == "limited")
        #expect(try story.json("quota show \(agent)")["limits"] == .null)
        story.node.stop()
    }

    @Test func rolesAreGivenAndTakenBack() throws {
        let story = try Story()
        let key = try KeyStore(path: story.key("eve")).statedPublicKey().hex
        let ada = story.id("ada")
        let pay = "account transfer 1 --to \(story.id("bob")) --owner \(ada)"
        #expect(story.refusal(pay, by: "eve").contains("standing.notAllowed"))
        let grant = "role grant \(key) --role client --action transfer"
        #expect(try story.came(grant, by: "ada") == "roleGranted")
        #expect(try story.came(pay, by: "eve") == "transferred")
        #expect(story.refusal(grant + " --owner \(ada)", by: "eve").contains("roles.notPermitted"))
        let shown = try story.json("role list \(ada)").list("roles")
        #expect(shown.map { $0.text("role") } == ["client"])
        #expect(shown.first?.text("key") == key && shown.first?["account"] == .null)
        #expect(story.text("role list \(ada)").contains("transfer"))
        #expect(try story.came("role grant \(key) --role auditor", by: "ada") == "roleGranted")
        #expect(story.refusal(pay, by: "eve").contains("roles.notPermitted"))
        #expect(try story.came("role revoke \(key)", by: "ada") == "roleRevoked")
        #expect(story.refusal(pay, by: "eve").contains("standing.notAllowed"))
        story.node.stop()
    }

    @Test func mandatesNarrow() throws {
        let story = try Story()
        let agent = try story.agent("--mandate-required")
        let grant = "mandate grant --to \(agent) --scope transfer --budget 3 --for 1h"
        let mandate = try story.came(grant, by: "ada", "mandate")
        let pay = "account transfer 2 --to \(story.id("bob")) --as \(agent)"
        #expect(story.refusal(pay, by: "ada").contains("mandates.mandateRequired"))
        #expect(try story.came(pay + " --mandate \(mandate)", by: "ada") == "transferred")
        #expect(
            story.refusal(pay + " --mandate \(mandate)", by: "ada").contains("overBudget"))
        #expect(try story.json("mandate show \(mandate)").amount("spent") == 2_000_000_000)
        #expect(try story.first("mandate list --holder \(agent)").text("mandate") == mandate)
        #expect(story.text("mandate list").contains("3.00"))
        let wider = "mandate grant --to \(agent) --from \(mandate) --as \(agent) --scope transfer"
            + " --budget 2 --for 1h"
        #expect(story.refusal(wider, by: "ada").contains("mandates."))
        #expect(try story.came("mandate revoke \(mandate)", by: "ada") == "mandateRevoked")
        story.node.stop()
    }

    @Test func aTaskIsPostedDoneAndPaid() throws {
        let story = try Story()
        let file = try story.node.directory.file("task.md", "count the words")
        let post = "task post --specification \(file) --milestone 10 --milestone 5"
        let task = try story.came(post, by: "ada", "task")
        #expect(try story.balance("ada") == Story.purse - 15_000_000_000)
        #expect(try story.first("task list --state pending").text("task") == task)
        #expect(story.text("task list").contains("pending"))
        for (line, name) in [
            ("task claim \(task)", "bob"), ("task begin \(task)", "bob"),
            ("task deliver \(task) --result \(file)", "bob"), ("task accept \(task)", "ada"),
            ("task deliver \(task) --result \(file)", "bob"),
        ] { #expect(try story.came(line, by: name) == "taskMoved") }
        #expect(try story.came("task accept \(task)", by: "ada", "state") == "complete")
        #expect(story.refusal("task accept \(task)", by: "ada").contains("tasks.wrongState"))
        #expect(try story.balance("bob") == Story.purse + 14_985_000_000)
        #expect(story.text("task show \(task)").contains("2 of 2"))
        let second = try story.came(post + " --worker \(story.id("eve"))", by: "ada", "task")
        #expect(story.refusal("task claim \(second)", by: "bob").contains("tasks.reserved"))
        #expect(try story.came("task cancel \(second)", by: "ada", "state") == "cancelled")
        story.node.stop()
    }

    /// Posts a run that Bob begins.
    private func run(
        _ story: Story, _ options: String
    ) throws -> (task: String, program: String) {
        let source = try story.node.directory.file("sum.s", TestPrograms.summer)
        let program = story.node.directory.file("sum.pvm")
        #expect(althing("program", "assemble", source, "--out", program).code == .ok)
        let run = " --program \(program) --input 3,4,9"
        let post = "task post --specification \(source) --milestone 10 \(options)" + run
        let task = try story.came(post, by: "ada", "task")
        for move in ["claim", "begin"] {
            #expect(try story.came("task \(move) \(task)", by: "bob") == "taskMoved")
        }
        return (task, run)
    }

    @Test func runsAreDeliveredAndProven() throws {
        let story = try Story()
        let (task, words) = try run(story, "--deposit 2 --reward 1")
        #expect(try story.came("task run \(task)" + words, by: "bob", "state") == "verifying")
        let doubt = story.refusal("task challenge \(task)" + words, by: "eve")
        #expect(doubt.contains("the result is right"))
        #expect(story.text("task show \(task)").contains("reexecuted"))
        #expect(try story.came("task accept \(task)", by: "ada", "state") == "complete")
        let (proven, again) = try run(story, "--proven")
        #expect(try story.came("task run \(proven)" + again, by: "bob", "state") == "complete")

        let file = story.node.directory.file("task.json")
        let got = althing(
            "receipt", "get", "--task", proven, "--out", file, "--node", story.node.address)
        #expect(got.code == .ok, "\(got.error)")
        let verdict = althing("receipt", "verify", file, "--json")
        #expect(verdict.code == .ok, "\(verdict.error)")
        let shown = try verdict.json
        #expect(shown.text("task", "verification") == "proven")
        #expect(shown.text("task", "state") == "complete")
        #expect(shown.text("task", "worker") == story.id("bob"))
        #expect(shown.text("task", "earned") == "9990000000")
        #expect(althing("receipt", "verify", file).out.contains("9.99 credits"))
        story.node.stop()
    }

    @Test func aWrongRunIsChallengedToTheStep() throws {
        let story = try Story()
        let (task, words) = try run(story, "--deposit 2 --reward 1 --rounds 2")
        try story.claimWrongly(PostedTaskID(hex: task) ?? PostedTaskID(), by: "bob")
        let answer = "task answer \(task)" + words
        let challenge = "task challenge \(task)" + words
        #expect(try story.came(challenge, by: "eve", "state") == "challenged")
        #expect(try story.balance("eve") == Story.purse - 2_000_000_000)
        for _ in 0..<2 {
            #expect(try story.came(answer, by: "bob", "state") == "challenged")
            #expect(try story.came(answer, by: "eve", "state") == "challenged")
        }
        #expect(story.text("task show \(task)").contains("rounds left"))
        #expect(story.refusal(answer, by: "bob").contains("tasks.wrongStep"))
        story.node.stop()
    }

    @Test func validatorsVoteOnTheFee() throws {
        let story = try Story()
        let vote = "validator fee 1500 --data \(story.node.data)"
        let done = althing(
            words(of: vote) + [
                "--passphrase-file", story.secret, "--node", story.node.address, "--json",
            ])
        #expect(done.code == .ok, "\(done.error)")
        #expect(try done.json.list("effects").first?.text("kind") == "feeAdopted")
        story.node.stop()
    }

    @Test func offersStakesAndBids() throws {
        let story = try Story()
        let offer = try story.came("offer add --name counting --price 2", by: "bob", "offer")
        let update = "offer update \(offer) --name counting --price "
        #expect(story.refusal(update + "5", by: "bob").contains("offers.breaker"))
        #expect(try story.came(update + "4", by: "bob") == "offerChanged")
        #expect(try story.first("offer list --named COUNT").text("offer") == offer)
        #expect(story.text("offer show \(offer)").contains("4.00 credits a unit"))
        #expect(try story.came("offer delist \(offer)", by: "bob", "listed") == "false")
        #expect(story.refusal("stake add 5", by: "bob").contains("stakes.belowLeast"))
        #expect(try story.came("stake add 1000", by: "bob") == "stakeChanged")
        #expect(try story.came("stake unstake 1000", by: "bob") == "stakeChanged")
        #expect(story.refusal("stake withdraw", by: "bob").contains("stakes.tooEarly"))
        let shown = try story.json("account show \(story.id("bob"))")
        #expect(shown.amount("unbonding") == 1_000_000_000_000)

        let file = try story.node.directory.file("task.md", "count the words")
        let open = "auction open --specification \(file) --reserve 20 --bids-for 1s"
            + " --reveals-for 1s"
        let auction = try story.came(open, by: "ada", "task")
        let bid = "auction bid \(auction) --price "
        #expect(try story.came(bid + "12", by: "bob") == "bidCommitted")
        #expect(try story.came(bid + "9", by: "eve") == "bidCommitted")
        #expect(story.text("auction show \(auction)").contains("sealed"))
        #expect(try story.first("auction list").text("auction") == auction)
        for name in ["bob", "eve"] {
            let price = name == "bob" ? "12" : "9"
            let line = "auction reveal \(auction) --price \(price)"
            #expect(try story.inTime(line, by: name) == "bidRevealed")
        }
        #expect(try story.inTime("auction close \(auction)", by: "bob") == "auctionClosed")
        let task = try story.json("task show \(auction)")
        #expect(task.text("state") == "assigned" && task.text("worker") == story.id("eve"))
        #expect(task.amount("held") == 9_000_000_000)
        story.node.stop()
    }

    @Test func linesThatSayTooLittleOrTooMuchAreRefused() throws {
        let id = String(repeating: "3f", count: 32)
        for line in [
            "stop --key k", "stop --agent \(id) --fleet --key k", "account transfer x --to \(id)",
            "account transfer 1.0000000001 --to \(id) --key k", "task post --key k",
            "override allow \(id) --action fly --for 1h --key k",
            "mandate grant --to \(id) --scope transfer --budget -1 --for 1h --key k",
        ] { #expect(althing(words(of: line)).code == .usage, "\(line)") }
    }

    @Test func creditsAreReadExactly() {
        let table: [(String, UInt128?)] = [
            ("12", 12_000_000_000), ("0.5", 500_000_000), ("0.000000001", 1), ("0", 0),
            ("", nil), (".5", nil), ("5.", nil), ("1.2.3", nil), ("+1", nil), ("1e3", nil),
            ("0.0000000001", nil), ("340282366920938463463374607431.768211455", .max),
            ("340282366920938463463374607431.768211456", nil),
        ]
        for (text, amount) in table { #expect(ValueKind.credits(text) == amount, "\(text)") }
    }
}

extension LawStoryTests.Story {
    /// Repeats what comes too early; the times of an auction are a second at least.
    fileprivate func inTime(_ line: String, by name: String) throws -> String {
        for _ in 0..<2_000 {
            let ending = give(line, by: name)
            if ending.code == .ok {
                return try ending.json.list("effects").first?.text("kind") ?? ""
            }
            guard ending.error.contains("tooEarly") else { return ending.error }
        }
        return "too early for ever"
    }
}
