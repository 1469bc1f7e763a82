// A node with its gateway in this process, over an empty store, that records for one owner without
// a token.
import Gateway
import Ledger
import Node
import Platform
import Primitives
import Records
import Storage

/// Serves from `init` until `stop`.
final class BenchNode {
    let address: String
    private let gateway: Gateway

    init(at path: String) throws {
        let workload = try RecordWorkload()
        var opening = StoreOpening(
            disk: OSDisk(), path: path, storeID: StoreID(), worker: ThreadWorker("index"),
            name: { _ in nil })
        opening.journalWorker = ThreadWorker("journal")
        opening.compactionWorker = try BackgroundWorker("compaction")
        let node = try Node(
            genesis: workload.genesis,
            keys: NodeKeys(validator: workload.validator, submitter: workload.submitter),
            settings: NodeSettings(), opening: opening, clock: SystemClock())
        for operation in workload.enrollment.prefix(2) { node.submit(operation) { _ in } }
        var settings = GatewaySettings()
        settings.port = 0
        settings.logLevel = .warning
        gateway = try Gateway(
            node: node, mode: .development(owner: workload.owner), settings: settings)
        try gateway.start()
        address = "http://127.0.0.1:\(gateway.port)"
    }

    func stop() { gateway.stop() }
}
