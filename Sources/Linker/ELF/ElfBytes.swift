// Numbers and texts of a file, at offsets that the file itself gives.

/// The bytes of an ELF file; every access is checked.
struct ElfBytes: Sendable {
    let bytes: [UInt8]

    /// Bytes of a name that are shown, at most.
    static let nameBytes = 512

    /// The little-endian number at `start + offset`.
    func number<Value: FixedWidthInteger>(
        _: Value.Type = Value.self, at start: Int, _ offset: Int = 0
    ) throws(LinkFailure) -> Value {
        let (place, isOver) = start.addingReportingOverflow(offset)
        let width = Value.bitWidth / 8
        guard !isOver, place >= 0, width <= bytes.count, place <= bytes.count - width else {
            throw LinkFailure(.truncated, at: max(0, place))
        }
        return bytes.withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Value.self))
        }
    }

    /// The range of `size` bytes at `offset`, both as the file gives them.
    func range(_ offset: UInt64, _ size: UInt64, in header: Int) throws(LinkFailure) -> Range<Int> {
        let count = UInt64(bytes.count)
        guard size <= count, offset <= count - size else {
            throw LinkFailure(.truncated, at: header)
        }
        return Int(offset)..<Int(offset + size)
    }

    /// The text at `offset` of the table of texts `table`, up to its zero byte; "" outside of it.
    func text(_ offset: UInt32, in table: Range<Int>) -> String {
        guard Int(offset) < table.count else { return "" }
        let rest = bytes[table.lowerBound + Int(offset)..<table.upperBound]
        return String(decoding: rest.prefix(Self.nameBytes).prefix { $0 != 0 }, as: UTF8.self)
    }
}
