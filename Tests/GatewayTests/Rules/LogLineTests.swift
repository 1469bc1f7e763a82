// The log: one JSON object a line, found again by the correlation id, and never a token in it.
import JSON
import Platform
import Primitives
import Synchronization
import Testing

@testable import Gateway

@Suite struct LogLineTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func lines(_ level: LogLevel) throws -> [String] {
        let lines = Lines()
        let rig = try Rig {
            $0.settings.logLevel = level
            $0.settings.log = { line in lines.all.withLock { $0.append(line) } }
        }
        let client = try rig.client()
        _ = try client.export(
            ExportSample(SpanSample(1)),
            headers: [("x-correlation-id", "found"), ("authorization", "Bearer hidden")])
        _ = try client.get("/v1/runs?agent=secret")
        return lines.all.withLock { $0 }
    }

    @Test func everyRequestIsOneLine() throws {
        let lines = try lines(.info)
        #expect(lines.count == 2)
        for line in lines {
            #expect(line.hasSuffix("}\n") && line.utf8.filter { $0 == 0x0A }.count == 1)
            #expect(!line.contains("hidden") && !line.contains("secret"))
        }
        let first = try JSONValue(parsing: Array(lines[0].utf8))
        #expect(first["correlation"]?.string == "found")
        #expect(first["route"]?.string == "/v1/traces")
        #expect(first["status"] == .integer(200))
        #expect(first["level"]?.string == "info")
    }

    @Test func aSenderThatIsRefusedIsFoundByItsIdAndAddress() throws {
        let lines = Lines()
        let rig = try Rig {
            $0.mode = .production(readTokens: { TokenTable().encoded })
            $0.settings.log = { line in lines.all.withLock { $0.append(line) } }
        }
        let response = try rig.client().export(
            ExportSample(SpanSample(1)), headers: [("authorization", "Bearer hidden")])
        #expect(response.status == 401)
        let line = try #require(lines.all.withLock { $0 }.last)
        let members = try JSONValue(parsing: Array(line.utf8))
        #expect(members["correlation"]?.string == response.header("x-correlation-id"))
        #expect(members["remote"]?.string == "127.0.0.1")
        #expect(members["status"] == .integer(401))
        #expect(!line.contains("hidden"))
    }

    @Test func belowItsLevelNothingIsWritten() throws {
        #expect(try lines(.warning).isEmpty)
    }
}
