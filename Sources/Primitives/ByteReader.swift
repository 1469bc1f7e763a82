// The canonical encoding, reading side: bounds are checked at every step and nothing is left over
// unnoticed.

/// Why bytes are not a canonical encoding, and where.
public struct DecodingFailure: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// The input ended before the value did.
        case truncated
        /// The value ended before the input did.
        case trailingBytes
        /// A count or length is over the limit that holds for it.
        case overLimit
        /// A value is outside the range of its field.
        case outOfRange
        /// Text that is not UTF-8.
        case invalidText
        /// A second encoding of a value that has another, canonical one.
        case notCanonical
        /// A version this build does not know.
        case unknownVersion
    }

    public var reason: Reason
    /// Bytes from the start of the input to the value that failed.
    public var offset: Int

    @inlinable public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// Reads canonical encodings from the front of a buffer.
@frozen public struct ByteReader: Sendable {
    @usableFromInline let bytes: ArraySlice<UInt8>
    @usableFromInline var position: Int

    /// Bytes read so far.
    @inlinable public var offset: Int { position }
    @usableFromInline let end: Int

    public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// Reads a slice where it lies; offsets count from its start.
    public init(_ slice: ArraySlice<UInt8>) {
        bytes = slice
        position = 0
        end = slice.count
    }

    /// The number of bytes not read yet.
    @inlinable public var remaining: Int { end - offset }

    @inlinable public mutating func read<Value: FixedWidthInteger>(
        _: Value.Type = Value.self
    ) throws(DecodingFailure) -> Value {
        let width = Value.bitWidth / 8
        guard remaining >= width else { throw DecodingFailure(.truncated, at: offset) }
        let value = bytes.withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
        position += width
        return value
    }

    @inlinable public mutating func read<Value: FixedBytes>(
        _: Value.Type = Value.self
    ) throws(DecodingFailure) -> Value {
        guard remaining >= Value.width else { throw DecodingFailure(.truncated, at: offset) }
        let value = bytes.withUnsafeBytes {
            Value(loading: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + Value.width]))
        }
        position += Value.width
        return value
    }

    public mutating func readAmount() throws(DecodingFailure) -> Amount {
        Amount(nanoCredits: try read())
    }

    public mutating func readInstant() throws(DecodingFailure) -> Instant {
        Instant(nanoseconds: try read())
    }

    /// Exactly `count` bytes.
    public mutating func read(count: Int) throws(DecodingFailure) -> [UInt8] {
        Array(try readSlice(count: count))
    }

    /// Exactly `count` bytes, which stay where they lie.
    public mutating func readSlice(
        count: Int
    ) throws(DecodingFailure) -> ArraySlice<UInt8> {
        guard count >= 0, remaining >= count else { throw DecodingFailure(.truncated, at: offset) }
        defer { position += count }
        let start = bytes.startIndex + offset
        return bytes[start..<start + count]
    }

    /// Passes over exactly `count` bytes; returns where they begin.
    public mutating func skip(_ count: Int) throws(DecodingFailure) -> Int {
        guard count >= 0, remaining >= count else { throw DecodingFailure(.truncated, at: offset) }
        defer { position += count }
        return position
    }

    /// A 32-bit count, at most `limit`, and that many bytes.
    public mutating func readCounted(limit: Int) throws(DecodingFailure) -> [UInt8] {
        Array(try readCountedSlice(limit: limit))
    }

    /// The same, with the bytes left where they lie.
    public mutating func readCountedSlice(
        limit: Int
    ) throws(DecodingFailure) -> ArraySlice<UInt8> {
        let start = offset
        let count = try read(UInt32.self)
        guard Int(count) <= limit else { throw DecodingFailure(.overLimit, at: start) }
        return try readSlice(count: Int(count))
    }

    /// Counted UTF-8 text of at most `limit` bytes.
    public mutating func readText(limit: Int) throws(DecodingFailure) -> String {
        let start = offset
        let raw = try readCounted(limit: limit)
        guard let text = String(validating: raw, as: UTF8.self) else {
            throw DecodingFailure(.invalidText, at: start)
        }
        return text
    }

    /// `count` fixed byte strings, one after the other, which lie in memory as they are encoded.
    @inlinable public mutating func readList<Value: FixedBytes>(
        count: Int
    ) throws(DecodingFailure) -> [Value] {
        precondition(MemoryLayout<Value>.stride == Value.width, "fixed bytes have no padding")
        let (size, overflow) = count.multipliedReportingOverflow(by: Value.width)
        guard count >= 0, !overflow, remaining >= size else {
            throw DecodingFailure(.truncated, at: offset)
        }
        let start = offset
        position += size
        return [Value](unsafeUninitializedCapacity: count) { list, initialized in
            bytes.withUnsafeBytes { raw in
                let source = UnsafeRawBufferPointer(rebasing: raw[start..<start + size])
                UnsafeMutableRawBufferPointer(list).copyMemory(from: source)
            }
            initialized = count
        }
    }

    /// Throws unless everything was read.
    public func finish() throws(DecodingFailure) {
        guard remaining == 0 else { throw DecodingFailure(.trailingBytes, at: offset) }
    }
}
