// Ten thousand connections that do nothing cost little and keep nobody waiting.
import Glibc
import Platform
import Primitives
import Testing

@Suite struct IdleConnectionTests {
    private static let count = 10_000
    /// Both ends are in this process, and other tests run beside.
    private static let descriptorsNeeded = 2 * count + 2_000

    /// Raises the hard limit too where this process may (root may).
    private static func makeRoom() -> Bool {
        if Processes.raiseFileLimit() >= descriptorsNeeded { return true }
        var limit = rlimit(rlim_cur: rlim_t(descriptorsNeeded), rlim_max: rlim_t(descriptorsNeeded))
        return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    }

    @Test(.enabled("needs room for 22,000 open files") { Self.makeRoom() })
    func tenThousandIdleConnectionsCostLittle() throws {
        let under = try ServerUnderTest()
        let before = Processes.memory.residentBytes
        var idle: [RawConnection] = []
        idle.reserveCapacity(Self.count)
        for _ in 0..<Self.count { idle.append(try under.connect()) }
        let response = try under.client().request("GET", "/served")
        #expect(response.body == Array("GET /served ".utf8))
        #expect(under.server.counts.connections == Self.count + 1)
        let after = Processes.memory.residentBytes
        let each = (after - min(before, after)) / UInt64(Self.count)
        print("bytes per idle connection, both ends: \(each)")
        #expect(each <= 10 << 10)
        withExtendedLifetime(idle) {}
        idle = []
        under.stop()
        #expect(under.server.counts.connections == 0)
    }
}
