// A message made ready once for any number of links: compressed where that helps.
import Compression

/// What a message waits for: urgent ones go before all bulk.
public enum LinkPriority: UInt8, Hashable, Sendable, CaseIterable {
    /// Blocks, votes, certificates, confirms: small, and somebody waits.
    case urgent
    /// Bodies of batches, snapshots: large, and they may wait.
    case bulk
}

/// The bytes of a message as they travel, before encryption. A copy shares them.
public struct Parcel: Hashable, Sendable {
    /// As they travel.
    let bytes: [UInt8]
    /// Bytes of the message itself.
    let messageBytes: Int
    let isCompressed: Bool

    /// - Parameter message: at least one byte.
    public init(_ message: [UInt8]) {
        bytes = message
        messageBytes = message.count
        isCompressed = false
    }

    fileprivate init(compressed bytes: [UInt8], of messageBytes: Int) {
        self.bytes = bytes
        self.messageBytes = messageBytes
        isCompressed = true
    }

    /// Bytes that travel over bytes of the message, as a pair, for a ratio.
    public var sizes: (travelling: Int, message: Int) { (bytes.count, messageBytes) }
}

/// Compresses and decompresses messages for the links of one owner. It keeps contexts of zstd and
/// no state from one message to the next. For one thread at a time.
public final class ParcelCodec {
    /// A shorter message goes as it is: 28 bytes of record are no smaller for it.
    public static let leastBytes = 1 << 10
    private static let level = 1
    private var zstd: ZstdCodec

    /// - Throws: `outOfMemory` only.
    public init() throws(CompressionFailure) { zstd = try ZstdCodec(level: Self.level) }

    /// `message` compressed where at least an eighth is saved.
    public func pack(_ message: [UInt8]) -> Parcel {
        if message.count < Self.leastBytes { return Parcel(message) }
        let packed = zstd.compress(message)
        if packed.count > message.count - message.count / 8 { return Parcel(message) }
        return Parcel(compressed: packed, of: message.count)
    }

    /// Exactly `count` bytes from one zstd frame.
    func unpack(_ bytes: [UInt8], count: Int) throws(LinkFault) -> [UInt8] {
        guard let message = try? zstd.decompress(bytes, limit: count), message.count == count
        else { throw .badCompression }
        return message
    }
}
