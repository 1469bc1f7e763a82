// Zstandard (RFC 8878), one frame a message.
import CZstd

public enum Zstd {
    /// One frame with its content size and no checksum: what is kept has a digest of its own.
    ///
    /// - Parameter level: 1 (fast) to 19 (small).
    /// - Throws: `outOfMemory` only.
    public static func compress(
        _ bytes: [UInt8], level: Int
    ) throws(CompressionFailure) -> [UInt8] {
        var codec = try ZstdCodec(level: level)
        return codec.compress(bytes)
    }

    /// - Parameters:
    ///   - bytes: exactly one frame.
    ///   - limit: bytes of output.
    public static func decompress(
        _ bytes: [UInt8], limit: Int
    ) throws(CompressionFailure) -> [UInt8] {
        var codec = try ZstdCodec(level: 1)
        return try codec.decompress(bytes, limit: limit)
    }
}
