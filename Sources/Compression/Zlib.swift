// The zlib format (RFC 1950), which HTTP calls `deflate`.
import CZlib

public enum Zlib {
    /// - Throws: `outOfMemory` only.
    public static func compress(_ bytes: [UInt8]) throws(CompressionFailure) -> [UInt8] {
        try deflate(bytes, wrapper: .zlib)
    }

    /// - Parameters:
    ///   - bytes: exactly one stream. Bare deflate data, which some clients send under the name
    ///     `deflate`, is refused: RFC 9110 §8.4.1.2 asks for the zlib format.
    ///   - limit: bytes of output.
    public static func decompress(
        _ bytes: [UInt8], limit: Int
    ) throws(CompressionFailure) -> [UInt8] {
        try withBytes(of: bytes) { raw throws(CompressionFailure) in
            try decompress(raw, limit: limit)
        }
    }

    /// As above, for bytes that are in no array.
    public static func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(CompressionFailure) -> [UInt8] {
        var inflater = try Inflater(.zlib)
        var output = Output(limit: limit)
        let taken = try inflater.inflateOne(bytes, into: &output)
        guard taken == bytes.count else { throw .trailingBytes }
        return output.bytes
    }
}
