// The entries of the log as C2SP tlog-tiles serves them: each after its length, 256 to a bundle.
import Primitives

/// Entries one after another, each preceded by its length as a big-endian 16-bit integer.
public enum EntryBundle {
    /// Bytes of the longest entry that fits.
    public static let entryBytes = Int(UInt16.max)

    /// Nil where there are more than 256 entries, or one is longer than 65,535 bytes.
    public static func encode(_ entries: [[UInt8]]) -> [UInt8]? {
        guard entries.count <= TilePath.fullWidth else { return nil }
        var bytes: [UInt8] = []
        for entry in entries {
            guard let length = UInt16(exactly: entry.count) else { return nil }
            bytes.append(UInt8(length >> 8))
            bytes.append(UInt8(truncatingIfNeeded: length))
            bytes.append(contentsOf: entry)
        }
        return bytes
    }

    /// At most 256 entries. Throws `.truncated` inside a length or an entry, `.overLimit` at entry
    /// 257.
    public static func decode(_ bytes: [UInt8]) throws(DecodingFailure) -> [[UInt8]] {
        var reader = ByteReader(bytes)
        var entries: [[UInt8]] = []
        while reader.remaining > 0 {
            guard entries.count < TilePath.fullWidth else {
                throw DecodingFailure(.overLimit, at: reader.offset)
            }
            let length = try reader.read(UInt16.self).byteSwapped
            entries.append(try reader.read(count: Int(length)))
        }
        return entries
    }
}
