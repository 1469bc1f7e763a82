// Every GET route with values that nobody should send: refused or answered, and the node lives on.
import Node
import Platform
import Primitives
import TestSupport
import Testing

@testable import Gateway

@Suite struct HostileQueryTests {
    private static let routes = RouteTable.routes.filter { route in
        route.method == "GET" && route.answer != .media(["text/event-stream"])
    }

    /// Values at the edges of what parameters may be, and past them.
    private static let values = [
        "", "0", "1", "-1", "+1", "500", "501", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "1-0", "1-1", "1-65535", "1-65536", "0-0",
        "18446744073709551615-65535", "1-18446744073709551616", "-", "0101", "01010", "...",
        String(repeating: "01", count: 8), String(repeating: "01", count: 16),
        String(repeating: "01", count: 32), String(repeating: "f", count: 64), "step", "%C3%BE",
        "e%CC%81", "0/000", "0/x018/x446/x744/x073/x709/551", "entries/000.p/1", "63/000", "%20",
        "agent", "a%2Fb", String(repeating: "z", count: 600),
    ]

    private let rig: Rig
    private let client: HTTPClient

    init() throws {
        rig = try Rig()
        client = try rig.client()
        _ = try client.export(
            ExportSample(SpanSample(run: 1, 1), SpanSample(run: 1, 2, caller: 1)))
    }

    /// A path for `route` with a value in each place.
    private func path(_ route: Route, using generator: inout SeededGenerator) -> String {
        func value() -> String { Self.values.randomElement(using: &generator) ?? "" }
        let segments = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
        var text = segments.map { $0.hasPrefix("{") ? value() : String($0) }
            .joined(separator: "/")
        var mark = "?"
        for parameter in route.query where Bool.random(using: &generator) {
            let isCursor = parameter.name == "cursor" && Bool.random(using: &generator)
            let given = isCursor ? Self.forged(route, using: &generator) : value()
            text += "\(mark)\(parameter.name)=\(given)"
            mark = "&"
        }
        return text
    }

    /// A cursor with a true check and bytes of our own: the check is no secret.
    private static func forged(
        _ route: Route, using generator: inout SeededGenerator
    ) -> String {
        let edges: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
        let count = [1, 7, 8, 9, 16, 33, 40, 64, 72, 300].randomElement(using: &generator) ?? 8
        let bytes =
            Bool.random(using: &generator)
            ? generator.bytes(count)
            : [UInt8](repeating: edges.randomElement(using: &generator) ?? 0, count: count)
        return Cursor(list: route.pattern).text(bytes) ?? ""
    }

    @Test(arguments: propertySeeds.prefix(8)) func anyValueAnywhere(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<80 {
            let route = Self.routes[round % Self.routes.count]
            let path = path(route, using: &generator)
            let status = try client.get(path).status
            #expect(status < 500 || status == 503, "seed \(seed): \(status) for \(path)")
        }
        #expect(try client.get("/healthz").status == 200)
    }

    /// A cursor of a number over 2^63 once stopped the node.
    @Test(arguments: [UInt8(0), 0x7F, 0x80, 0xFF]) func aRunTakesAnyCursor(byte: UInt8) throws {
        let path = "/v1/runs/\(SpanSample.trace(1))"
        for count in [1, 7, 8, 9, 16, 300] {
            let bytes = [UInt8](repeating: byte, count: count)
            let cursor = Cursor(list: "/v1/runs/{run}").text(bytes) ?? ""
            let response = try client.get("\(path)?cursor=\(cursor)")
            #expect([200, 400].contains(response.status), "\(count) times \(byte)")
        }
    }
}
