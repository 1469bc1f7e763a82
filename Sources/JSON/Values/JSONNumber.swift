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

    public var description: String { text }

    /// The integer, nil where there is a fraction or exponent or it does not fit.
    public func integer<Value: FixedWidthInteger>(as _: Value.Type = Value.self) -> Value? {
        JSONNumber.integer(text.utf8)
    }

    /// The nearest double; nil where it would be infinite.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Decimal digits with an optional minus; nil for anything else or what does not fit.
    static func integer<Value: FixedWidthInteger>(_ digits: some Collection<UInt8>) -> Value? {
        let isNegative = digits.first == UInt8(ascii: "-")
        let magnitude = isNegative ? digits.dropFirst() : digits[...]
        guard !magnitude.isEmpty else { return nil }
        var value: Value = 0
        for byte in magnitude {
            let digit = byte &- 0x30
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative
                ? product.subtractingReportingOverflow(Value(digit))
                : product.addingReportingOverflow(Value(digit))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
