// Streams on a loop: bytes both ways, reading that rests, ends, and addresses where nobody is.
import Glibc
import Synchronization
import Testing

@testable import Platform

@Suite struct ByteStreamTests {
    /// Sends what it is given and keeps what comes; belongs to the loop.
    private final class User: StreamUser {
        var stream: ByteStream?
        var outgoing: [UInt8] = []
        var incoming: [UInt8] = []
        var hasEnded = false
        var onChange: () -> Void = {}

        func streamReceived(_ bytes: UnsafeRawBufferPointer) {
            incoming += bytes
            onChange()
        }

        func streamWrites(into output: inout [UInt8], room: Int) {
            output += outgoing.prefix(room)
            outgoing.removeFirst(min(room, outgoing.count))
        }

        func streamEnded(_ failure: PlatformFailure?) {
            stream = nil
            hasEnded = true
            onChange()
        }
    }

    private static let patience: UInt64 = 30_000_000_000

    @Test func bytesBothWaysAndTheEnd() throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        let size = 3 << 20
        let done = Gate()
        let verdict = Mutex<[Bool]>([])
        let listener = try StreamListener(address: "127.0.0.1", port: 0)
        let port = listener.port
        let confined = Confined(listener, to: loop)
        loop.post {
            let server = User()
            let client = User()
            // An echo that rests after its first bytes, until the client has sent all.
            confined.value.start(on: loop) { descriptor, address in
                verdict.withLock { $0.append(address == "127.0.0.1") }
                server.stream = ByteStream(descriptor, on: loop, user: server)
            }
            server.onChange = { [unowned server] in
                server.outgoing += server.incoming
                server.incoming = []
                server.stream?.requestWrite()
                if server.hasEnded { done.open() }
            }
            client.outgoing = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
            let expected = client.outgoing
            // The client holds itself until it is done: a stream does not hold its user.
            client.onChange = {
                guard client.incoming.count >= size else { return }
                verdict.withLock { $0.append(client.incoming == expected) }
                client.stream?.close()
                client.stream = nil
                client.onChange = {}
            }
            let held = Confined((server, client), to: loop.ownership)
            StreamDescriptor.dial("127.0.0.1", port, timeoutMilliseconds: 5_000, on: loop) {
                let client = held.value.1
                guard let descriptor = try? $0.get() else { return done.open() }
                client.stream = ByteStream(descriptor, on: loop, user: client)
                client.stream?.isReading = false
                client.stream?.requestWrite()
                loop.schedule(afterNanoseconds: 1_000_000) {
                    held.value.1.stream?.isReading = true
                }
            }
        }
        #expect(done.wait(nanoseconds: Self.patience))
        #expect(verdict.withLock { $0 } == [true, true])
        let isStopped = Gate()
        loop.post {
            confined.value.stop()
            isStopped.open()
        }
        isStopped.wait()
        #expect(throws: Never.self) { try StreamListener(address: "127.0.0.1", port: port) }
        loop.stop()
    }

    @Test func whereNobodyIs() throws {
        let free = try StreamListener(address: "127.0.0.1", port: 0)
        let port = free.port
        free.stop()
        let loop = try EventLoop(name: "test")
        try loop.start()
        let rows: [(host: String, isExpected: @Sendable (PlatformFailure) -> Bool)] = [
            ("127.0.0.1", {
                if case .system(_, ECONNREFUSED) = $0 { true } else { false }
            }),
            ("no.such.host.invalid", { $0 == .unknownHost("no.such.host.invalid") }),
        ]
        for row in rows {
            let done = Gate()
            let seen = Mutex<PlatformFailure?>(nil)
            StreamDescriptor.dial(row.host, port, timeoutMilliseconds: 5_000, on: loop) { result in
                if case .failure(let failure) = result { seen.withLock { $0 = failure } }
                done.open()
            }
            #expect(done.wait(nanoseconds: Self.patience))
            let failure = try #require(seen.withLock { $0 })
            #expect(row.isExpected(failure), "\(row.host): \(failure)")
        }
        loop.stop()
    }

    @Test func aPortThatIsTaken() throws {
        let one = try StreamListener(address: "127.0.0.1", port: 0)
        #expect(throws: PlatformFailure.self) {
            try StreamListener(address: "127.0.0.1", port: one.port)
        }
        #expect(throws: PlatformFailure.unknownHost("no.such.host.invalid")) {
            try StreamListener(address: "no.such.host.invalid", port: 0)
        }
    }
}
