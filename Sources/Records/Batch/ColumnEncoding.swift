// The body of a batch, writing side: tables, then columns with a base and a width
// (docs/spec/record.md §7).
import Primitives

extension RecordColumns {
    /// The version of the body's encoding.
    static let encodingVersion: UInt16 = 1
    /// Set in a parent's number where it names a digest and not a row.
    static let externalFlag: UInt32 = 1 << 31

    /// The canonical body: equal rows give equal bytes.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 1024 + count * 128)
        writer.write(Self.encodingVersion)
        writer.write(UInt32(count))
        Self.write(agents.entries, to: &writer)
        Self.write(runs.entries, to: &writer)
        Self.write(tasks.entries, to: &writer)
        for column in [NumericColumn.agent, .run, .task] { write(column, to: &writer) }
        Self.append(operations, to: &writer)
        for column in NumericColumn.allCases[NumericColumn.caller.rawValue...]
        where column != .parentCount {
            write(column, to: &writer)
        }
        Self.append(payloadDigests, to: &writer)
        write(.parentCount, to: &writer)
        writeParents(to: &writer)
        return writer.bytes
    }

    private static func write<Entry: FixedBytes>(_ table: [Entry], to writer: inout ByteWriter) {
        writer.write(UInt32(table.count))
        append(table, to: &writer)
    }

    /// Fixed byte strings lie in memory as they are encoded.
    private static func append<Entry: FixedBytes>(_ list: [Entry], to writer: inout ByteWriter) {
        list.withUnsafeBytes { writer.append($0) }
    }

    private func write(_ column: NumericColumn, to writer: inout ByteWriter) {
        words.withUnsafeBufferPointer { words in
            var low = UInt64.max
            var high = UInt64.min
            var place = column.rawValue
            for _ in 0..<count {
                low = min(low, words[place])
                high = max(high, words[place])
                place += Self.stride
            }
            if count == 0 { (low, high) = (0, 0) }
            let width = Self.width(of: high - low)
            writer.write(UInt8(width))
            writer.write(low)
            guard width > 0 else { return }
            let packed = [UInt8](unsafeUninitializedCapacity: count * width + 8) { bytes, size in
                var place = column.rawValue
                var target = UnsafeMutableRawPointer(bytes.baseAddress!)
                for _ in 0..<count {
                    // Eight bytes are stored and the next value overwrites what is too much.
                    target.storeBytes(of: (words[place] - low).littleEndian, as: UInt64.self)
                    target += width
                    place += Self.stride
                }
                size = count * width
            }
            writer.append(packed)
        }
    }

    /// The smallest number of bytes that holds `difference`; 0 for zero.
    static func width(of difference: UInt64) -> Int {
        (64 - difference.leadingZeroBitCount + 7) / 8
    }

    private func writeParents(to writer: inout ByteWriter) {
        var external: [Digest] = []
        writer.write(UInt32(parents.count))
        for reference in parents {
            switch reference {
            case .row(let row): writer.write(row)
            case .digest(let digest):
                writer.write(Self.externalFlag | UInt32(external.count))
                external.append(digest)
            }
        }
        Self.write(external, to: &writer)
    }
}
