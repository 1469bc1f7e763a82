// The rest of the market told by commands: licences, teams, standing quotes and covers.
import JSON
import Ledger
import Platform
import Primitives
import Testing

@testable import Command

@Suite struct MarketStoryTests {
    typealias Story = LawStoryTests.Story

    @Test func licencesAreBoughtAndCheckedOffline() throws {
        let story = try Story()
        let file = try story.node.directory.file("corpus", "many words")
        let offer = try story.came(
            "licence offer --name corpus --content \(file) --price 20 --days 30 --transferable",
            by: "bob", "offer")
        #expect(try story.first("licence offers").text("offer") == offer)
        let licence = try story.came("licence buy \(offer)", by: "ada", "licence")
        #expect(try story.balance("ada") == Story.purse - 20_000_000_000)
        #expect(
            story.refusal("licence renew \(licence)", by: "eve").contains("licences.notHolder"))
        #expect(try story.came("licence renew \(licence)", by: "ada") == "licenceHeld")
        let pass = "licence transfer \(licence) --to \(story.id("eve"))"
        #expect(try story.came(pass, by: "ada", "holder") == story.id("eve"))
        #expect(try story.came("licence withdraw \(offer)", by: "bob", "listed") == "false")
        let held = try story.first("licence list --holder \(story.id("eve"))")
        #expect(held.text("licence") == licence)
        #expect(story.text("licence show \(licence)").contains(story.id("eve")))
        let receipt = story.node.directory.path + "/licence.json"
        #expect(story.text("licence receipt \(licence) --out \(receipt)").contains("wrote"))
        let key = try KeyStore(path: story.key("eve")).open(
            passphrase: Array("development".utf8)).publicKey.hex
        let verify = "licence verify \(receipt) --content \(file) --held-by "
        let good = althing(words(of: verify + key))
        #expect(good.code == .ok && good.out.contains(story.id("eve")), "\(good.error)")
        let other = String(repeating: "3f", count: 32)
        #expect(althing(words(of: verify + other)).code == .refused)
        let spoiled = try story.node.directory.file("words", "other words")
        let wrong = "licence verify \(receipt) --content \(spoiled)"
        #expect(althing(words(of: wrong)).code == .refused)
        #expect(althing(words(of: "receipt verify \(receipt)")).code == .ok)
        story.node.stop()
    }

    @Test func teamsShareWhatTheirTasksEarn() throws {
        let story = try Story()
        let (bob, eve) = (story.id("bob"), story.id("eve"))
        #expect(
            try story.came("team form --member \(eve):2500:counting", by: "bob", "of") == "1")
        #expect(story.text("team show \(bob)").contains("25.00 %"))
        #expect(story.refusal("team join \(bob)", by: "ada").contains("teams.notMember"))
        #expect(try story.came("team join \(bob)", by: "eve", "joined") == "1")
        #expect(try story.first("team list --member \(eve)").text("lead") == bob)
        let file = try story.node.directory.file("task.md", "count the words")
        let task = try story.came(
            "task post --specification \(file) --milestone 100", by: "ada", "task")
        let before = try (story.balance("bob"), story.balance("eve"))
        #expect(try story.came("task claim \(task)", by: "bob", "state") == "assigned")
        #expect(try story.came("task begin \(task)", by: "bob", "state") == "executing")
        #expect(story.refusal("team leave \(bob)", by: "eve").contains("teams.busy"))
        #expect(
            try story.came("task deliver \(task) --result \(file)", by: "bob", "state")
                == "verifying")
        #expect(try story.came("task accept \(task)", by: "ada", "state") == "complete")
        #expect(try story.balance("eve") - before.1 == 24_975_000_000)
        #expect(try story.balance("bob") - before.0 == 74_925_000_000)
        #expect(story.text("team division \(task)").contains("24.975"))
        #expect(try story.came("team leave \(bob)", by: "eve", "of") == "0")
        #expect(story.refusal("team dissolve", by: "bob").contains("teams.teamUnknown"))
        story.node.stop()
    }

    @Test func quotesAreTakenAtOnceAndTasksCovered() throws {
        let story = try Story()
        let place = "quote place --capability counting --base 1 --unit 2 --capacity 5 --for 1h"
            + " --number 1"
        let quote = try story.came(place, by: "bob", "quote")
        #expect(try story.first("quote list --named COUNT").text("quote") == quote)
        #expect(story.text("quote show \(quote)").contains("2.00 credits a unit"))
        let file = try story.node.directory.file("task.md", "count the words")
        let take = "quote take \(quote) --specification \(file) --units "
        #expect(story.refusal(take + "6", by: "ada").contains("quotes.notEnough"))
        let task = try story.came(take + "4", by: "ada", "task")
        #expect(try story.balance("ada") == Story.purse - 9_000_000_000)
        #expect(try story.json("task show \(task)").text("state") == "assigned")
        let steeper = place.replacing("--unit 2", with: "--unit 5")
        #expect(story.refusal(steeper, by: "bob").contains("quotes.breaker"))

        let offer = "cover offer --task \(task) --amount 9 --premium 1 --for 1h"
        let cover = try story.came(offer, by: "eve", "cover")
        #expect(story.refusal("cover buy \(cover)", by: "ada").contains("covers.wrongState"))
        #expect(try story.came("task begin \(task)", by: "bob", "state") == "executing")
        #expect(try story.came("cover buy \(cover)", by: "ada", "state") == "bought")
        #expect(story.refusal("cover settle \(cover)", by: "ada").contains("covers.undecided"))
        #expect(try story.came("task give-up \(task)", by: "bob", "state") == "failed")
        #expect(try story.came("cover settle \(cover)", by: "ada", "state") == "paid")
        #expect(try story.balance("ada") == Story.purse + 8_000_000_000)
        #expect(try story.balance("eve") == Story.purse - 8_001_000_000)
        #expect(try story.first("cover list --task \(task)").text("state") == "paid")
        #expect(story.text("cover show \(cover)").contains("9.00 credits"))
        #expect(try story.came("quote withdraw \(quote)", by: "bob", "open") == "false")
        story.node.stop()
    }
}
