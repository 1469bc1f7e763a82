// The gzip format (RFC 1952), as HTTP clients send it.
import CZlib

public enum Gzip {
    private static let magic: [UInt8] = [0x1F, 0x8B]

    /// One member with no name and no time: the same bytes give the same result.
    /// - Throws: `outOfMemory` only.
    public static func compress(_ bytes: [UInt8]) throws(CompressionFailure) -> [UInt8] {
        try deflate(bytes, wrapper: .gzip)
    }

    /// - Parameters:
    ///   - bytes: one or more members, one after another, and nothing else.
    ///   - limit: bytes of output over all members.
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
        var inflater = try Inflater(.gzip)
        var output = Output(limit: limit)
        var taken = 0
        repeat {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
            // The first member must be one; what follows and is none is garbage after the end.
            if taken > 0, !rest.starts(with: magic.prefix(rest.count)) { throw .trailingBytes }
            taken += try inflater.inflateOne(rest, into: &output)
        } while taken < bytes.count
        return output.bytes
    }
}
