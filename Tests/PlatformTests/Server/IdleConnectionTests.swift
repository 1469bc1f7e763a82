// Ten thousand connections that do nothing cost little and keep nobody waiting.
import Glibc
import Platform
import Primitives
import Synchronization
import Testing

@Suite struct IdleConnectionTests {
    private static let count = 10_000
    /// Other tests run beside in this process.
    private static let descriptorsNeeded = count + 1_500

    /// What the server saw while all connections were open.
    private struct Measurement {
        var connections = 0
        var residentBytes: UInt64 = 0
    }

    /// The clients are a process of their own, so that memory and descriptors here are the
    /// server's.
    @Test(
        .enabled("needs room for 11,500 open files") {
            Processes.raiseFileLimit() >= Self.descriptorsNeeded
        })
    func tenThousandIdleConnectionsCostLittle() async throws {
        let seen = Mutex(Measurement())
        let server = Mutex<HTTPServer?>(nil)
        let under = try ServerUnderTest(answer: { request, responder in
            seen.withLock { seen in
                seen.connections = server.withLock { $0?.counts.connections ?? 0 }
                seen.residentBytes = Processes.memory.residentBytes
            }
            ServerUnderTest.echo(request, responder)
        })
        server.withLock { $0 = under.server }
        let before = Processes.memory.residentBytes
        let base = under.base
        await #expect(processExitsWith: .success) { [base = base as String] in
            try Self.openConnections(to: base)
        }
        let measured = seen.withLock { $0 }
        #expect(measured.connections == Self.count + 1)
        let grown = measured.residentBytes - min(before, measured.residentBytes)
        let each = grown / UInt64(Self.count)
        #expect(each <= 10 << 10)
        server.withLock { $0 = nil }
        under.stop()
        #expect(under.server.counts.connections == 0)
    }

    private static func openConnections(to base: String) throws {
        Processes.raiseFileLimit()
        var idle: [RawConnection] = []
        for _ in 0..<count { idle.append(try RawConnection(base)) }
        let response = try HTTPClient(base).request("GET", "/served")
        #expect(response.body == Array("GET /served ".utf8))
        withExtendedLifetime(idle) {}
    }
}
