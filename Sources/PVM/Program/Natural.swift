// The Gray Paper's variable-length encoding of natural numbers below 2^64.
import Primitives

/// A number takes one byte to nine: the leading ones of the first byte count the bytes after it,
/// which hold the low bits, little-endian (Gray Paper, C.1).
enum Natural {
    static func encode(_ value: UInt64) -> [UInt8] {
        for count in 0..<8 where value < 1 << UInt64(7 * (count + 1)) {
            let head = (256 - (256 >> count)) + Int(value >> UInt64(8 * count))
            return [UInt8(head)] + low(value, count)
        }
        return [0xFF] + low(value, 8)
    }

    private static func low(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    /// Reads one number and refuses an encoding that is longer than it need be.
    static func read(_ reader: inout ByteReader) throws(DecodingFailure) -> UInt64 {
        let start = reader.offset
        let head = try reader.read(UInt8.self)
        let count = (~head).leadingZeroBitCount
        let tail = try reader.read(count: count)
        var value: UInt64 = count < 8 ? UInt64(head & (0x7F >> UInt8(count))) : 0
        for byte in tail.reversed() { value = value << 8 | UInt64(byte) }
        guard encode(value).count == count + 1 else {
            throw DecodingFailure(.notCanonical, at: start)
        }
        return value
    }
}
