// What a node's thread remembers of signatures: those it made, and the keys it checks with often.
import Primitives
import Synchronization

/// A validator's own votes come back to it in the certificates of others, and the same validators
/// and submitters sign again and again. Bound to a task-local value by the threads that check.
package final class SignatureMemory: Sendable {
    private let made = Mutex<Set<Digest>>([])
    private let keys = Mutex(PreparedKeys())
    private static let domain = HashDomain("althing 2026 signature memory v1")
    /// Beyond that many, all are forgotten.
    private static let most = 1 << 14

    @TaskLocal package static var current: SignatureMemory?

    package init() {}

    /// Runs `body` with this memory as the thread's.
    package func run<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try Self.$current.withValue(self) { Result(catching: body) }.get()
    }

    func remember(_ signature: Signature, _ message: [UInt8], _ key: PublicKey) {
        let name = name(signature, message, key)
        made.withLock { made in
            if made.count >= Self.most { made.removeAll() }
            made.insert(name)
        }
    }

    func holds(_ signature: Signature, _ message: [UInt8], _ key: PublicKey) -> Bool {
        let name = name(signature, message, key)
        return made.withLock { $0.contains(name) }
    }

    /// As `Ed25519.isValid`, quicker for keys of which this thread has seen good signatures.
    func check(_ signature: Signature, _ message: [UInt8], _ key: PublicKey) -> Bool {
        if let prepared = keys.withLock({ $0.use(key) }) {
            return prepared.isValid(signature, of: message)
        }
        guard Ed25519.check(signature, message, key) else { return false }
        keys.withLock { $0.note(key) }
        return true
    }

    private func name(_ signature: Signature, _ message: [UInt8], _ key: PublicKey) -> Digest {
        var writer = ByteWriter(capacity: message.count + 96)
        writer.write(signature)
        writer.write(key)
        writer.append(message)
        return Self.domain.hash(writer.bytes)
    }
}
