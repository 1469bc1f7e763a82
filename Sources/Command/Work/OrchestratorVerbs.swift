// `althing orchestrator`: brings jobs to whom can do them, and takes new ones.
import Cryptography
import Discovery
import JSON
import Ledger
import Orchestrator
import Platform
import Primitives

enum OrchestratorVerbs {
    static let verb = Verb(
        "orchestrator", "Brings jobs to whom can do them, as a client of the ledger",
        verbs: [runVerb, submitVerb])

    private static let directory = Option(
        "data", OptionValue("DIR", .directory), "Directory of the orchestrator's queue.").required
    private static let policies: [(String, RoutingPolicy)] = [
        ("price", .price), ("least", .leastConnections), ("hash", .consistentHash),
    ]
    private static let policy = Option(
        "policy", OptionValue("WORD", .choice(policies.map(\.0))),
        "Who gets a job: the cheapest, the least loaded, or always the same for one job name."
    ).standing(at: "price")
    private static let accept = Option(
        "accept", nil, "Accepts everything that is delivered, which pays it.")
    private static let judge = Option(
        "judge", OptionValue("COMMAND", .text),
        "Run by /bin/sh for each result on its input: exit status 0 accepts and pays it, 1 does "
            + "not.")
    private static let nats = Option(
        "nats", OptionValue("HOST:PORT", .address),
        "Keeps the queue in a stream of this NATS server, which must have JetStream.")
    private static let stream = Option(
        "stream", OptionValue("NAME", .text),
        "Its name: letters, digits and dashes."
    ).standing(at: "althing")
    private static let once = Option("until-idle", nil, "Ends when no job is left.")

    private static let runVerb = Verb("run", "Runs an orchestrator", run)
        .discussed(
            "Posts each job as a task, assigns it to somebody whose offer fits, and expires and "
                + "assigns again what is not done in time. Its queue survives a crash; the ledger "
                + "decides what was done. Attested work is judged part by part: without --accept "
                + "or --judge a person judges, and silence accepts when the time to judge is over. "
                + "Redundant work is left to its verifiers; a run that is to be re-executed is "
                + "run again here, and challenged where it is wrong; proofs the ledger verifies."
        )
        .example("althing orchestrator run --data ./orchestrator --accept --key owner.key")
        .taking(directory, policy, accept, judge, nats, stream, once, .token, .tokenFile)
        .acting()

    private static let price = Option.credits("price", "What the job pays, in one part.")
    private static let milestone = Option.credits(
        "milestone", "What a part of the job pays, in order, 16 at most; in place of --price."
    ).repeatable
    private static let specification = Option(
        "specification", OptionValue("FILE", .file),
        "What is to be done; with --program the node is told what to run instead.")
    private static let words = Option(
        "words", OptionValue("TEXT", .text), "Who can do it, as in althing discover.")
    private static let name = Option(
        "name", OptionValue("TEXT", .text),
        "Names the job: a second one of this name is the same one. Without it, it is new.")

    private static let submitVerb = Verb("submit", "Gives an orchestrator a job", submit)
        .discussed(
            "The specification is given to the node, where whoever does the job finds it. What is "
                + "delivered is verified by whoever runs the orchestrator; by verifiers, of whom "
                + "a quorum must get the same result; or, where the work is the run of a program, "
                + "by running it again, or by a proof."
        )
        .example(
            "althing orchestrator submit --data ./orchestrator --specification task.md --price 5"
        )
        .example(
            "althing orchestrator submit --data ./orchestrator --specification task.md --price 5 "
                + "--words translation --max-price 4 --region eu"
        )
        .example(
            "althing orchestrator submit --data ./orchestrator --specification task.md "
                + "--milestone 5 --milestone 3"
        )
        .example(
            "althing orchestrator submit --data ./orchestrator --program sum.pvm --input 3,4 "
                + "--price 5 --proven"
        )
        .taking(
            directory, specification, price, milestone, words, name, .maxPrice, .minReputation,
            .maxLoad, .region, attempts, .token, .tokenFile, .node, .json
        )
        .taking(
            Terms.verifier, Terms.quorum, Terms.fee, Terms.program, Terms.input, Terms.proven,
            Terms.deposit, Terms.reward, Terms.rounds, Terms.assign, Terms.begin, Terms.deliver,
            Terms.judge, Terms.arbitrate)
    private typealias Terms = TaskTermsOptions
    private static let attempts = Option(
        "attempts", OptionValue("COUNT", .number(1...8, unit: "workers")),
        "How often it may be given to somebody."
    ).standing(at: "3")

    // MARK: Running

    private static func run(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(accept, judge)
        let stop = try Stopping()
        var settings = OrchestratorSettings()
        let word = call.text(policy, or: "price")
        settings.policy = policies.first { $0.0 == word }?.1 ?? .price
        settings.lookNanoseconds = Nanoseconds.perSecond
        let judging: OrchestratorShell.Judging =
            call.has(accept) ? .acceptsAll : call.text(judge).map { .command($0) } ?? .leaves
        let queue = try JobQueue(try call.required(directory), nats: try streamed(call))
        defer { queue.close() }
        let shell = OrchestratorShell(
            queue: queue, acting: try Acting(call),
            store: try call.client(token: try ImportCommand.token(call)), judging: judging,
            console: call.console)
        try shell.start(settings)
        while !stop.isAsked {
            try shell.round()
            if call.has(once), shell.isIdle { return }
            stop.wait(nanoseconds: 50 * Nanoseconds.perMillisecond)
        }
    }

    /// The server and the stream that the options name.
    private static func streamed(
        _ call: Invocation
    ) throws(CommandFailure) -> (String, String)? {
        let name = call.text(stream, or: "althing")
        let isName = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isName, name.utf8.count <= 64 else {
            throw call.invalid(
                stream.spelling, name, expected: "at most 64 letters, digits and dashes")
        }
        return call.text(nats).map { ($0, name) }
    }

    // MARK: Submitting

    private static let names = HashDomain("althing 2026 job name v1")

    private static func submit(_ call: Invocation) throws(CommandFailure) {
        let client = try call.client(token: try ImportCommand.token(call))
        let digest = try keepSpecification(call, client)
        let fresh = digest.hex + String(SystemClock().now().nanoseconds)
        var job = Job(
            id: JobID(names.hash(Array((call.text(name) ?? fresh).utf8))), specification: digest,
            price: .zero)
        job.milestones = try parts(call)
        job.verification = try Terms.verification(call)
        job.attempts = UInt8(clamping: call.number(attempts) ?? 3)
        job.words = call.text(words) ?? ""
        job.filter.mostPrice = call.amount(.maxPrice)?.nanoCredits
        job.filter.leastReputation = call.number(.minReputation).map { UInt32(clamping: $0) }
        job.filter.mostLoad = call.number(.maxLoad).map { UInt32(clamping: $0) }
        job.filter.region = call.text(.region)
        job.key = Array((call.text(name) ?? "").utf8.prefix(Job.mostKeyBytes))
        job.times = Terms.times(call)
        guard job.isValid else {
            throw .refused(
                "a job has a price in 1 to 16 parts, one where it is a run, a quorum of its "
                    + "verifiers, and at most 1024 bytes of words, 64 of a region")
        }
        try JobQueue.put(job, in: try call.required(directory))
        if call.has(.json) {
            call.console.print(.object([JSONMember("job", .string(job.id.hex))]))
        } else {
            call.console.print("job \(job.id.hex)")
        }
    }

    /// What the job pays, in parts.
    private static func parts(_ call: Invocation) throws(CommandFailure) -> [Amount] {
        try call.exclude(price, milestone)
        let parts = call.amounts(milestone) + call.amounts(price)
        guard !parts.isEmpty else {
            throw .usage(.missingOption(price.spelling, command: call.arguments.command))
        }
        return parts
    }

    /// Gives the node what is to be done: a file, or a program and which run of it.
    private static func keepSpecification(
        _ call: Invocation, _ client: NodeClient
    ) throws(CommandFailure) -> Digest {
        if let path = call.text(Terms.program) {
            try call.exclude(specification, Terms.program)
            let program = try client.keep(try AgentHome.program(path).encoded)
            let sheet = RunSheet(program: program, input: try Terms.words(call))
            return try client.keep(Array(sheet.text.utf8))
        }
        guard let file = call.text(specification) else {
            throw .usage(.missingOption(specification.spelling, command: call.arguments.command))
        }
        return try client.keep(try LocalFiles.read(file, limit: Limits.payloadBytes))
    }
}
