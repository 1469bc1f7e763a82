// Protobuf's wire format, writing side: only the field kinds that answers and payloads need.

/// Appends fields to a message.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// The number of bytes a varint takes, 1 to 10.
    static func width(ofVarint value: Int) -> Int {
        max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// An integer field; zero, the default, is left out.
    mutating func field(_ number: UInt64, varint value: UInt64) {
        guard value != 0 else { return }
        varint(number << 3)
        varint(value)
    }

    /// The tag and length of a field whose `count` bytes follow.
    mutating func field(_ number: UInt64, count: Int) {
        varint(number << 3 | 2)
        varint(UInt64(count))
    }

    mutating func field(_ number: UInt64, bytes body: some Collection<UInt8>) {
        field(number, count: body.count)
        append(body)
    }

    /// A string field; an empty one, the default, is left out.
    mutating func field(_ number: UInt64, text: String) {
        if !text.isEmpty { field(number, bytes: Array(text.utf8)) }
    }

    mutating func append(_ raw: some Collection<UInt8>) { bytes.append(contentsOf: raw) }
}
