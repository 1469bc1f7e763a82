// Cursors that no list gave out: refused where their check is wrong, harmless where it is right.
import JSON
import Platform
import Testing

@testable import Gateway

@Suite struct CursorRefusalTests {
    let rig: Rig
    let client: HTTPClient
    let agent: String

    init() throws {
        rig = try Rig()
        client = try rig.client()
        let sample = ExportSample(SpanSample(1), SpanSample(2), SpanSample(3))
        #expect(try client.export(sample).status == 200)
        agent = try client.json("/v1/agents")["items"]?[0]?["agent"]?.string ?? ""
    }

    /// The pattern of each route with a cursor, and a path that it takes.
    private var lists: [(pattern: String, path: String)] {
        let run = SpanSample.trace(1)
        return [
            ("/v1/runs", "/v1/runs?"), ("/v1/runs", "/v1/runs?agent=\(agent)&"),
            ("/v1/runs/{run}", "/v1/runs/\(run)?"),
            ("/v1/records", "/v1/records?"), ("/v1/records", "/v1/records?agent=\(agent)&"),
            ("/v1/agents", "/v1/agents?"), ("/v1/batches", "/v1/batches?"),
            ("/v1/checkpoints", "/v1/checkpoints?"),
            ("/v1/hosted", "/v1/hosted?"), ("/v1/signals/{kind}", "/v1/signals/logs?"),
            ("/v1/mandates", "/v1/mandates?"), ("/v1/approvals", "/v1/approvals?"),
            ("/v1/tasks", "/v1/tasks?"), ("/v1/offers", "/v1/offers?"),
            ("/v1/auctions", "/v1/auctions?"), ("/v1/constitutions", "/v1/constitutions?"),
            ("/v1/licences", "/v1/licences?"), ("/v1/licence-offers", "/v1/licence-offers?"),
            ("/v1/teams", "/v1/teams?"), ("/v1/quotes", "/v1/quotes?"),
            ("/v1/covers", "/v1/covers?"),
            ("/v1/operations", "/v1/operations?subject=\(agent)&"),
        ]
    }

    /// Too short, too long, and at the edges of every number that a cursor may hold.
    private static let places: [[UInt8]] = [1, 7, 8, 9, 16, 32, 33, 56, 120].flatMap { count in
        [0x00, 0x7F, 0x80, 0xFF].map { [UInt8](repeating: $0, count: count) }
            + [[0x7F] + [UInt8](repeating: 0xFF, count: count - 1)]
    }

    @Test func noPlaceThatASenderMakesUpDoesHarm() throws {
        #expect(
            Set(lists.map(\.pattern))
                == Set(RouteTable.routes.filter { $0.query.contains(.cursor) }.map(\.pattern)))
        for list in lists {
            for place in Self.places {
                let cursor = Cursor(list: list.pattern).text(place) ?? ""
                let response = try client.get("\(list.path)cursor=\(cursor)")
                #expect(response.status == 200, "\(list.path) \(place): \(response.text)")
            }
        }
        #expect(try client.get("/healthz").status == 200)
    }

    @Test func aCursorOfAnotherListIsRefused() throws {
        for list in lists {
            for other in lists where other.pattern != list.pattern {
                let cursor = Cursor(list: other.pattern).text([1, 2, 3, 4, 5, 6, 7, 8]) ?? ""
                let response = try client.get("\(list.path)cursor=\(cursor)")
                #expect(response.problem == "malformed-parameter", "\(list.path)")
            }
        }
    }
}
