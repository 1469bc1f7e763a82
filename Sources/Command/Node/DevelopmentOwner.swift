// The owner for whom everybody may record in the development mode, and how a node lets it in.
import Cryptography
import Gateway
import Ledger
import Node
import Platform
import Primitives
import Synchronization

/// The owner of everything that is recorded in the development mode.
struct DevelopmentOwner {
    let key: SigningKey
    /// The key with which the node submits.
    let submitter: PublicKey
    private var id: OwnerID { OwnerID(firstKey: key.publicKey) }

    /// Lets a lone node record for the owner, where that was not done before.
    func enter(_ node: Node) throws(CommandFailure) {
        do {
            while let operation = try next(on: node) { try send(operation, to: node) }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .failed("the development owner was not let in: \(error)")
        }
    }

    /// What is still to be carried out before the node may record for the owner; nil where nothing
    /// is.
    func next(on node: Node) throws(NodeFailure) -> SignedOperation? {
        if try node.owner(id) == nil {
            return try operation(.owner(.register(name: "development")), on: node)
        }
        if try node.grant(of: id, to: node.submitter)?.inForce == true { return nil }
        return try operation(
            .owner(.authorize(submitter: submitter, rights: .all)), on: node)
    }

    private func operation(
        _ command: Ledger::Command, on node: Node
    ) throws(NodeFailure) -> SignedOperation {
        SignedOperation(
            chain: node.genesis.digest, owner: id,
            sequence: try node.nextSequence(of: key.publicKey), command: command, key: key)
    }

    /// An operation of a lone node on its own thread is answered before `submit` returns.
    private func send(_ operation: SignedOperation, to node: Node) throws(CommandFailure) {
        var outcome: LedgerOutcome?
        node.submit(operation) { outcome = $0 }
        guard case .accepted = outcome else {
            throw CommandFailure.failed("the development owner was not let in: \(outcome as Any)")
        }
    }
}

/// Lets the owner in while the node serves: among several validators an operation is carried out
/// once a quorum of them answers, and they may start in any order.
final class DevelopmentEntry: Sendable {
    private let stopped = Gate()
    private let thread: OSThread

    /// Between two attempts, nanoseconds.
    private static let pause = 100 * Nanoseconds.perMillisecond

    init(_ owner: DevelopmentOwner, _ gateway: Gateway) throws(PlatformFailure) {
        let stopped = stopped
        thread = try OSThread.start("entry") {
            while !stopped.wait(nanoseconds: 0) {
                if Self.attempt(owner, gateway, stopped) { return }
                _ = stopped.wait(nanoseconds: Self.pause)
            }
        }
    }

    /// Whether the owner is in; submits what is missing otherwise, and waits for its outcome.
    private static func attempt(
        _ owner: DevelopmentOwner, _ gateway: Gateway, _ stopped: Gate
    ) -> Bool {
        let isIn = Mutex(false)
        let answered = Gate()
        gateway.withNode { node in
            do throws(NodeFailure) {
                if let operation = try owner.next(on: node) {
                    return node.submit(operation) { _ in answered.open() }
                }
                isIn.withLock { $0 = true }
            } catch {
                // The store cannot be read now: another attempt follows.
            }
            answered.open()
        }
        while !answered.wait(nanoseconds: pause) {
            if stopped.wait(nanoseconds: 0) { return false }
        }
        return isIn.withLock { $0 }
    }

    func stop() {
        stopped.open()
        thread.join()
    }
}
