// The demonstration's story: a person's task, bid for, approved, proven, paid, and the stop.
import JSON
import Platform
import Primitives
import Records

/// Told through the commands of this program, each of which asks a running validator.
struct DemoStory {
    /// What came of it.
    struct Outcome {
        var task: String
        /// The receipt's file.
        var file: String
        /// The rule by which the stopped agent's action was refused.
        var refusal: String
        var steps: [StoryStep]

        var json: JSONValue {
            .object([
                JSONMember("task", .string(task)), JSONMember("file", .string(file)),
                JSONMember("refusal", .string(refusal)),
                JSONMember("steps", .array(steps.map(\.json))),
            ])
        }
    }

    /// Somebody who bids through an agent.
    private struct Bidder {
        var person: String
        var agent: String
        var price: String
        var id = ""
    }

    private var stage: StoryStage
    private let console: Console
    /// The data directories of the validator that all ask, and of that which records the winner's
    /// run, with its address.
    private let bank: String
    private let recorder: (directory: String, address: String)
    private let genesis: String

    private var desk = "", mandate = "", task = ""
    /// The operation that stopped the winner.
    private var stop = ""
    private var owners: [String: String] = [:]
    private var bidders = [
        Bidder(person: "bob", agent: "abacus", price: "14"),
        Bidder(person: "eve", agent: "tally", price: "12"),
        Bidder(person: "dan", agent: "summa", price: "17"),
    ]
    private var winner: Bidder { bidders[1] }

    private static let program = "--program sum.pvm --input 120,80,45"
    private static let receipt = "task-receipt.json"

    /// - Parameters:
    ///   - folder: an absolute path, of that which the cluster is in.
    ///   - cluster: of at least one validator, in the development mode, open to all.
    init(
        in folder: String, cluster: Cluster, showsCommands: Bool, console: Console
    ) throws(CommandFailure) {
        let seats = cluster.seats
        stage = try StoryStage(
            folder: folder + "/story", node: seats[0].address, showsCommands: showsCommands,
            console: console)
        let last = seats[min(1, seats.count - 1)]
        recorder = (last.directory, last.address)
        (bank, self.console) = (seats[0].directory, console)
        genesis = folder + "/demo/genesis"
    }

    /// - Throws: where any step does not come out as told.
    mutating func tell() throws(CommandFailure) -> Outcome {
        console.print("\nThe story of one task, told by commands typed in \(stage.folder)")
        console.print(
            stage.showsCommands
                ? "" : "(althing demo --story prints them); behind each step its operation:\n")
        try letPeopleIn()
        try giveMandate()
        try enterAgents()
        try auction()
        try work()
        let refusal = try stopWinner()
        try showReceipt()
        return Outcome(
            task: task, file: stage.folder + "/" + Self.receipt, refusal: refusal,
            steps: stage.steps)
    }

    // MARK: People and their agents

    private mutating func letPeopleIn() throws(CommandFailure) {
        for name in ["ada", "gail", "bob", "eve", "dan"] {
            try stage.prepare("key new --dev --out \(name).key")
            let answer = try stage.act(
                "\(name.capitalised) registers as an owner of agents",
                StoryStage.signed("owner register --name \(name)", by: name))
            owners[name] = answer.text("owner")
        }
        try pay("100", to: owners["ada"] ?? "", "Ada is given 100 credits by a validator's owner")
    }

    private mutating func pay(
        _ credits: String, to account: String, _ sentence: String
    ) throws(CommandFailure) {
        let key = "\(bank)/keys/validator"
        try stage.act(
            sentence,
            StoryStage.signed("account transfer \(credits) --to \(account)", by: key))
    }

    private mutating func register(
        _ agent: String, of person: String
    ) throws(CommandFailure) -> String {
        try stage.act(
            "\(person.capitalised) registers the agent \(agent)",
            "agent register --name \(agent) --owner-key \(person).key --passphrase-file passphrase"
        ).text("agent")
    }

    private mutating func giveMandate() throws(CommandFailure) {
        desk = try register("desk", of: "ada")
        try stage.act(
            "Ada's law for desk: it may post tasks and judge them, up to 30 credits",
            StoryStage.signed(
                "constitution set \(desk) --allow postTask --allow judgeTask --value 30 --daily 30",
                by: "ada"))
        mandate = try stage.act(
            "Ada's mandate: desk may spend 25 credits of hers on tasks, for a day",
            StoryStage.signed(
                "mandate grant --to \(desk) --scope postTask --budget 25 --for 1d", by: "ada")
        ).list("effects").first?.text("mandate") ?? ""
    }

    private mutating func enterAgents() throws(CommandFailure) {
        let allowed = ["run", "modelCall", "toolCall", "bid", "takeTask", "work", "transfer"]
            .map { "--allow " + $0 }.joined(separator: " ")
        for place in bidders.indices {
            let bidder = bidders[place]
            let id = try register(bidder.agent, of: bidder.person)
            bidders[place].id = id
            try pay("5", to: id, "\(bidder.agent) is given 5 credits for deposits")
            try stage.act(
                "\(bidder.person.capitalised)'s law for \(bidder.agent): before it takes a task "
                    + "its guardian Gail must agree",
                StoryStage.signed(
                    "constitution set \(id) \(allowed) --value 20 --daily 50 "
                        + "--guardian \(owners["gail"] ?? "") --ask takeTask",
                    by: bidder.person))
        }
    }

    // MARK: The task

    private mutating func auction() throws(CommandFailure) {
        let brief = "Add up the invoices and show the sum after each.\n"
        try LocalFiles.write(Array(brief.utf8), to: stage.folder + "/task.md")
        try LocalFiles.write(try Samples.file("sum.s"), to: stage.folder + "/sum.s")
        try stage.prepare("program assemble sum.s --out sum.pvm")
        task = try stage.act(
            "desk puts a task up under the mandate: 20 credits are held, sealed bids for 5 s",
            StoryStage.signed(
                "auction open --specification task.md --reserve 20 --bids-for 5s --reveals-for 5s "
                    + "--proven \(Self.program) --mandate \(mandate) --as \(desk)", by: "ada")
        ).list("effects").first?.text("task") ?? ""
        for bidder in bidders {
            try stage.act(
                "\(bidder.agent) makes a sealed bid",
                StoryStage.signed(
                    "auction bid \(task) --price \(bidder.price) --as \(bidder.id)",
                    by: bidder.person))
        }
        for bidder in bidders {
            try stage.act(
                "\(bidder.agent) reveals it: \(bidder.price) credits",
                StoryStage.signed(
                    "auction reveal \(task) --price \(bidder.price) --as \(bidder.id)",
                    by: bidder.person))
        }
        let closed = try stage.act(
            "desk closes the auction: the lowest bid wins, the rest of the 20 goes back",
            StoryStage.signed("auction close \(task) --as \(desk)", by: "ada"))
        guard closed.list("effects").first?.text("winner") == winner.id else {
            throw .failed("the story ends: \(winner.agent) did not win")
        }
    }

    private mutating func work() throws(CommandFailure) {
        let person = winner.person
        let asked = try stage.act(
            "\(winner.agent) wants to begin: its law has it wait for a person",
            StoryStage.signed("task begin \(task) --as \(winner.id)", by: person))
        guard let approval = asked.list("effects").first?.text("approval"), !approval.isEmpty else {
            throw .failed("the story ends: \(winner.agent) did not have to ask")
        }
        try stage.act(
            "Gail looks at it and agrees: the task is begun",
            StoryStage.signed("approval approve \(approval)", by: "gail"))
        try record()
        try stage.act(
            StoryStage.signed("task run \(task) \(Self.program) --as \(winner.id)", by: person)
        ) { answer in
            "\(bidders[1].agent) delivers \(answer.text("output")) with a proof of "
                + "\(answer.text("steps")) steps, which all validators verify: it is paid"
        }
    }

    /// The winner's run goes to the second validator, as from any exporter of OpenTelemetry.
    private mutating func record() throws(CommandFailure) {
        let key = try stage.prepare("key show \(recorder.directory)/keys/submitter.key")
        try stage.act(
            "Eve lets a validator record for her agents",
            StoryStage.signed("owner authorize --submitter \(key.text("key"))", by: "eve"))
        try stage.type(
            "token new --data \(recorder.directory) --owner \(owners["eve"] ?? "") > eve.token")
        let run = StoryRun(agent: winner.agent, task: task, start: SystemClock().now())
        try LocalFiles.write(run.request, to: stage.folder + "/run.otlp.jsonl")
        let line = "record import run.otlp.jsonl --token-file eve.token --node \(recorder.address)"
        try stage.type(
            line, telling: "\(winner.agent) records its run, 3 spans over OTLP that name the task")
    }

    // MARK: The end

    private mutating func stopWinner() throws(CommandFailure) -> String {
        stop = try stage.act(
            "Gail stops \(winner.agent)",
            StoryStage.signed("stop --agent \(winner.id)", by: "gail")
        ).text("digest")
        let line = "account transfer 1 --to \(owners["bob"] ?? "") --as \(winner.id)"
        let agent = winner.agent
        return try stage.isRefused(StoryStage.signed(line, by: "eve")) { rule in
            "\(agent) tries to pay somebody: refused, \(rule)"
        }
    }

    private mutating func showReceipt() throws(CommandFailure) {
        console.print("\nOne receipt of all of it, checked offline:")
        // Once the stop has a receipt of its own, that of the task shows it too.
        try stage.prepare("receipt get \(stop) --out stop.json --wait 20 --node \(stage.node)")
        try stage.prepare(
            "receipt get --task \(task) --out \(Self.receipt) --wait 20 --node \(stage.node)")
        console.print(try stage.type("receipt verify \(Self.receipt) --genesis \(genesis)"))
        console.print("The same by the Python verifier: althing-verify \(Self.receipt)")
    }
}

extension String {
    fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
