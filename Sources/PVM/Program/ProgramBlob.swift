// The bare program: jump table, code, and the mask of the bytes at which instructions begin.
import Primitives

/// What the limits of one program are; decoding refuses more before it allocates.
public enum ProgramLimits {
    /// Bytes of code.
    public static let codeBytes = 1 << 20
    /// Entries of the jump table.
    public static let jumpTableEntries = 1 << 20
    /// Bytes of any encoded program.
    public static let programBytes = 48 << 20
    /// Pages of 4096 bytes that a program's memory may have: 64 MiB.
    public static let memoryPages = 16_384
}

/// The three parts of a program, as they stand in its bytes (Gray Paper, A.2: `deblob`).
public struct ProgramBlob: Hashable, Sendable {
    /// Indices into the code that indirect jumps may reach, if a basic block begins there.
    public var jumpTable: [UInt64]
    public var code: [UInt8]
    /// For each byte of the code, whether an instruction begins at it.
    public var starts: [Bool]

    public init(jumpTable: [UInt64], code: [UInt8], starts: [Bool]) {
        precondition(starts.count == code.count, "the mask has one bit for each byte of code")
        self.jumpTable = jumpTable
        self.code = code
        self.starts = starts
    }

    /// - Throws: where the bytes are not exactly one program, or over a limit.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let entries = try Self.count(&reader, limit: ProgramLimits.jumpTableEntries)
        let width = Int(try reader.read(UInt8.self))
        guard width <= 8 else { throw DecodingFailure(.outOfRange, at: reader.offset - 1) }
        let length = try Self.count(&reader, limit: ProgramLimits.codeBytes)
        jumpTable = try Self.table(reader.read(count: entries * width), entries, width)
        code = try reader.read(count: length)
        let place = reader.offset
        let mask = try reader.read(count: (length + 7) / 8)
        if length % 8 != 0, let last = mask.last, last >> UInt8(length % 8) != 0 {
            throw DecodingFailure(.notCanonical, at: place + mask.count - 1)
        }
        starts = (0..<length).map { mask[$0 >> 3] >> UInt8($0 & 7) & 1 == 1 }
        try reader.finish()
    }

    private static func count(
        _ reader: inout ByteReader, limit: Int
    ) throws(DecodingFailure) -> Int {
        let place = reader.offset
        let value = try Natural.read(&reader)
        guard value <= UInt64(limit) else { throw DecodingFailure(.overLimit, at: place) }
        return Int(value)
    }

    private static func table(_ bytes: [UInt8], _ entries: Int, _ width: Int) -> [UInt64] {
        (0..<entries).map { entry in
            (0..<width).reversed().reduce(0) { $0 << 8 | UInt64(bytes[entry * width + $1]) }
        }
    }

    /// The bytes of the program; entries of the jump table take as few as the largest needs.
    public var encoded: [UInt8] {
        let most = jumpTable.max() ?? 0
        let width = (64 - most.leadingZeroBitCount + 7) / 8
        var bytes = Natural.encode(UInt64(jumpTable.count)) + [UInt8(width)]
        bytes += Natural.encode(UInt64(code.count))
        for entry in jumpTable {
            bytes += (0..<width).map { UInt8(truncatingIfNeeded: entry >> UInt64(8 * $0)) }
        }
        bytes += code
        var mask = [UInt8](repeating: 0, count: (code.count + 7) / 8)
        for index in 0..<code.count where starts[index] {
            mask[index >> 3] |= 1 << UInt8(index & 7)
        }
        return bytes + mask
    }
}
