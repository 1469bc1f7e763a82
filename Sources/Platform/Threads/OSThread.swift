// One POSIX thread that runs one closure.
import CSystem
import Glibc

/// A thread; must be joined once or detached.
public struct OSThread: Sendable {
    private let handle: pthread_t

    /// Carries the closure through the C call.
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts `run` on a thread called `name` (15 bytes are kept).
    /// Throws `system` where the machine has no thread left.
    public static func start(
        _ name: String, _ run: @escaping @Sendable () -> Void
    ) throws(PlatformFailure) -> OSThread {
        var handle = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
            if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
            return nil
        }
        let code = pthread_create(&handle, nil, entry, body.toOpaque())
        if code != 0 {
            body.release()
            throw .system(operation: "start thread \(name)", code: code)
        }
        csystem_name_thread(handle, name)
        return OSThread(handle: handle)
    }

    /// Waits until the closure has returned.
    public func join() { pthread_join(handle, nil) }

    /// Lets the thread end by itself.
    public func detach() { pthread_detach(handle) }
}
