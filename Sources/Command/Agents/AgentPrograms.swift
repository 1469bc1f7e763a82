// `althing agent spawn` and `agent call`: an agent gets a program, and is spoken to.
import Agents
import Cryptography
import JSON
import Ledger
import Primitives

enum AgentProgramVerbs {
    private static let file = Option(
        "program", OptionValue("FILE", .file), "The standard program that it runs.")
    private static let name = Option("name", OptionValue("NAME", .text), "The agent's name.")
    private static let home = Option(
        "home", OptionValue("DIR", .directory),
        "Runs the agent here and not on the node, from its folder: its program, key and state.")
    private static let deposit = Option(
        "deposit",
        OptionValue("MICROCREDITS", .number(0...InstanceAccount.mostDeposit, unit: "µcr")),
        "What it may spend on fees: taken from the owner's account, and what is left comes back."
    ).standing(at: String(standardDeposit))
    /// A thousand credits, in micro-credits.
    private static let standardDeposit: UInt64 = 1_000_000_000
    private static let transferLimit = Option(
        "transfer-limit",
        OptionValue("MICROCREDITS", .number(0...InstanceAccount.mostDeposit, unit: "µcr")),
        "What it may pay in one transfer."
    ).standing(at: "0")
    private static let evidence = Option(
        "evidence", OptionValue("KIND", .choice(["reexecution", "proof"])),
        "What its transitions are believed by: validators run the program again, or check a "
            + "proof. The chain's settings say which it accepts."
    ).standing(at: "reexecution")
    private static let readable = Option(
        "readable", nil,
        "Lets other agents ask for parts of its state, which come with their proof.")
    private static let every = Option(
        "every", OptionValue("TIME", .duration(0...Nanoseconds.perDay)),
        "Submits a transition so long after the one before; 0: time does not matter."
    ).standing(at: "1s")
    private static let steps = Option(
        "steps", OptionValue("COUNT", .number(0...UInt64.max, unit: "instructions")),
        "Submits after so many instructions; 0: they do not matter. Usual: 1000, or 4000 where "
            + "it gives proofs.")
    private static let touched = Option(
        "touched", OptionValue("BYTES", .number(0...UInt64(UInt32.max), unit: "bytes")),
        "Submits once so many bytes of its state were touched; 0: they do not matter."
    ).standing(at: "0")
    private static let words = Option(
        "input", OptionValue("WORDS", .text),
        "The words of the message, decimal or after 0x hexadecimal, with commas between."
    ).repeatable
    private static let id = Positional("ID", .hex(bytes: 32), "The agent's id.")

    static let spawnVerb = Verb(
        "spawn", "Registers an agent with a program that it runs", spawn
    )
    .discussed(
        "Registers agent and program, and lets the agent run it: from its first state, which "
            + "follows from the program. From then on it runs on the node, with a key of the "
            + "node's.",
        "With --home it does not: its key is made in that folder, sealed with the owner's "
            + "passphrase, and it runs while agent call, answer or resume do."
    )
    .example("althing agent spawn --program counter.pvm --name counter --owner-key owner.key")
    .taking(
            file.required, name.required, home, Option.ownerKey.required, deposit,
            transferLimit, evidence, readable, every, steps, touched, .passphraseFile, .node,
            .json)

    static let callVerb = Verb("call", "Gives a message to an agent", call)
        .discussed(
            "The node runs the agent's program on the message, and the words that it wrote are "
                + "printed once the ledger has accepted its transition.",
            "With --home the program runs here. A command that was interrupted is completed by "
                + "the next one. An agent that gives proofs may get several messages, each with "
                + "an --input: their transitions share one proof and come in one operation."
        )
        .example("althing agent call \(String(repeating: "3f", count: 32)) --input 1,2")
        .taking(home, words, .passphraseFile, .node, .json)
        .expecting(id)

    static let answerVerb = Verb("answer", "Gives an agent that runs here another's call", answer)
        .discussed(
            "The agent named by --caller waits with a call for this one: its words are in the "
                + "ledger, and so is the answer once this agent gave it. Then `agent resume` lets "
                + "the caller go on."
        )
        .example(
            "althing agent answer \(String(repeating: "3f", count: 32)) --home adder "
                + "--caller \(String(repeating: "a1", count: 32))"
        )
        .taking(home.required, caller.required, .passphraseFile, .node, .json)
        .expecting(id)

    static let resumeVerb = Verb("resume", "Lets an agent go on with the ledger's answer", resume)
        .example("althing agent resume \(String(repeating: "3f", count: 32)) --home caller")
        .taking(home.required, .passphraseFile, .node, .json)
        .expecting(id)

    private static let caller = Option(
        "caller", OptionValue("ID", .hex(bytes: 32)), "The agent that waits.")

    private static func answer(_ call: Invocation) throws(CommandFailure) {
        let text = try call.required(caller)
        guard let other = AgentID(hex: text) else {
            throw call.invalid(caller.spelling, text, expected: "an agent's id")
        }
        try run(call) { shell throws(CommandFailure) in try shell.serve(other) }
    }

    private static func resume(_ call: Invocation) throws(CommandFailure) {
        try run(call) { shell throws(CommandFailure) in try shell.take(nil) }
    }

    private static func spawn(_ call: Invocation) throws(CommandFailure) {
        let program = try AgentHome.program(try call.required(file))
        let sender = try call.ownerSender(.ownerKey)
        let owner = OwnerID(firstKey: sender.key.publicKey)
        let name = try call.required(name)
        let agent = AgentID(owner: owner, name: name)
        let wantsProofs = call.text(evidence) == "proof"
        let (key, proof): (PublicKey, Signature)
        if let folder = call.text(home) {
            let home = AgentHome(path: folder)
            (key, proof) = try localKey(home, program, sender, call)
            try home.keep(wantsProofs ? Evidence.Kind.proof : .reexecution)
        } else {
            (key, proof) = try nodeKey(of: agent, sender)
        }
        try sendNew(.agent(.register(name: name, profile: AgentProfile())), "agentExists")
        _ = try sender.send(.agent(.setKey(agent, key, proof: proof)), owner: owner)
        try sendNew(.transition(.register(program: program.encoded)), "programExists")
        let account = InstanceAccount(
            deposit: call.number(deposit) ?? standardDeposit,
            transferLimit: call.number(transferLimit) ?? 0)
        let wish = Spawn(
            agent: agent, program: program.identity,
            policy: policy(wantsProofs ? .proof : .reexecution, call), account: account)
        let answer = try sender.send(.transition(.spawn(wish)), owner: owner)
        OperationReport(answer: answer, id: ("agent", agent.hex)).print(call)

        /// Sends a command that may have been carried out before.
        func sendNew(_ command: Ledger::Command, _ known: String) throws(CommandFailure) {
            do {
                _ = try sender.send(command, owner: owner)
            } catch {
                guard case .problem(let problem) = error, problem.detail.contains(known) else {
                    throw error
                }
            }
        }
    }

    /// Agents that prove submit after so many steps that twice as many still have a proof which a
    /// transition can carry.
    private static func policy(
        _ evidence: Evidence.Kind, _ call: Invocation
    ) -> SubmissionPolicy {
        var policy = SubmissionPolicy.standard
        if evidence == .proof { policy.steps = AgentHome.provenSteps }
        if let nanoseconds = call.nanoseconds(every) { policy.interval = nanoseconds }
        if let count = call.number(steps) { policy.steps = count }
        if let bytes = call.number(touched) { policy.touchedBytes = UInt32(clamping: bytes) }
        (policy.evidence, policy.isReadable) = (evidence, call.has(readable))
        return policy
    }

    /// The key in the agent's folder, made where there is none, and its proof.
    private static func localKey(
        _ home: AgentHome, _ program: AgentProgram, _ sender: OperationSender, _ call: Invocation
    ) throws(CommandFailure) -> (PublicKey, Signature) {
        let passphrase = try Passphrase.read(
            file: call.text(.passphraseFile), prompt: "Passphrase of the agent's key: ")
        let key = try LocalFiles.exists(home.key.path)
            ? home.key.open(passphrase: passphrase)
            : home.key.create(passphrase: passphrase, strength: .interactive)
        try home.keep(program)
        let owner = OwnerID(firstKey: sender.key.publicKey)
        let message = KeyProof.message(for: .agent, chain: sender.chain, owner: owner)
        return (key.publicKey, key.sign(message))
    }

    /// The key with which the node would run the agent, and its proof.
    private static func nodeKey(
        of agent: AgentID, _ sender: OperationSender
    ) throws(CommandFailure) -> (PublicKey, Signature) {
        let owner = OwnerID(firstKey: sender.key.publicKey)
        let answer = try sender.client.get(
            "/v1/agents/\(agent.hex)/key", query: [("owner", owner.hex)])
        guard let key = PublicKey(hex: answer.text("key")),
            let proof = Signature(hex: answer.text("proof"))
        else { throw .failed("the answer of \(sender.client.address) names no key") }
        return (key, proof)
    }

    private static func call(_ call: Invocation) throws(CommandFailure) {
        let texts = call.texts(words)
        var messages: [Message] = []
        for text in texts.isEmpty ? [""] : texts { messages.append(Message(try input(text, call))) }
        guard messages.count == 1 else {
            guard call.has(home) else {
                throw .refused("the node takes one message at a time: one --input, or --home")
            }
            return try run(call) { shell throws(CommandFailure) in
                try shell.take(together: messages)
            }
        }
        guard call.has(home) else { return try ask(messages[0], call) }
        try run(call) { shell throws(CommandFailure) in try shell.take(messages[0]) }
    }

    /// Gives the message to the node that runs the agent.
    private static func ask(_ message: Message, _ call: Invocation) throws(CommandFailure) {
        let text = try call.required(id)
        guard AgentID(hex: text) != nil else {
            throw call.invalid(id.name, text, expected: "an agent's id")
        }
        let body = JSONValue.object([
            JSONMember("input", .array(message.words.map { .string(String($0)) }))
        ])
        var writer = JSONWriter(capacity: 256)
        writer.write(body)
        let answer = try call.client().post(
            "/v1/agents/\(text)/messages", type: "application/json", writer.bytes)
        guard !call.has(.json) else { return call.console.print(answer) }
        var facts = Facts()
        facts.add("output", answer.list("output").compactMap(\.string).joined(separator: ", "))
        facts.add("transitions", Quantity.count(answer.number("transitions")))
        facts.add("sequence", Quantity.count(answer.number("sequence")))
        facts.add("root", answer.text("root"))
        facts.add("steps", Quantity.count(answer.number("steps")))
        call.console.print(facts.text)
    }

    /// Opens the agent's folder, does something with the agent, and tells what came of it.
    private static func run(
        _ call: Invocation, _ body: (inout AgentShell) throws(CommandFailure) -> Void
    ) throws(CommandFailure) {
        let text = try call.required(id)
        guard let agent = AgentID(hex: text) else {
            throw call.invalid(id.name, text, expected: "an agent's id")
        }
        let home = AgentHome(path: try call.required(home))
        let passphrase = try Passphrase.read(
            file: call.text(.passphraseFile), prompt: "Passphrase of the agent's key: ")
        let sender = try OperationSender(
            client: try call.client(), key: home.key.open(passphrase: passphrase))
        let line = try sender.client.get("/v1/agents/\(text)")
        guard let owner = OwnerID(hex: line.text("owner")) else {
            throw .failed("the answer of the node names no owner")
        }
        var shell = try AgentShell(home, agent: agent, owner: owner, sender: sender)
        try body(&shell)
        report(shell, call)
        if let failure = shell.failures.last {
            throw .refused("the program failed, and its state is as it was: \(failure)")
        }
    }

    private static func input(
        _ text: String, _ call: Invocation
    ) throws(CommandFailure) -> [UInt64] {
        guard !text.isEmpty else { return [] }
        var list: [UInt64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isHex = part.hasPrefix("0x")
            let word = isHex ? UInt64(part.dropFirst(2), radix: 16) : UInt64(part)
            guard let word, list.count < AgentLimits.wordsPerFrame else {
                throw call.invalid(
                    words.spelling, text, expected: "at most 4096 words with commas between")
            }
            list.append(word)
        }
        return list
    }

    private static func report(_ shell: AgentShell, _ call: Invocation) {
        let steps = shell.accepted.reduce(0) { $0 + $1.effort.steps }
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("output", .array(shell.output.map { .string(String($0)) })),
                    JSONMember("transitions", .integer(shell.accepted.count)),
                    JSONMember("operations", .array(shell.operations.map { .string($0) })),
                    JSONMember("sequence", .string(String(shell.instance.sequence))),
                    JSONMember("root", .string(shell.instance.root.hex)),
                    JSONMember("steps", .string(String(steps))),
                ]))
        }
        var facts = Facts()
        facts.add("output", shell.output.map { String($0) }.joined(separator: ", "))
        facts.add("transitions", Quantity.count(UInt64(shell.accepted.count)))
        facts.add("sequence", Quantity.count(shell.instance.sequence))
        facts.add("root", shell.instance.root.hex)
        facts.add("steps", Quantity.count(steps))
        // Each has a receipt.
        for operation in shell.operations { facts.add("operation", operation) }
        call.console.print(facts.text)
    }
}
