// The story of a node told by commands: start, import, show, receipt, operations, stop, check.
import Cryptography
import JSON
import Platform
import Primitives
import Testing

@testable import Command

/// A node in this process, on a free port and in a directory of its own.
final class StoryNode {
    let directory: TemporaryDirectory
    private(set) var running: RunningNode?

    private let mode: DataDirectory.Mode

    init(_ directory: TemporaryDirectory, _ mode: DataDirectory.Mode = .development) throws {
        self.directory = directory
        self.mode = mode
        try start()
    }

    var data: String { directory.file("data") }
    var address: String { running?.address ?? "" }

    func start() throws {
        var configuration = Configuration()
        configuration.listen = "127.0.0.1:0"
        configuration.gateway.logLevel = .error
        var chain = ChainPlan(name: "story")
        chain.settings.interval = 20 * Nanoseconds.perMillisecond
        let setup = try NodeSetup(
            DataDirectory(path: data), mode: mode, chain: chain
        ) { _ throws(CommandFailure) in Passphrase.development }
        running = try RunningNode(setup, configuration)
    }

    func stop() {
        running?.stop()
        running = nil
    }

    /// A command against this node.
    func ask(_ words: String...) -> Ending { althing(words + ["--node", address]) }
}

@Suite struct NodeStoryTests {
    /// One trace of two spans, made here.
    static let trace = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":\
        {"stringValue":"story"}}]},"scopeSpans":[{"scope":{"name":"s"},"spans":[\
        {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708",\
        "name":"invoke_agent ann","kind":1,"startTimeUnixNano":"1700000000000000000",\
        "endTimeUnixNano":"1700000002000000000","attributes":[{"key":"gen_ai.operation.name",\
        "value":{"stringValue":"invoke_agent"}},{"key":"gen_ai.agent.name","value":\
        {"stringValue":"ann"}}]},\
        {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718",\
        "parentSpanId":"0102030405060708","name":"chat m","kind":3,\
        "startTimeUnixNano":"1700000000500000000","endTimeUnixNano":"1700000001500000000",\
        "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\
        {"key":"gen_ai.agent.name","value":{"stringValue":"ann"}},\
        {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1200"}},\
        {"key":"gen_ai.usage.output_tokens","value":{"intValue":"34"}}]}]}]}]}

        """
    private static let run = "0102030405060708090a0b0c0d0e0f10"

    @Test func importShowVerifyStopCheck() throws {
        let node = try StoryNode(try TemporaryDirectory())
        let file = try node.directory.file("t.jsonl", Self.trace)

        let first = try node.ask("record", "import", file, "--json").json
        #expect(first.number("spans") == 2 && first.number("recorded") == 2)
        let second = try node.ask("record", "import", file, "--json").json
        #expect(second.number("recorded") == 0 && second.number("knownBefore") == 2)

        #expect(node.ask("run", "list").out.contains(Self.run))
        let tree = node.ask("run", "show", Self.run)
        #expect(tree.code == .ok)
        #expect(tree.out.contains("\ninvoke_agent ann"))
        #expect(tree.out.contains("\n└─ chat m"))
        #expect(tree.out.contains("1,200 input, 34 output"))
        #expect(tree.out.contains("2.00 s"))

        let record = "\(Self.run):1112131415161718"
        #expect(node.ask("record", "show", record).out.contains("tokens output     34"))
        let receipt = node.directory.file("r.json")
        let payload = node.directory.file("p.json")
        #expect(
            node.ask("receipt", "get", record, "--out", receipt, "--payload-out", payload).code
                == .ok)
        let genesis = node.data + "/genesis"
        node.stop()

        let verified = althing(
            "receipt", "verify", receipt, "--genesis", genesis, "--payload", payload)
        #expect(verified.code == .ok, "\(verified.error)")
        let checked = try althing("store", "check", "--data", node.data, "--json").json
        #expect(checked["sound"]?.bool == true)
        #expect(checked.number("records") == 2)
    }

    @Test func everyListAndPageAnswers() throws {
        let node = try StoryNode(try TemporaryDirectory())
        let file = try node.directory.file("t.jsonl", Self.trace)
        #expect(node.ask("record", "import", file).code == .ok)
        let agent = try node.ask("agent", "list", "--json").json.list("items")[0].text("agent")
        let owner = try node.ask("agent", "show", agent, "--json").json.text("owner")
        let lines: [[String]] = [
            ["status"], ["run", "list"], ["record", "list"], ["agent", "list"],
            ["agent", "show", agent], ["owner", "show", owner], ["batch", "list"],
            ["batch", "show", "1"], ["record", "show", "1-0"],
        ]
        for line in lines {
            let text = althing(line + ["--node", node.address])
            #expect(text.code == .ok, "\(line): \(text.error)")
            #expect(!text.out.isEmpty && !text.out.contains("\u{1B}"))
            let json = althing(line + ["--node", node.address, "--json"])
            #expect(try json.json.object?.isEmpty == false, "\(line)")
        }
        #expect(node.ask("receipt", "get", "1-0").code == .ok)
        #expect(node.ask("checkpoint", "list").code == .ok)
        #expect(node.ask("checkpoint", "show", "1").out.contains("state root"))
        node.stop()
    }

    @Test func whatIsNotThereIsRefused() throws {
        let node = try StoryNode(try TemporaryDirectory())
        let lines: [[String]] = [
            ["run", "show", Self.run], ["record", "show", "9-9"], ["record", "show", "x"],
            ["receipt", "get", "9-9"], ["agent", "show", String(repeating: "0", count: 64)],
            ["owner", "show", String(repeating: "0", count: 64)], ["batch", "show", "99"],
            ["checkpoint", "show", "99999"],
        ]
        for line in lines {
            let ending = althing(line + ["--node", node.address])
            #expect(ending.code == .refused, "\(line): \(ending.error)")
            #expect(ending.error.hasPrefix("althing: the node refused: "))
            #expect(ending.error.contains("[correlation id "))
        }
        node.stop()
    }

    @Test func ownersAndAgentsAreOperations() throws {
        let node = try StoryNode(try TemporaryDirectory())
        let pass = node.directory.file("pass")
        try LocalFiles.write(Array("secret\n".utf8), to: pass, isSecret: true)
        let key = node.directory.file("owner.key")
        _ = try KeyStore(path: key).create(
            passphrase: Array("secret".utf8), strength: .development)
        let sign = ["--passphrase-file", pass, "--node", node.address]

        let owner = althing(
            ["owner", "register", "--name", "Acme", "--key", key, "--json"] + sign)
        #expect(owner.code == .ok, "\(owner.error)")
        let again = althing(["owner", "register", "--name", "Acme", "--key", key] + sign)
        #expect(again.code == .refused)

        let submitter = try KeyStore(path: node.data + "/keys/submitter.key").statedPublicKey()
        let did = DIDKey.encode(submitter)
        #expect(
            althing(["owner", "authorize", "--key", key, "--submitter", did] + sign).code == .ok)

        let made = althing(
            [
                "agent", "register", "--name", "bob", "--owner-key", key, "--version", "2",
                "--capability", "search", "--capability", "code", "--json",
            ] + sign)
        let agent = try made.json.text("agent")
        for (verb, status) in [
            ("suspend", "suspended"), ("activate", "active"), ("retire", "retired"),
        ] {
            #expect(althing(["agent", verb, agent, "--owner-key", key] + sign).code == .ok)
            #expect(node.ask("agent", "show", agent).out.contains(status))
        }
        #expect(
            althing(["agent", "activate", agent, "--owner-key", key] + sign).code == .refused)
        #expect(node.ask("agent", "show", agent).out.contains("search, code"))
        #expect(
            althing(["owner", "withdraw", "--key", key, "--submitter", did] + sign).code == .ok)
        let id = try owner.json.text("owner")
        #expect(node.ask("owner", "show", id).out.contains("Acme"))
        node.stop()
    }

    @Test func productionNeedsATokenAndAnOwnersLeave() throws {
        let node = try StoryNode(try TemporaryDirectory(), .production)
        let file = try node.directory.file("t.jsonl", Self.trace)
        #expect(node.ask("record", "import", file).code == .refused)

        let pass = node.directory.file("pass")
        try LocalFiles.write(Array("secret\n".utf8), to: pass, isSecret: true)
        let key = node.directory.file("owner.key")
        let owner = OwnerID(
            firstKey: try KeyStore(path: key).create(
                passphrase: Array("secret".utf8), strength: .development
            ).publicKey)
        let token = try althing(
            "token", "new", "--data", node.data, "--owner", owner.hex, "--json"
        ).json.text("token")
        let secret = node.directory.file("token")
        try LocalFiles.write(Array((token + "\n").utf8), to: secret, isSecret: true)

        let early = node.ask("record", "import", file, "--token", token)
        #expect(early.code == .refused, "the owner is not registered yet")
        let sign = ["--key", key, "--passphrase-file", pass, "--node", node.address]
        #expect(althing(["owner", "register", "--name", "Acme"] + sign).code == .ok)
        let submitter = try KeyStore(path: node.data + "/keys/submitter.key").statedPublicKey()
        #expect(
            althing(["owner", "authorize", "--submitter", submitter.hex] + sign).code == .ok)
        let late = node.ask("record", "import", file, "--token-file", secret)
        #expect(late.code == .ok, "\(late.error)")
        #expect(node.ask("status").out.contains("production"))
        node.stop()
    }

    @Test func aStoreIsKeptOverARestartAndForOneNode() throws {
        let node = try StoryNode(try TemporaryDirectory())
        let file = try node.directory.file("t.jsonl", Self.trace)
        #expect(node.ask("record", "import", file).code == .ok)
        let chain = try node.ask("status", "--json").json.text("chain")

        let second = althing("node", "--dev", "--data", node.data, "--listen", "127.0.0.1:0")
        #expect(second.code == .failed)
        #expect(second.error.contains("another node runs in \(node.data)"))
        for verb in ["check", "rebuild"] {
            let ending = althing("store", verb, "--data", node.data)
            #expect(ending.code == .failed)
            #expect(ending.error.contains("another node runs in \(node.data)"))
        }

        node.stop()
        try node.start()
        let status = try node.ask("status", "--json").json
        #expect(status.text("chain") == chain)
        #expect(status.number("records") == 2)
        node.stop()
    }
}
