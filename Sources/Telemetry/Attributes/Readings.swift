// Small readings of attribute values: token counts, finish reasons, cost details.
import JSON
import Primitives

enum TokenCount {
    /// The count, nil where the value is of another type. What is not a whole number or not below
    /// 2^63 reads as `Int64.max`, which no limit admits.
    static func read(_ value: AttributeValue) -> Int64? {
        switch value {
        case .integer(let count): return count
        case .double(let count):
            if count < 0 { return -1 }
            return Int64(exactly: count) ?? .max
        case .text(let text): return decimal(text)
        default: return nil
        }
    }

    /// Some exporters write counts as text; other text is not a count.
    private static func decimal(_ text: UnsafeRawBufferPointer) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        if isNegative { return -1 }
        var count: Int64 = 0
        for digit in digits {
            let (product, overflow) = count.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(digit - 0x30))
            if overflow || carry { return .max }
            count = sum
        }
        return count
    }
}

enum FinishReason {
    private static let partial = RoleWords([
        ("length", .other), ("max_tokens", .other), ("max_output_tokens", .other),
        ("content_filter", .other), ("content-filter", .other), ("safety", .other),
        ("incomplete", .other),
    ])

    /// True where one of the words in the text says that the answer was cut or withheld.
    static func isPartial(_ text: UnsafeRawBufferPointer) -> Bool {
        var start = text.startIndex
        for index in 0...text.count where index == text.count || !isLetter(text[index]) {
            let word = UnsafeRawBufferPointer(rebasing: text[start..<index])
            if partial.role(of: word) != nil { return true }
            start = index + 1
            if start > text.count { break }
        }
        return false
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x2D
    }
}

enum CostDetails {
    /// The text of the number `total` in an object of costs, nil where there is none.
    static func total(_ text: UnsafeRawBufferPointer) -> String? {
        guard text.count <= 4096, let document = try? JSONDocument(Array(text)) else { return nil }
        return document.root["total"]?.number?.text
    }
}
