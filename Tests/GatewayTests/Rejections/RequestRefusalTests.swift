// What a reader may ask in vain: problems with stable types, each named.
import Platform
import Primitives
import Testing

/// A request and the problem it meets.
struct BadRequest: Sendable, CustomTestStringConvertible {
    var method = "GET"
    var path: String
    var status: Int
    var slug: String

    var testDescription: String { "\(method) \(path)" }

    private static let digits = String(repeating: "ab", count: 32)

    static let all: [BadRequest] = [
        BadRequest(path: "/nothing", status: 404, slug: "not-found"),
        BadRequest(path: "/v1/runs/", status: 404, slug: "not-found"),
        BadRequest(path: "/problems/none", status: 404, slug: "not-found"),
        BadRequest(path: "/dashboard/none.js", status: 404, slug: "not-found"),
        BadRequest(path: "/dashboard/..%2FPackage.swift", status: 404, slug: "not-found"),
        BadRequest(path: "/tile/0/001", status: 404, slug: "not-found"),
        BadRequest(
            path: "/tile/0/x18/x446/x744/x073/x709/x551/615", status: 404, slug: "not-found"),
        BadRequest(
            path: "/tile/entries/x288/x230/x376/x151/x711/743", status: 404, slug: "not-found"),
        BadRequest(method: "DELETE", path: "/v1/runs", status: 405, slug: "method-not-allowed"),
        BadRequest(method: "POST", path: "/v1/status", status: 405, slug: "method-not-allowed"),
        BadRequest(path: "/v1/traces", status: 405, slug: "method-not-allowed"),
        BadRequest(path: "/v1/runs?limit=0", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs?limit=501", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs?limit=+5", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs?cursor=%25", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs?agent=abc", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs?trace=ab", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs?since=-1", status: 400, slug: "malformed-parameter"),
        BadRequest(
            path: "/v1/runs?until=18446744073709551616", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs/zz", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/runs/\(SpanSample.trace(3))", status: 404, slug: "no-such-run"),
        BadRequest(path: "/v1/records/7", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/records/7-0", status: 404, slug: "no-such-record"),
        BadRequest(path: "/v1/records/1-65536", status: 400, slug: "malformed-parameter"),
        BadRequest(
            path: "/v1/records/18446744073709551615-0/receipt", status: 404,
            slug: "no-such-record"),
        BadRequest(path: "/v1/records/7-0/payload", status: 404, slug: "no-such-record"),
        BadRequest(path: "/v1/agents/\(digits)", status: 404, slug: "no-such-agent"),
        BadRequest(path: "/v1/owners/\(digits)", status: 404, slug: "no-such-owner"),
        BadRequest(
            path: "/v1/owners/\(digits.uppercased())", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/agents/\(digits)/constitution", status: 404, slug: "no-such-agent"),
        BadRequest(path: "/v1/agents/\(digits)/rulings", status: 404, slug: "no-such-agent"),
        BadRequest(path: "/v1/accounts/12", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/mandates/\(digits)", status: 404, slug: "no-such-mandate"),
        BadRequest(path: "/v1/approvals/\(digits)", status: 404, slug: "no-such-approval"),
        BadRequest(path: "/v1/tasks/\(digits)", status: 404, slug: "no-such-task"),
        BadRequest(path: "/v1/tasks?state=done", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/operations", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/operations?subject=12", status: 400, slug: "malformed-parameter"),
        BadRequest(
            path: "/v1/operations?subject=\(digits)&limit=0", status: 400,
            slug: "malformed-parameter"),
        BadRequest(path: "/v1/constitutions?cursor=7", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/offers/\(digits)", status: 404, slug: "no-such-offer"),
        BadRequest(path: "/v1/auctions/\(digits)", status: 404, slug: "no-such-auction"),
        BadRequest(path: "/v1/batches/0", status: 404, slug: "no-such-batch"),
        BadRequest(path: "/v1/batches/18446744073709551615", status: 404, slug: "no-such-batch"),
        BadRequest(path: "/v1/batches/x", status: 400, slug: "malformed-parameter"),
        BadRequest(path: "/v1/checkpoints/999999", status: 404, slug: "no-such-checkpoint"),
        BadRequest(
            method: "POST", path: "/v1/operations", status: 415, slug: "unsupported-media-type"),
        BadRequest(
            method: "POST", path: "/v1/batches", status: 415, slug: "unsupported-media-type"),
    ]
}

@Suite struct RequestRefusalTests {
    let rig: Rig
    let client: HTTPClient

    init() throws {
        rig = try Rig()
        client = try rig.client()
    }

    @Test(arguments: BadRequest.all)
    func aBadRequestMeetsItsProblem(_ bad: BadRequest) throws {
        let response = try client.request(
            bad.method, bad.path, headers: [("x-correlation-id", "asked")])
        #expect(response.status == bad.status)
        #expect(response.header("content-type") == "application/problem+json")
        #expect(response.problem == bad.slug, "\(response.text)")
        let problem = try response.json()
        #expect(problem["instance"]?.string == "asked")
        #expect(problem["status"] == .integer(bad.status))
        #expect(problem["title"]?.string?.isEmpty == false)
        if bad.status == 405 { #expect(response.header("allow") != nil) }
        let type = try client.get(problem["type"]?.string ?? "")
        #expect(try type.json()["title"] == problem["title"])
    }

    @Test func whatIsNoHTTPMeetsAProblemToo() throws {
        let response = try client.get("/v1/%zz")
        #expect(response.status == 400)
        #expect(response.problem == "malformed-request")
        #expect(response.header("x-correlation-id")?.count == 16)
    }

    static let hosts: [(String, Int)] = [
        ("localhost:4318", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("a.localhost", 200),
        ("rebound.example", 421), ("127.0.0.1.example", 421), ("127.0.0.256", 421),
    ]

    @Test(arguments: hosts) func aForeignNameDoesNotReachADevelopersNode(
        _ host: String, _ status: Int
    ) throws {
        let response = try RawExchange.get("/healthz", host: host, port: rig.gateway.port)
        #expect(response.hasPrefix("HTTP/1.1 \(status) "), "\(response)")
    }

    @Test func aListTakesOnlyCursorsThatItGave() throws {
        let export = ExportSample(SpanSample(run: 1, 1), SpanSample(run: 2, 1))
        _ = try client.export(export)
        let cursor = try client.json("/v1/runs?limit=1")["next"]?.string ?? ""
        #expect(try client.get("/v1/runs?cursor=\(cursor)").status == 200)
        for list in ["records", "agents", "batches", "checkpoints"] {
            for text in [cursor, "nonsense", "", String(cursor.dropLast(4))] {
                let response = try client.get("/v1/\(list)?cursor=\(text)")
                #expect(response.problem == "malformed-parameter", "\(list) \(text)")
            }
        }
    }
}
