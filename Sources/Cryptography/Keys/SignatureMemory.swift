// Signatures that are known to be good, so that what was made or checked here is not checked again.
import Primitives
import Synchronization

/// What was found good is not computed again: the check of the same bytes with the same key has the
/// same result. Bound to a task-local value by a simulation, whose seats all run in one thread of
/// one process, and by the thread of a node, whose own votes come back in the certificates of
/// others.
package final class SignatureMemory: Sendable {
    private let known = Mutex<Set<Digest>>([])
    private static let domain = HashDomain("althing 2026 signature memory v1")
    private let mostKnown: Int

    @TaskLocal package static var current: SignatureMemory?

    /// - Parameter mostKnown: beyond that many, all are forgotten.
    package init(mostKnown: Int = 1 << 18) { self.mostKnown = mostKnown }

    /// Whether it is known, and its name for `remember`.
    func look(
        _ signature: Signature, _ message: [UInt8], _ key: PublicKey
    ) -> (isKnown: Bool, name: Digest) {
        var writer = ByteWriter(capacity: message.count + 96)
        writer.write(signature)
        writer.write(key)
        writer.append(message)
        let name = Self.domain.hash(writer.bytes)
        return (known.withLock { $0.contains(name) }, name)
    }

    func remember(_ name: Digest) {
        known.withLock { known in
            if known.count >= mostKnown { known.removeAll() }
            known.insert(name)
        }
    }
}
