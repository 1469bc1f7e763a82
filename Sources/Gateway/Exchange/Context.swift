// What every request of a gateway shares; all of it may be used from any thread.
import Cryptography
import Environment
import Platform
import Primitives
import Synchronization

/// The parts of one gateway.
final class Context: Sendable {
    let settings: GatewaySettings
    let mode: GatewayMode
    let clock: any Clock
    let started: Instant
    let router: Router
    let access: Access
    let hosts: HostCheck
    let admission: Admission
    let decoding: Decoding
    let intake: Intake
    let meters: Meters
    let log: Log
    let files: StaticFiles
    let labels = LabelCache()
    /// Of the threads that take batches in: submitters sign one after the other.
    let signatures = SignatureMemory()
    let node: NodeThread
    let views: ViewThread
    /// What can be found by words; on the views' thread.
    let services: ServiceThread
    /// Nil where the node stays alone.
    let peers: PeerLine?
    /// Nil where no agent runs here.
    let agents: AgentThreads?

    /// - Parameters:
    ///   - node: the thread that owns the node; started by the caller.
    ///   - views: the thread that renders; started by the caller.
    init(
        settings: GatewaySettings, mode: GatewayMode, clock: any Clock,
        node: NodeThread, views: ViewThread, chain: (digest: Digest, gasLimit: UInt64)
    ) throws(PlatformFailure) {
        self.settings = settings
        self.mode = mode
        self.clock = clock
        self.node = node
        self.views = views
        services = ServiceThread(on: views, node: node)
        started = clock.now()
        router = Router(RouteTable.routes)
        access = Access(mode: mode, clock: clock)
        hosts = HostCheck(settings: settings, mode: mode)
        admission = Admission(
            spanLimit: settings.pendingSpans, byteLimit: settings.pendingBytes,
            urgentPercent: settings.urgentPercent)
        decoding = try Decoding(urgentPercent: settings.urgentPercent)
        intake = Intake(
            urgentPercent: settings.urgentPercent, turnSpans: settings.turnSpans)
        meters = Meters(routes: RouteTable.routes.count)
        log = Log(level: settings.logLevel, clock: clock, write: settings.log)
        if let line = settings.peers {
            peers = try PeerLine(line, log: log)
        } else {
            peers = nil
        }
        agents = try AgentThreads(
            settings.hosting, on: chain.digest, gasLimit: chain.gasLimit, node: node, log: log)
        files = StaticFiles(directory: settings.dashboardDirectory)
    }
}
