// How the log hashes: SHA-256, one prefix byte for leaves and another for nodes (RFC 9162).
import Cryptography
import Primitives

/// The two hashes of an RFC 6962 log, and the head that commits to one.
public enum LogHash {
    /// The root of the log without entries: SHA-256 of no bytes.
    public static let emptyRoot = SHA256.hash([])

    /// SHA-256 of 0x00 || `entry`.
    public static func leaf(_ entry: [UInt8]) -> Digest {
        var message: [UInt8] = []
        message.reserveCapacity(entry.count + 1)
        message.append(0)
        message.append(contentsOf: entry)
        return SHA256.hash(message)
    }

    /// SHA-256 of 0x01 || `left` || `right`.
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        let message = [UInt8](unsafeUninitializedCapacity: 65) { buffer, count in
            buffer[0] = 1
            let start = UnsafeMutableRawPointer(buffer.baseAddress!)
            left.store(to: start + 1)
            right.store(to: start + 33)
            count = 65
        }
        return SHA256.hash(message)
    }
}

/// A size of the log and the root over that many entries: what a checkpoint signs.
public struct TreeHead: Hashable, Sendable {
    /// Entries in the log.
    public var size: UInt64
    /// RFC 9162 §2.1.1, `LogHash.emptyRoot` where the size is 0.
    public var root: Digest

    public init(size: UInt64, root: Digest) {
        self.size = size
        self.root = root
    }
}
