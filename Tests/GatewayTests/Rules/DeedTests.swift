// The history of tasks, agents and requests over REST: what was done, by whom, and what came of it.
import JSON
import Ledger
import Platform
import Primitives
import Testing

@testable import Gateway

@Suite struct DeedTests {
    let rig: Rig
    let client: HTTPClient
    let sample: LawSample

    init() throws {
        rig = try Rig()
        client = try rig.client()
        _ = try client.export(ExportSample(SpanSample(1)))
        let agent = try client.json("/v1/agents")["items"]?.array?.first?["agent"]
        let id = try #require(agent?.string.flatMap { AgentID(hex: $0) })
        sample = try LawSample(client, agent: id)
        _ = try client.poll("/v1/tasks/\(sample.cancelled)/receipt") { $0.status == 200 }
    }

    private func deeds(_ query: String) throws -> [JSONValue] {
        try client.json("/v1/operations?subject=\(query)")["items"]?.array ?? []
    }

    private func words(_ deeds: [JSONValue]) -> [String] {
        deeds.map { deed in
            ["chapter", "verb", "outcome"].compactMap { deed[$0]?.string }.joined(separator: ".")
        }
    }

    @Test func aTaskHasAHistoryTheNewestFirst() throws {
        let history = try deeds("\(sample.cancelled)")
        #expect(words(history) == ["task.cancel.done", "task.post.done"])
        #expect(history[0]["operation"]?.string == sample.operation)
        #expect(history[1]["amount"]?.string == "501")
        let first = try client.json("/v1/operations?subject=\(sample.cancelled)&limit=1")
        let next = try #require(first["next"]?.string)
        let rest = try deeds("\(sample.cancelled)&limit=1&cursor=\(next)")
        #expect(words(rest) == ["task.post.done"])
    }

    @Test func whatWaitsIsToldAsAsked() throws {
        let history = words(try deeds("\(sample.agent)"))
        #expect(history.first == "agent.stop.done" && history.last == "quota.set.done")
        #expect(history.contains("account.transfer.asked"))
        #expect(history.contains("constitution.enact.done"))
        #expect(words(try deeds("\(sample.mandate)")).last == "mandate.issue.done")
    }

    @Test func ofSomethingUnknownThereIsNoHistory() throws {
        #expect(try deeds(String(repeating: "ab", count: 32)).isEmpty)
    }

    @Test func agentsUnderALawAreListed() throws {
        let items = try client.json("/v1/constitutions")["items"]?.array ?? []
        #expect(items.count == 1)
        #expect(items.first?["agent"]?.string == sample.agent.hex)
        #expect(items.first?["rulings"]?["waiting"]?.integer() == 1)
        #expect(items.first?["rulings"]?["stopped"]?.string != nil)
        #expect(items.first?["constitution"]?["version"]?.string == "1")
    }
}
