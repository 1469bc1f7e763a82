// The signatures that were made on this thread, so that what comes back of them is not checked.
import Primitives
import Synchronization

/// A validator's own votes come back to it in the certificates of others. Bound to a task-local
/// value by the thread of a node.
package final class SignatureMemory: Sendable {
    private let made = Mutex<Set<Digest>>([])
    private static let domain = HashDomain("althing 2026 signature memory v1")
    /// Beyond that many, all are forgotten.
    private static let most = 1 << 14

    @TaskLocal package static var current: SignatureMemory?

    package init() {}

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

    private func name(_ signature: Signature, _ message: [UInt8], _ key: PublicKey) -> Digest {
        var writer = ByteWriter(capacity: message.count + 96)
        writer.write(signature)
        writer.write(key)
        writer.append(message)
        return Self.domain.hash(writer.bytes)
    }
}
