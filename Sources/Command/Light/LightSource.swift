// What a light client asks a node for; nothing of it is believed before it is checked.
import JSON
import Primitives
import Records

/// Reads epoch steps and checkpoints of one chain over REST.
struct LightSource {
    /// Checkpoints asked for at once: enough that runs against two nodes overlap.
    static let mostCheckpoints = LightClient.mostRecent

    let node: NodeClient
    let chain: Digest

    /// The genesis of a chain whose digest is known.
    static func genesis(_ digest: Digest, from node: NodeClient) throws(CommandFailure) -> Genesis {
        let answer = try node.bytes("/v1/genesis")
        guard let document = try? JSONDocument(answer),
            let genesis = try? Genesis(json: document.root), genesis.digest == digest
        else {
            throw .refused("the genesis that \(node.address) gives does not have the digest "
                + "\(digest)")
        }
        return genesis
    }

    /// The steps that end the epochs from `epoch` on; none where there are none, a part of them
    /// where they are many.
    func steps(from epoch: UInt64) throws(CommandFailure) -> [EpochStep] {
        let answer = try document("/v1/epochs", [("from", String(epoch))])
        var steps: [EpochStep] = []
        for node in try elements(of: answer, "steps") {
            do { steps.append(try EpochStep(json: node, chain: chain)) } catch {
                throw refused(error)
            }
        }
        return steps
    }

    /// The newest checkpoints, the lowest first.
    func checkpoints() throws(CommandFailure) -> [Checkpoint] {
        let answer = try document(
            "/v1/checkpoints", [("limit", String(Self.mostCheckpoints))])
        var found: [Checkpoint] = []
        for node in try elements(of: answer, "items") {
            do { found.append(try Checkpoint(json: node, chain: chain)) } catch {
                throw refused(error)
            }
        }
        return found.sorted { $0.header.height < $1.header.height }
    }

    private func document(
        _ path: String, _ query: [(String, String)]
    ) throws(CommandFailure) -> JSONDocument {
        let bytes = try node.bytes(path, query: query)
        do {
            return try JSONDocument(bytes, limits: JSONLimits(depth: 16))
        } catch {
            throw .failed("the answer of \(node.address) is not JSON: \(error.reason)")
        }
    }

    private func elements(
        of document: JSONDocument, _ name: String
    ) throws(CommandFailure) -> JSONElements {
        guard let list = document.root[name], list.kind == .array else {
            throw .failed("the answer of \(node.address) has no list \(name)")
        }
        return list.elements
    }

    private func refused(_ refusal: ReceiptRefusal) -> CommandFailure {
        .refused("\(node.address) gives something malformed: \(printable(refusal.detail))")
    }
}
