// A number as its text, since a number of JSON has no size and a Double would lose some.

/// The exact text of a number; equal where the texts are equal, so `1.0` is not `1`.
public struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
    /// The text, in the grammar of RFC 8259 §6.
    public let text: String

    /// The caller has checked the grammar.
    init(checked text: String) { self.text = text }

    /// Nil unless `text` is one number of JSON and nothing else.
    public init?(_ text: String) {
        var copy = Array(text.utf8)
        copy.append(UInt8(ascii: "]"))
        let isNumber = copy.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            return (try? scanner.number()) != nil && scanner.offset == buffer.count - 1
        }
        guard isNumber else { return nil }
        self.init(checked: text)
    }

    public init(_ integer: some FixedWidthInteger) {
        self.init(checked: String(integer))
    }

    /// The shortest text that gives the same number back; nil for infinities and NaN.
    public init?(_ double: Double) {
        guard double.isFinite else { return nil }
        self.init(checked: double.description)
    }

    /// The text.
    public var description: String { text }

    /// The integer, nil where there is a fraction or exponent or it does not fit.
    @inlinable public func integer<Value: FixedWidthInteger>(
        as _: Value.Type = Value.self
    ) -> Value? {
        guard let (isNegative, magnitude) = wide else { return nil }
        return JSONNumber.narrow(isNegative, magnitude)
    }

    @usableFromInline var wide: (isNegative: Bool, magnitude: UInt128)? {
        JSONNumber.wide(Array(text.utf8)[...])
    }

    /// The nearest double; nil where it would be infinite.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    @inlinable static func narrow<Value: FixedWidthInteger>(
        _ isNegative: Bool, _ magnitude: UInt128
    ) -> Value? {
        guard isNegative, magnitude != 0 else { return Value(exactly: magnitude) }
        guard magnitude <= UInt128(1) << 127 else { return nil }
        return Value(exactly: Int128(truncatingIfNeeded: 0 &- magnitude))
    }

    /// Decimal digits with an optional minus; nil for anything else or more than 128 bits. Not
    /// generic, since a generic function is slow when called from another module.
    static func wide(_ text: ArraySlice<UInt8>) -> (isNegative: Bool, magnitude: UInt128)? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        guard !digits.isEmpty else { return nil }
        var low: UInt64 = 0
        for byte in digits.prefix(19) {
            guard byte &- 0x30 < 10 else { return nil }
            low = low &* 10 &+ UInt64(byte &- 0x30)
        }
        var value = UInt128(low)
        for byte in digits.dropFirst(19) {
            guard byte &- 0x30 < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt128(byte &- 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return (isNegative, value)
    }
}
