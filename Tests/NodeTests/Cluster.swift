// Several nodes in one process: real stores, messages as bytes, one clock that the test moves.
import Cryptography
import Ledger
import Node
import Platform
import Primitives
import Records
import Replica
import Storage
import TestSupport

/// Validators over a wire that keeps order and loses nothing while both ends are up.
final class Cluster {
    let cast = Cast()
    let genesis: Genesis
    let keys: [SigningKey]
    private(set) var nodes: [Node?] = []
    private let disks: [MemoryDisk]
    private let directories: [ScratchDirectory]
    private var wire: [(from: Int, to: Int, bytes: [UInt8])] = []
    var settings = NodeSettings()
    /// Links that are cut, in this direction.
    var isCut: (_ from: Int, _ to: Int) -> Bool = { _, _ in false }

    init(_ count: Int, change: (inout NodeSettings) -> Void = { _ in }) throws {
        keys = (0..<count).map { SigningKey(seed: [UInt8](repeating: UInt8(40 + $0), count: 32))! }
        genesis = Genesis(
            name: "cluster",
            created: Instant(nanoseconds: 1_799_999_999 * Nanoseconds.perSecond),
            committee: Committee(keys.map(\.publicKey))!)!
        disks = (0..<count).map { MemoryDisk(seed: UInt64($0)) }
        directories = try (0..<count).map { _ in try ScratchDirectory() }
        nodes = Array(repeating: nil, count: count)
        change(&settings)
        for index in 0..<count { try start(index) }
    }

    func submitter(_ index: Int) -> SigningKey {
        SigningKey(seed: [UInt8](repeating: UInt8(140 + index), count: 32))!
    }

    func opening(_ index: Int) -> StoreOpening {
        StoreOpening(
            disk: disks[index], path: directories[index].path,
            storeID: StoreID([UInt8](repeating: 9, count: 16))!, worker: InlineWorker(),
            name: { _ in nil })
    }

    /// Opens a node and connects it with all that are up.
    func start(_ index: Int) throws {
        let node = try Node(
            genesis: genesis,
            keys: NodeKeys(validator: keys[index], submitter: submitter(index)),
            settings: settings, opening: opening(index), clock: cast.clock)
        nodes[index] = node
        node.network = NodeNetwork(
            send: { [unowned self] message, peer in
                guard let to = keys.firstIndex(where: { $0.publicKey == peer }) else { return }
                wire.append((index, to, message.encoded))
            },
            broadcast: { [unowned self] message in
                let bytes = message.encoded
                for to in keys.indices where to != index { wire.append((index, to, bytes)) }
            })
        for other in nodes.indices where other != index {
            guard let peer = nodes[other] else { continue }
            node.connected(keys[other].publicKey)
            peer.connected(keys[index].publicKey)
        }
    }

    func node(_ index: Int) -> Node { nodes[index]! }

    func close(_ index: Int) {
        nodes[index]?.close()
        nodes[index] = nil
    }

    /// The process dies: what was not synced is lost.
    func kill(_ index: Int) {
        nodes[index] = nil
        disks[index].restart()
    }

    /// Loses the index of a node that is down.
    func loseIndex(_ index: Int) throws { try Index.destroy(path: opening(index).indexPath) }

    /// Delivers messages and moves the clock until `isDone` or so long has passed; whether it was
    /// done.
    @discardableResult
    func run(milliseconds: Int, until isDone: () throws -> Bool = { false }) throws -> Bool {
        for _ in 0..<milliseconds {
            if try isDone() { return true }
            var budget = 50
            while !wire.isEmpty, budget > 0 {
                deliver()
                budget -= 1
            }
            cast.clock.move(milliseconds: 1)
            for node in nodes { node?.advance() }
        }
        return try isDone()
    }

    private func deliver() {
        let messages = wire
        wire.removeAll()
        for node in nodes { node?.beginTurn() }
        for (from, to, bytes) in messages where !isCut(from, to) {
            guard nodes[from] != nil, let node = nodes[to],
                let message = try? PeerMessage(decoding: bytes)
            else { continue }
            node.receive(message, from: keys[from].publicKey)
        }
        for node in nodes { node?.endTurn() }
    }

    // MARK: Work

    /// Registers the owner and lets every node record for it.
    func enroll() throws {
        var commands: [Command] = [.owner(.register(name: "acme"))]
        for index in keys.indices {
            commands.append(
                .owner(.authorize(submitter: submitter(index).publicKey, rights: .all)))
        }
        var accepted = 0
        for (index, command) in commands.enumerated() {
            let operation = SignedOperation(
                chain: genesis.digest, owner: cast.ownerID, sequence: UInt64(index + 1),
                command: command, key: cast.owner)
            node(0).submit(operation) { if case .accepted = $0 { accepted += 1 } }
        }
        let isDone = try run(milliseconds: 3_000) { accepted == commands.count }
        precondition(isDone, "the owner could not be enrolled: \(accepted)")
        try settle()
    }

    /// Waits until all that are up have executed and certified the same.
    @discardableResult
    func settle(milliseconds: Int = 5_000) throws -> Bool {
        try run(milliseconds: milliseconds) {
            let all = try nodes.compactMap { try $0?.status() }
            return all.allSatisfy { $0.pendingItems == 0 && $0.records == all[0].records }
                && Set(all.map(\.height)).count == 1
        }
    }
}
