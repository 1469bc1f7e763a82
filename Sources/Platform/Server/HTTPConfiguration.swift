// What an application gives a server besides its limits.

/// The hooks and settings of one `HTTPServer`.
public struct HTTPConfiguration: Sendable {
    /// Every limit, with its unit.
    public var limits = HTTPLimits()
    /// Loops, each a thread with its own listening socket; the kernel spreads connections over
    /// them.
    public var loops = 1
    /// Asked with each head before its body is read, on the loop's thread: an answer refuses the
    /// request, is sent, and closes the connection. Nil lets it pass.
    public var admit: @Sendable (HTTPRequestHead) -> HTTPResponse? = { _ in nil }
    /// Percent of `HTTPLimits.pendingBytes` that only preferred requests may use, 0...90.
    public var preferredPercent = 0
    /// Whether a request is preferred; on the loop's thread.
    public var isPreferred: @Sendable (HTTPRequestHead) -> Bool = { _ in false }
    /// Shapes the answers the server gives by itself from a status and a sentence.
    public var problem: @Sendable (_ status: Int, _ detail: String) -> HTTPResponse = {
        HTTPResponse.problem($0, $1)
    }

    public init() {}
}

/// Answers one request: on the loop's thread, so it must be quick or hand the request on.
public typealias HTTPAnswer = @Sendable (HTTPRequest, Responder) -> Void
