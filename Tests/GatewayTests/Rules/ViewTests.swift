// Lists and their cursors, caching, search, and the dashboard's files.
import JSON
import Platform
import Primitives
import Testing

@Suite struct ViewTests {
    let rig: Rig
    let client: HTTPClient

    init() throws {
        rig = try Rig()
        client = try rig.client()
        for run in 1...5 as ClosedRange<UInt8> {
            _ = try client.export(
                ExportSample(
                    SpanSample(run: run, 1, name: "root \(run)"),
                    SpanSample(run: run, 2, caller: 1), agent: "agent \(run)"))
        }
    }

    /// Every item of a list, read page by page.
    private func walk(_ path: String, limit: Int, id: String) throws -> [String] {
        var found: [String] = []
        var cursor = ""
        for _ in 0..<50 {
            let page = try client.json("\(path)limit=\(limit)\(cursor)")
            let items = page["items"]?.array ?? []
            #expect(items.count <= limit)
            found += items.compactMap { $0[id]?.string }
            guard let next = page["next"]?.string else { return found }
            cursor = "&cursor=\(next)"
        }
        return found
    }

    @Test(arguments: [
        ("/v1/runs?", "run"), ("/v1/records?", "id"), ("/v1/agents?", "agent"),
        ("/v1/batches?", "number"), ("/v1/checkpoints?", "height"),
    ])
    func pagesTogetherAreTheList(_ path: String, _ id: String) throws {
        // Checkpoints go on being made: compared is what was there at the first reading.
        let whole = try walk(path, limit: 500, id: id)
        #expect(whole.count >= 5)
        for limit in [1, 2, 3] {
            let walked = try walk(path, limit: limit, id: id)
            #expect(Set(walked).count == walked.count)
            #expect(walked.filter(Set(whole).contains) == whole)
        }
    }

    @Test func operationsOfARunComeInPages() throws {
        let path = "/v1/runs/\(SpanSample.trace(1))?limit=1"
        let first = try client.json(path)
        #expect(first["operations"]?.array?.count == 1)
        let next = try #require(first["next"]?.string)
        let second = try client.json("\(path)&cursor=\(next)")
        #expect(second["operations"]?[0]?["operation"]?.string == SpanSample.span(2))
        #expect(second["next"]?.isNull == true)
    }

    @Test func runsAreFoundByAgentTimeAndBeginning() throws {
        let run = try client.json("/v1/runs/\(SpanSample.trace(3))")
        let (agent, start) = (run["agent"]?.string ?? "", run["start"]?.string ?? "")
        let byAgent = try client.json("/v1/runs?agent=\(agent)")["items"]?.array ?? []
        #expect(byAgent.map { $0["run"]?.string } == [SpanSample.trace(3)])
        let byTime = try client.json("/v1/runs?since=\(start)&until=\(start)")["items"]?.array ?? []
        #expect(byTime.count == 5)
        let byTrace = try client.json("/v1/runs?trace=0303")["items"]?.array ?? []
        #expect(byTrace.map { $0["run"]?.string } == [SpanSample.trace(3)])
    }

    static let searches: [(String, [String])] = [
        ("agent%203", ["agent"]), ("AGENT", ["agent", "agent", "agent", "agent", "agent"]),
        ("0404", ["run"]), ("1-0", ["record"]), ("1", ["agent", "batch", "checkpoint"]),
        ("%20", []), ("zzzz", []),
        (SpanSample.trace(2) + ":" + SpanSample.span(2), ["record"]),
    ]

    @Test(arguments: searches.indices) func searchFindsWhatATextMayMean(_ index: Int) throws {
        let (query, kinds) = Self.searches[index]
        _ = try client.receipt("1-0")
        let items = try client.json("/v1/search?q=\(query)")["items"]?.array ?? []
        #expect(items.compactMap { $0["kind"]?.string } == kinds)
    }

    @Test(arguments: [
        "/v1/genesis", "/v1/records/1-0/payload", "/v1/batches/1", "/", "/openapi.json",
        "/v1/records/1-0/receipt",
    ])
    func whatTheClientHasIsNotSentAgain(_ path: String) throws {
        _ = try client.receipt("1-0")
        let first = try client.get(path)
        #expect(first.status == 200)
        let tag = try #require(first.header("etag"))
        let again = try client.get(path, headers: [("if-none-match", "\"other\", W/\(tag)")])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        #expect(again.header("etag") == tag)
        let other = try client.get(path, headers: [("if-none-match", "\"other\"")])
        #expect(other.status == 200)
        let head = try client.request("HEAD", path)
        #expect(head.status == 200 && head.body.isEmpty && head.header("etag") == tag)
    }

    @Test func theDashboardIsServedUnderItsPolicy() throws {
        let page = try client.get("/")
        #expect(page.header("content-type") == "text/html; charset=utf-8")
        let policy = page.header("content-security-policy") ?? ""
        #expect(policy.contains("default-src 'self'") && !policy.contains("unsafe"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(page.header("x-content-type-options") == "nosniff")
        let script = try client.get("/dashboard/app.js")
        #expect(script.header("content-type") == "text/javascript; charset=utf-8")
    }

    @Test func withoutTheDashboardTheRestIsServed() throws {
        let rig = try Rig { $0.settings.dashboardDirectory = "/nowhere" }
        #expect(!rig.gateway.hasDashboard)
        let client = try rig.client()
        #expect(try client.get("/").status == 404)
        #expect(try client.get("/healthz").status == 200)
    }
}
