// The checkpoint log as witnesses and log tools read it: C2SP tlog-tiles over checkpoint headers.
import Merkle
import Node
import Platform

extension RouteTable {
    static let logRoutes: [Route] = [
        Route("GET", "/checkpoint", "The signed head of the log (C2SP tlog-checkpoint)",
            .media(["text/plain"]), .node(head)).problems(.notCheckpointed),
        Route("GET", "/tile/{tile...}", "Hashes or entries of the log (C2SP tlog-tiles)",
            .media(["application/octet-stream"]), .node(tile)),
    ]

    /// Tiles above this index belong to no log that a node could have; bounds what is multiplied.
    private static let mostTiles: UInt64 = 1 << 48

    @Sendable private static func head(_: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        guard let note = try asking({ () throws(NodeFailure) in try desk.node.logNote() }) else {
            throw Problem(.notCheckpointed, "The log is empty.", retryAfterSeconds: 1)
        }
        return .ready(
            HTTPResponse(status: 200, type: "text/plain; charset=utf-8", body: note)
                .cached(CacheControl.revalidate))
    }

    @Sendable private static func tile(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        guard let path = TilePath(path: call.head.path), path.index < mostTiles,
            let bytes = try asking({ () throws(NodeFailure) in try desk.node.logTile(path) })
        else { throw Problem(.notFound, "The log has no such tile.") }
        return .ready(
            HTTPResponse(status: 200, type: "application/octet-stream", body: bytes)
                .cached(CacheControl.immutablePublic))
    }
}
