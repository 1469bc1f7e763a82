// The story of agents told by commands: spawn, call, answer, resume.
import Agents
import JSON
import Primitives
import TestSupport
import Testing

@testable import Command

@Suite struct AgentStoryTests {
    /// A node, its owner, and agents by name with folders of their own.
    private final class Story {
        let node: StoryNode
        private let key: String
        private let sign: [String]
        private var homes: [String: TemporaryDirectory] = [:]
        private(set) var agents: [String: String] = [:]

        init() throws {
            node = try StoryNode(try TemporaryDirectory())
            // The owner whom the node let in has money for deposits.
            let secret = node.directory.file("secret")
            try LocalFiles.write(Array("development\n".utf8), to: secret, isSecret: true)
            key = node.data + "/keys/owner.key"
            sign = ["--passphrase-file", secret, "--node", node.address]
        }

        func spawn(_ name: String, _ source: String) throws -> Ending {
            let text = try node.directory.file(name + ".s", source)
            let program = node.directory.file(name + ".pvm")
            #expect(althing("program", "assemble", text, "--out", program).code == .ok)
            let home = try homes[name] ?? TemporaryDirectory()
            homes[name] = home
            let spawned = althing(
                [
                    "agent", "spawn", "--program", program, "--name", name, "--home", home.path,
                    "--owner-key", key, "--json",
                ] + sign)
            if spawned.code == .ok { agents[name] = try spawned.json.text("agent") }
            return spawned
        }

        func ask(_ name: String, _ verb: String, _ more: String...) throws -> Ending {
            let (agent, home) = (try #require(agents[name]), try #require(homes[name]))
            return althing(
                ["agent", verb, agent, "--home", home.path, "--json"] + more + sign)
        }

        /// The words that an agent wrote.
        func output(_ ending: Ending) throws -> [String] {
            #expect(ending.code == .ok, "\(ending.error)")
            return try ending.json.list("output").compactMap(\.string)
        }
    }

    @Test func anAgentIsSpawnedAndCalled() throws {
        let story = try Story()
        let spawned = try story.spawn("adder", TestPrograms.adder)
        #expect(spawned.code == .ok, "\(spawned.error)")
        for (input, output) in [("1,2", "3"), ("0x27", "42")] {
            let said = try story.ask("adder", "call", "--input", input)
            #expect(try story.output(said) == [output])
        }
        let agent = try #require(story.agents["adder"])
        let place = try NodeClient(story.node.address).get("/v1/agents/\(agent)/instance")
        #expect(place.number("instance", "sequence") == 2)
        #expect(try story.spawn("adder", TestPrograms.adder).code == .refused)
        #expect(try story.ask("adder", "call", "--input", "x").code == .usage)
        story.node.stop()
    }

    @Test func anAgentCallsAnother() throws {
        let story = try Story()
        for (name, source) in [("adder", TestPrograms.adder), ("asker", TestPrograms.asker)] {
            let spawned = try story.spawn(name, source)
            #expect(spawned.code == .ok, "\(spawned.error)")
        }
        let (adder, asker) = (try #require(story.agents["adder"]), story.agents["asker"] ?? "")
        let request = HostRequest.call(try #require(AgentID(hex: adder)), [20, 22])
        let words = request.frame.map { String($0) }.joined(separator: ",")
        #expect(try story.output(story.ask("asker", "call", "--input", words)) == [])
        #expect(try story.output(story.ask("adder", "answer", "--caller", asker)) == ["42"])
        #expect(try story.ask("adder", "answer", "--caller", asker).code == .refused)
        let resumed = try story.output(story.ask("asker", "resume"))
        #expect(resumed == [String(UInt64(1) << 32), "42"])
        story.node.stop()
    }
}
