// Every route is in the OpenAPI document, and every JSON answer has the shape it promises.
import JSON
import Platform
import Primitives
import Testing

@testable import Gateway

@Suite struct DocumentTests {
    @Test func everyRouteIsDescribedOnce() throws {
        let document = try JSONValue(parsing: OpenAPIDocument.bytes)
        #expect(document["openapi"]?.string == "3.1.0")
        var identifiers: Set<String> = []
        for route in RouteTable.routes {
            let item = document["paths"]?[route.openAPIPath]?[route.method.lowercased()]
            let identifier = try #require(item?["operationId"]?.string, "\(route.pattern)")
            #expect(identifiers.insert(identifier).inserted, "\(identifier)")
            #expect(item?["responses"]?["200"] != nil)
        }
        let paths = document["paths"]?.object ?? []
        #expect(paths.reduce(0) { $0 + ($1.value.object?.count ?? 0) } == RouteTable.routes.count)
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        let document = try JSONValue(parsing: OpenAPIDocument.bytes)
        let names = Set(Schemas.all.map(\.name))
        #expect(names.count == Schemas.all.count)
        var stack = [document]
        var references = 0
        while let value = stack.popLast() {
            if let reference = value["$ref"]?.string {
                references += 1
                let name = reference.split(separator: "/").last.map(String.init) ?? ""
                #expect(reference == "#/components/schemas/\(name)" && names.contains(name))
            }
            stack += value.array ?? []
            stack += value.object?.map(\.value) ?? []
        }
        #expect(references > 30)
    }

    /// Paths that answer with JSON once the sample is in, by the pattern of their route.
    private func paths(_ client: HTTPClient) throws -> [String: [String]] {
        let run = SpanSample.trace(1)
        let id = "\(run):\(SpanSample.span(1))"
        _ = try client.receipt(id)
        let agent = try client.json("/v1/records/\(id)")["agent"]?.string ?? ""
        return [
            "/v1/status": ["/v1/status"], "/healthz": ["/healthz"], "/readyz": ["/readyz"],
            "/openapi.json": ["/openapi.json"], "/problems/{slug}": ["/problems/overloaded"],
            "/v1/runs": [
                "/v1/runs", "/v1/runs?limit=1", "/v1/runs?trace=0101", "/v1/runs?agent=\(agent)",
                "/v1/runs?since=1&until=2",
            ],
            "/v1/runs/{run}": ["/v1/runs/\(run)", "/v1/runs/\(run)?limit=1"],
            "/v1/records": ["/v1/records", "/v1/records?agent=\(agent)&limit=2"],
            "/v1/records/{id}": ["/v1/records/\(id)", "/v1/records/1-0"],
            "/v1/records/{id}/receipt": ["/v1/records/\(id)/receipt"],
            "/v1/agents": [
                "/v1/agents", "/v1/agents?name=ALPH", "/v1/agents?owner=\(Cast.ownerID)",
            ],
            "/v1/agents/{agent}": ["/v1/agents/\(agent)"],
            "/v1/agents/{agent}/instance": ["/v1/agents/\(agent)/instance"],
            "/v1/agents/{agent}/key": ["/v1/agents/\(agent)/key?owner=\(Cast.ownerID)"],
            "/v1/hosted": ["/v1/hosted", "/v1/hosted?limit=1"],
            "/v1/agents/{agent}/proof": [
                "/v1/agents/\(agent)/proof", "/v1/agents/\(Cast.genesis.digest)/proof",
            ],
            "/v1/owners/{owner}": ["/v1/owners/\(Cast.ownerID)"],
            "/v1/signers/{key}": ["/v1/signers/\(Cast.owner.publicKey)"],
            "/v1/batches": ["/v1/batches"], "/v1/batches/{number}": ["/v1/batches/1"],
            "/v1/checkpoints": ["/v1/checkpoints"],
            "/v1/checkpoints/{height}": ["/v1/checkpoints/1", "/v1/checkpoints/2"],
            "/v1/genesis": ["/v1/genesis"], "/v1/epochs": ["/v1/epochs", "/v1/epochs?from=3"],
            "/v1/validators": ["/v1/validators"],
            "/v1/dag": ["/v1/dag", "/v1/dag?after=1&limit=2"],
            "/v1/signals/{kind}": ["/v1/signals/metrics", "/v1/signals/logs"],
            "/v1/search": [
                "/v1/search?q=alph", "/v1/search?q=1", "/v1/search", "/v1/search?q=\(run)",
            ],
        ]
    }

    @Test func everyAnswerHasTheShapeItPromises() throws {
        let rig = try Rig()
        let client = try rig.client()
        _ = try client.export(
            ExportSample(
                SpanSample(2, caller: 1).modelCall(input: 3, output: 4), SpanSample(1),
                SpanSample(run: 2, 1)))
        let check = SchemaCheck(document: try client.json("/openapi.json"))
        var paths = try paths(client)
        let agent = try client.json("/v1/agents?name=ALPH")["items"]?.array?.first?["agent"]
        let id = try #require(agent?.string.flatMap { AgentID(hex: $0) })
        let law = try LawSample(client, agent: id)
        paths.merge(law.paths) { $1 }
        for kind in [
            "mandates", "approvals", "tasks", "offers", "auctions", "constitutions",
            "licences", "licence-offers", "teams", "quotes", "covers",
        ] {
            _ = try client.poll("/v1/\(kind)") {
                try $0.json()["items"]?.array?.isEmpty == false
            }
        }
        for path in [
            "/v1/tasks/\(law.cancelled)/receipt", "/v1/operations/\(law.operation)/receipt",
        ] { _ = try client.poll(path) { $0.status == 200 } }
        for route in RouteTable.routes where route.method == "GET" {
            guard case .json(let name) = route.answer else { continue }
            let samples = try #require(paths[route.pattern], "no sample of \(route.pattern)")
            let schema = check.document["components"]?["schemas"]?[name]
            for path in samples {
                let faults = check.faults(try client.json(path), try #require(schema))
                #expect(faults.isEmpty, "\(path): \(faults)")
            }
        }
        let problem = try #require(check.document["components"]?["schemas"]?["Problem"])
        #expect(check.faults(try client.get("/v1/nothing").json(), problem).isEmpty)
    }
}
