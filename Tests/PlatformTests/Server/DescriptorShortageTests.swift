// A process without a free descriptor goes on accepting once it has one again.
import Glibc
import Platform
import Testing

@Suite struct DescriptorShortageTests {
    /// In a process of its own, because it takes every descriptor there is.
    @Test func acceptsAgainWhenDescriptorsAreFree() async {
        await #expect(processExitsWith: .success) {
            try Self.lowerFileLimit(to: 128)
            let under = try ServerUnderTest()
            var taken: [Int32] = []
            while case let descriptor = open("/dev/null", O_RDONLY), descriptor >= 0 {
                taken.append(descriptor)
            }
            close(taken.removeLast())
            let waiting = try under.connect()  // takes the last one: the server has none to accept
            try waiting.send("GET /waiting HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(under.server.counts.connections == 0)
            for descriptor in taken { close(descriptor) }
            let answer = try waiting.receive(until: "GET /waiting ")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            under.stop()
        }
    }

    private static func lowerFileLimit(to count: Int) throws {
        var limit = rlimit(rlim_cur: rlim_t(count), rlim_max: rlim_t(count))
        let result = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(result == 0)
    }
}
