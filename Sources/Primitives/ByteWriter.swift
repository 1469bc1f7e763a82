// The canonical encoding, writing side: fixed-width little-endian integers, fixed byte strings,
// counted byte strings.

/// Appends canonical encodings to one buffer.
@frozen public struct ByteWriter: Sendable {
    public var bytes: [UInt8]

    @inlinable public init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Little-endian, as many bytes as the type has.
    @inlinable public mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { append($0) }
    }

    @inlinable public mutating func write<Value: FixedBytes>(_ value: Value) {
        withUnsafeTemporaryAllocation(byteCount: Value.width, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return }
            value.store(to: base)
            bytes.append(contentsOf: UnsafeRawBufferPointer(buffer))
        }
    }

    @inlinable public mutating func write(_ amount: Amount) { write(amount.nanoCredits) }

    @inlinable public mutating func write(_ instant: Instant) { write(instant.nanoseconds) }

    /// The bytes as they are, with no length before them.
    @inlinable public mutating func append(_ raw: some Collection<UInt8>) {
        bytes.append(contentsOf: raw)
    }

    /// A 32-bit count and then the bytes. The count is a limit of the caller's type: 2^32 - 1 at
    /// the most.
    @inlinable public mutating func writeCounted(_ raw: some Collection<UInt8>) {
        write(UInt32(raw.count))
        append(raw)
    }

    /// The UTF-8 bytes of `text`, counted.
    @inlinable public mutating func write(_ text: String) {
        writeCounted(Array(text.utf8))
    }
}
