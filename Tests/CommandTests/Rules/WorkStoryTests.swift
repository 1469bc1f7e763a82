// Jobs, an orchestrator and workers as a user meets them: by commands, and as processes that are
// killed.
import JSON
import Ledger
import Platform
import Primitives
import TestSupport
import Testing

@testable import Command

@Suite struct WorkStoryTests {
    /// A node, a poster and two workers with offers.
    final class Story: StoryPeople {
        func signing(_ name: String) -> [String] {
            ["--key", key(name), "--passphrase-file", secret, "--node", node.address]
        }

        @discardableResult
        func give(_ line: String, by name: String, _ more: [String] = []) -> Ending {
            let ending = althing(words(of: line) + more + signing(name))
            #expect(ending.code == .ok, "\(line): \(ending.error)")
            return ending
        }

        func balance(_ name: String) throws -> UInt128 {
            try json("account show \(id(name))").amount("balance")
        }

        /// Repeats until it holds; what comes with a checkpoint needs a moment.
        func eventually(_ what: String, _ holds: () throws -> Bool) throws {
            for _ in 0..<12_000 where try holds() { return }
            Issue.record("never: \(what)")
        }

        var queue: String { node.directory.file("orchestrator") }

        func submit(_ name: String, _ text: String, _ more: String = "") throws {
            let file = try node.directory.file(name + ".md", text)
            let line = "orchestrator submit --data \(queue) --specification \(file) --price 5"
                + " --name \(name) --node \(node.address) \(more)"
            let ending = althing(words(of: line))
            #expect(ending.code == .ok, "\(ending.error)")
        }

        /// This program, which lies beside the tests.
        static var program: String? {
            ["/althing", "/Command"].map { Executable.directory + $0 }
                .first(where: LocalFiles.exists)
        }

        func start(_ name: String, _ arguments: [String]) throws -> ChildProcess {
            let program = try #require(Self.program)
            return try ChildProcess([program] + arguments, log: node.directory.file(name + ".log"))
        }

        func log(_ name: String) -> String {
            let bytes = try? LocalFiles.read(node.directory.file(name + ".log"), limit: 1 << 20)
            return String(decoding: bytes ?? [], as: UTF8.self)
        }
    }

    @Test func servicesAreFoundByWordsAndFilters() throws {
        let story = try Story()
        let card = try story.node.directory.file(
            "card.json", #"{"description": "legal agreements", "region": "eu"}"#)
        story.give(
            "offer add --price 2 --capacity 4", by: "bob",
            ["--name", "Translates German contracts", "--schema", card])
        story.give("offer add --price 1", by: "eve", ["--name", "Weather for sailors"])
        let bytes = try LocalFiles.read(card, limit: 1_000)
        _ = try NodeClient(story.node.address).keep(bytes)
        try story.eventually("both are known, the card too") {
            let found = try story.json("discover")
            return found.number("known") == 2 && found.list("items").contains { $0.text("region") == "eu" }
        }
        let first = try story.json("discover localize an agreement").list("items").first
        #expect(first?.text("seller") == story.id("bob"))
        #expect(try story.json("discover contract --max-price 1.9").list("items").isEmpty)
        #expect(try story.json("discover contract --region EU").list("items").count == 1)
        #expect(try story.json("discover contract --min-reputation 1").list("items").isEmpty)
        let page = althing(words(of: "discover weather --node \(story.node.address)"))
        #expect(page.out.contains("Weather for sailors"))
        story.node.stop()
    }

    @Test func aJobIsDoneAndPaid() throws {
        let story = try Story()
        story.give("offer add --name counting --price 2", by: "bob")
        let file = try story.node.directory.file("dear.md", "x")
        let cheap = "orchestrator submit --data \(story.queue) --specification \(file) --price 5"
        #expect(althing(words(of: cheap + " --node \(story.node.address)")).code == .ok)
        let orchestrator = try story.start(
            "orchestrator",
            ["orchestrator", "run", "--data", story.queue, "--accept"] + story.signing("ada"))
        try story.submit("words", "one two three")
        let worker = story.give(
            "worker run --tasks 2", by: "bob", ["--exec", "wc -w"])
        #expect(worker.out.contains("delivered"))
        try story.eventually("paid") {
            try story.balance("bob") == 2_000_000_000_000 + 2 * 4_995_000_000
        }
        orchestrator.stop(within: 5 * Nanoseconds.perSecond)
        #expect(story.log("orchestrator").contains(" complete"))
        let task = try #require(
            try story.json("task list --state complete").list("items").first)
        let kept = try NodeClient(story.node.address)
            .bytes("/v1/payloads/\(task.text("result"))")
        #expect(["1", "3"].contains(String(decoding: kept, as: UTF8.self).filter(\.isNumber)))
        story.node.stop()
    }

    @Test func killedWorkersAndOrchestratorsLoseNothing() throws {
        let story = try Story()
        story.give("offer add --name counting --price 1", by: "bob")
        let run = ["orchestrator", "run", "--data", story.queue, "--accept"] + story.signing("ada")
        var orchestrator = try story.start("orchestrator", run)
        for number in 1...3 {
            try story.submit(
                "job\(number)", "work \(number)", "--begin-within 2s --deliver-within 2s --attempts 8")
        }
        // Bob is the cheapest, begins, and never ends.
        let bob = try story.start(
            "bob", ["worker", "run", "--exec", "sleep 600"] + story.signing("bob"))
        try story.eventually("bob works") {
            try !story.json("task list --state executing").list("items").isEmpty
        }
        bob.kill()
        orchestrator.kill()
        story.give("offer add --name counting --price 3", by: "eve")
        try story.submit("job1", "work 1", "--begin-within 2s --deliver-within 2s --attempts 8")
        orchestrator = try story.start("orchestrator", run)
        let eve = try story.start(
            "eve", ["worker", "run", "--exec", "rev"] + story.signing("eve"))
        try story.eventually("all three are paid, once each") {
            try story.balance("eve") == 2_000_000_000_000 + 3 * 4_995_000_000
        }
        #expect(try story.balance("bob") == 2_000_000_000_000)
        #expect(try story.balance("ada") == 2_000_000_000_000 - 3 * 5_000_000_000)
        #expect(try story.json("task list").list("items").count == 3)
        eve.stop(within: 5 * Nanoseconds.perSecond)
        orchestrator.stop(within: 5 * Nanoseconds.perSecond)
        story.node.stop()
    }

    @Test func aCommandJudges() throws {
        let story = try Story()
        story.give("offer add --name counting --price 1", by: "bob")
        try story.submit("good", "right")
        try story.submit("bad", "wrong")
        let worker = try story.start(
            "bob", ["worker", "run", "--exec", "cat"] + story.signing("bob"))
        let ending = story.give(
            "orchestrator run --data \(story.queue) --until-idle", by: "ada",
            ["--judge", "grep -q right"])
        #expect(ending.out.contains(" complete") && ending.out.contains(" rejected"))
        // Both were posted by one operation.
        let posts = try story.json("task list").list("items").map { task in
            try NodeClient(story.node.address).get(
                "/v1/operations", query: [("subject", task.text("task"))]
            ).list("items").last
        }
        #expect(posts.count == 2 && posts[0] == posts[1])
        #expect(posts[0]?.text("verb") == "batch")
        #expect(try story.balance("bob") == 2_000_000_000_000 + 4_995_000_000)
        #expect(try story.balance("ada") == 2_000_000_000_000 - 5_000_000_000)
        worker.stop(within: 5 * Nanoseconds.perSecond)
        story.node.stop()
    }

    @Test func aWrongRunIsFoundChallengedAndNotPaid() throws {
        let story = try Story()
        story.give("offer add --name counting --price 1", by: "bob")
        let source = try story.node.directory.file("sum.s", TestPrograms.summer)
        let program = story.node.directory.file("sum.pvm")
        #expect(althing("program", "assemble", source, "--out", program).code == .ok)
        let run = " --program \(program) --input 3,4,9"
        let ending = althing(
            words(
                of: "orchestrator submit --data \(story.queue) --price 5 --rounds 2 --reward 1"
                    + " --deposit 2 --arbitrate-within 3s --node \(story.node.address)" + run))
        #expect(ending.code == .ok, "\(ending.error)")
        let orchestrator = try story.start(
            "orchestrator",
            ["orchestrator", "run", "--data", story.queue, "--accept"] + story.signing("ada"))
        try story.eventually("bob has it") {
            try !story.json("task list --state assigned").list("items").isEmpty
        }
        let id = try story.json("task list").list("items").first?.text("task") ?? ""
        story.give("task begin \(id)", by: "bob")
        try story.claimWrongly(PostedTaskID(hex: id) ?? PostedTaskID(), by: "bob")
        // Bob tells his states where he can, and has no step to show.
        try story.eventually("it is settled") {
            let task = try story.json("task show \(id)")
            if task.text("state") == "challenged",
                task["challenge"]?["workersTurn"]?.bool == true,
                task.number("challenge", "rounds") > 0
            {
                story.give("task answer \(id)" + run, by: "bob")
            }
            return task.text("state") == "settled"
        }
        try story.eventually("it is said") { story.log("orchestrator").contains(" rejected") }
        #expect(try story.json("task show \(id)")["challenge"]?["lost"]?.bool == true)
        for name in ["ada", "bob"] { #expect(try story.balance(name) == 2_000_000_000_000) }
        orchestrator.stop(within: 5 * Nanoseconds.perSecond)
        story.node.stop()
    }
}
