// The door of Gateway: one HTTP port in front of a node.
//
// Threads, each the owner of what it touches: the network's (requests), the decoder's (OTLP), the
// node's (recording and questions), the views' (rendering, event streams), and the agents' (the
// programs that were spawned here). A span is read on the first, decoded on the second, answered
// from the third once it is durable, and never waits for the views. `RouteTable` lists everything
// that can be asked.
import Environment
import Node
import Platform
import Primitives

/// A node that can be reached.
public final class Gateway: Sendable {
    private let context: Context
    private let server: HTTPServer

    /// Takes the node over and binds the port; nothing is answered before `start`.
    ///
    /// - Throws: where the address is taken or the machine has no descriptors left.
    public init(
        node: sending Node, mode: GatewayMode, settings: GatewaySettings,
        clock: any Clock = SystemClock()
    ) throws(PlatformFailure) {
        let chain = (node.genesis.digest, node.genesis.settings.transitionGas)
        let nodes = try NodeThread(NodeDesk(node: node, clock: clock))
        let interest = FeedInterest()
        let hub = EventHub(
            capacity: settings.eventsKept, mostClients: settings.eventClients, now: clock.now(),
            interest: interest)
        let views = try ViewThread(hub, interest, clock: clock)
        let context = try Context(
            settings: settings, mode: mode, clock: clock, node: nodes, views: views,
            chain: chain)
        let answering = Answering(context: context)
        var configuration = HTTPConfiguration()
        configuration.limits = settings.http
        configuration.admit = { answering.admit($0) }
        configuration.preferredPercent = settings.urgentPercent
        configuration.isPreferred = { Lane($0.headers) == .urgent }
        configuration.problem = { Self.refusal($0, $1, context) }
        server = try HTTPServer(
            address: settings.address, port: settings.port, configuration: configuration
        ) { answering.answer($0, $1) }
        self.context = context
    }

    /// The port listened on, also where 0 was asked for.
    public var port: UInt16 { server.port }

    /// Whether the dashboard's files were found.
    public var hasDashboard: Bool { !context.files.isEmpty }

    /// Begins to serve.
    public func start() throws(PlatformFailure) {
        let context = context
        try context.views.start(heartbeatNanoseconds: context.settings.heartbeatNanoseconds)
        try context.node.start(meters: context.meters, context.views.interest) { items in
            context.views.withHub { hub in
                for item in items { hub.publish(item.kind, item.json(context)) }
            }
        }
        try context.peers?.start(context.node)
        context.services.start()
        try context.agents?.start()
        try context.decoding.start()
        try server.start()
    }

    /// The port on which other validators are listened for; nil where the node stays alone.
    public var peerPort: UInt16? { context.peers?.port }

    /// Answers what is under way, makes everything durable and closes the store. Once, and not from
    /// one of the gateway's own threads.
    public func stop() {
        context.views.closeStreams()
        context.agents?.close()
        server.stop()
        context.decoding.stop()
        context.node.stop()
        context.agents?.stop()
        context.peers?.stop()
        context.views.stop()
    }

    /// Runs `body` with the node on the node's thread, as whoever runs the node may.
    public func withNode(_ body: @escaping @Sendable (Node) -> Void) {
        context.node.post { desk in body(desk.node) }
    }

    /// The answer to a message that never became a request.
    private static func refusal(
        _ status: Int, _ detail: String, _ context: Context
    ) -> HTTPResponse {
        let correlation = Correlation.made()
        let kind = ProblemKind(status: status)
        let limit = context.settings.http.bodyBytes
        var problem = Problem(
            kind, status == 413 ? "The body is over the limit of \(limit) bytes." : detail)
        if status == 503 { problem.retryAfterSeconds = context.settings.http.retryAfterSeconds }
        var response = problem.response(correlation: correlation, status: status)
        response.headers.append(("x-correlation-id", correlation))
        context.meters.noteAnswer(route: nil, status: status, nanoseconds: 0)
        context.log.note(.info, "refused") {
            $0.member("correlation", correlation)
            $0.member("status", status)
            $0.member("problem", kind.rawValue)
            $0.member("detail", detail)
        }
        return response
    }
}
