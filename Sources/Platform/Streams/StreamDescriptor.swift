// A socket that is closed when nobody holds it, whichever thread that happens on.
import CSystem
import Glibc

/// A connected TCP socket, non-blocking, without Nagle's delay.
public final class StreamDescriptor: Sendable {
    let number: Int32

    /// Bytes that wait in the kernel before the socket takes no more.
    static let unsentBytes: Int32 = 128 << 10

    /// Takes the socket over, also where this throws.
    init(adopting number: Int32) throws(PlatformFailure) {
        self.number = number
        _ = try PlatformFailure.check(
            csystem_prepare_stream(number, Self.unsentBytes), "prepare stream")
    }

    deinit { close(number) }

    /// Connects on a thread of its own, since looking a name up blocks; `done` runs on `loop`, and
    /// not at all once that has stopped.
    public static func dial(
        _ host: String, _ port: UInt16, timeoutMilliseconds: Int32, on loop: EventLoop,
        _ done: @escaping @Sendable (Result<StreamDescriptor, PlatformFailure>) -> Void
    ) {
        do throws(PlatformFailure) {
            try OSThread.start("dial") {
                let result = connect(host, port, timeoutMilliseconds)
                loop.post { done(result) }
            }.detach()
        } catch {
            loop.post { done(.failure(error)) }
        }
    }

    private static func connect(
        _ host: String, _ port: UInt16, _ timeoutMilliseconds: Int32
    ) -> Result<StreamDescriptor, PlatformFailure> {
        Result { () throws(PlatformFailure) in
            let number = csystem_connect(host, port, timeoutMilliseconds)
            if number == CSYSTEM_UNKNOWN_HOST { throw .unknownHost(host) }
            return try StreamDescriptor(adopting: try PlatformFailure.check(
                number, "connect to \(host):\(port)"))
        }
    }
}
