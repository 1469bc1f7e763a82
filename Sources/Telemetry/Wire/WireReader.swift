// Protobuf's wire format, reading side: tags, varints and lengths, each checked against its bounds.

/// Why bytes are not a protobuf message, and where (protobuf.dev, "Encoding").
public struct WireFailure: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: String, Hashable, Sendable {
        /// A field ends after the message does.
        case truncated
        /// A field number of 0 or over 2^29 - 1, or a wire type of 6 or 7.
        case invalidTag
        /// Wire types 3 and 4, which no message of OTLP uses.
        case group
        /// A varint of more than 64 bits.
        case varintTooLong
        /// Values inside values beyond `WireReader.depthLimit`.
        case tooDeep
    }

    /// What is wrong.
    public var reason: Reason
    /// Bytes from the start of the message to the field that is wrong.
    public var offset: Int
}

/// One field: its number, its wire type, and where its bytes are.
struct WireField {
    enum Kind: UInt8 { case varint, fixed64, bytes, fixed32 }

    var number: UInt32
    var kind: Kind
    /// The number of a varint or fixed field, zero for bytes.
    var value: UInt64
    /// Offset of the tag.
    var start: Int
    /// Offset of the contents.
    var bodyStart: Int
    /// Offset after the field.
    var end: Int

    /// The text or message between the offsets.
    func body(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[bodyStart..<end])
    }

    /// True for a field of that number with a length.
    func isBytes(_ number: UInt32) -> Bool { self.number == number && kind == .bytes }
}

/// Reads the fields of one message; offsets are those of the outermost buffer.
struct WireReader {
    /// Messages inside messages of their own type: `AnyValue`.
    static let depthLimit = 32

    let bytes: UnsafeRawBufferPointer
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        offset = 0
        end = bytes.count
    }

    /// The message inside a field of this message.
    init(_ bytes: UnsafeRawBufferPointer, inside field: WireField) {
        self.bytes = bytes
        offset = field.bodyStart
        end = field.end
    }

    /// The next field, nil at the end.
    mutating func next() throws(WireFailure) -> WireField? {
        guard offset < end else { return nil }
        let start = offset
        let tag = try varint()
        guard tag >> 3 != 0, tag >> 32 == 0 else {
            throw WireFailure(reason: .invalidTag, offset: start)
        }
        var field = WireField(
            number: UInt32(truncatingIfNeeded: tag >> 3), kind: .varint, value: 0,
            start: start, bodyStart: offset, end: offset)
        switch tag & 7 {
        case 0:
            field.value = try varint()
        case 1:
            field.kind = .fixed64
            field.value = try fixed(UInt64.self, at: start)
        case 2:
            field.kind = .bytes
            let length = try varint()
            guard length <= UInt64(end - offset) else {
                throw WireFailure(reason: .truncated, offset: start)
            }
            field.bodyStart = offset
            offset += Int(length)
        case 5:
            field.kind = .fixed32
            field.value = UInt64(try fixed(UInt32.self, at: start))
        case 3, 4:
            throw WireFailure(reason: .group, offset: start)
        default:
            throw WireFailure(reason: .invalidTag, offset: start)
        }
        field.end = offset
        return field
    }

    /// The next field of that number that has a length; others are skipped. Nil at the end.
    mutating func next(bytes number: UInt32) throws(WireFailure) -> WireField? {
        while let field = try next() {
            if field.isBytes(number) { return field }
        }
        return nil
    }

    private mutating func fixed<Value: FixedWidthInteger>(
        _: Value.Type, at start: Int
    ) throws(WireFailure) -> Value {
        let width = Value.bitWidth / 8
        guard end - offset >= width else { throw WireFailure(reason: .truncated, offset: start) }
        defer { offset += width }
        return Value(
            littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// Up to ten bytes, seven bits each, the lowest first; the tenth may only hold bit 63.
    private mutating func varint() throws(WireFailure) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end {
            let byte = bytes[offset]
            offset += 1
            if shift == 63 && byte > 1 {
                throw WireFailure(reason: .varintTooLong, offset: start)
            }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw WireFailure(reason: .truncated, offset: start)
    }
}
