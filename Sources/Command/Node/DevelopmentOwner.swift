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
    /// The key of the node's seat, whose owner holds a share of the supply.
    let bank: SigningKey
    private var id: OwnerID { OwnerID(firstKey: key.publicKey) }

    /// What the owner is given where it has less than a thousandth of it: a million credits.
    private static let money = Amount(nanoCredits: 1_000_000_000_000_000)

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
        if try node.grant(of: id, to: node.submitter)?.inForce != true {
            return try operation(
                .owner(.authorize(submitter: submitter, rights: .all)), on: node)
        }
        return try payment(on: node)
    }

    /// What brings the owner the money that its agents run on; nil where it has enough, or the
    /// seat's owner has not.
    private func payment(on node: Node) throws(NodeFailure) -> SignedOperation? {
        let bankID = OwnerID(firstKey: bank.publicKey)
        let least = Self.money.nanoCredits / 1_000
        guard try node.account(AccountID(id)).balance.nanoCredits < least,
            try node.account(AccountID(bankID)).balance >= Self.money
        else { return nil }
        if try node.owner(bankID) == nil {
            return try operation(.owner(.register(name: "validator")), on: node, by: bank)
        }
        let transfer = Transfer(
            from: AccountID(bankID), to: AccountID(id), amount: Self.money)
        return try operation(.law(.transfer(transfer)), on: node, by: bank)
    }

    private func operation(
        _ command: Ledger::Command, on node: Node, by key: SigningKey? = nil
    ) throws(NodeFailure) -> SignedOperation {
        let key = key ?? self.key
        return SignedOperation(
            chain: node.genesis.digest, owner: OwnerID(firstKey: key.publicKey),
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
