// What the text after an option may be; checked while parsing, so commands get sound values only.
import Primitives

/// A kind of value.
enum ValueKind: Hashable, Sendable {
    /// Any text that is not empty.
    case text
    case file
    case directory
    /// `http://host[:port][/prefix]`
    case url
    /// `host:port`
    case address
    /// A decimal number in a range, and what it counts.
    case number(ClosedRange<UInt64>, unit: String)
    /// A time with its unit, as `duration` reads it, in a range of nanoseconds.
    case duration(ClosedRange<UInt64>)
    /// Exactly so many bytes in lower-case hexadecimal.
    case hex(bytes: Int)
    case choice([String])
    /// An amount of money, as `credits` reads it.
    case credits
}

extension ValueKind {
    /// What is expected, to stand after "must be"; nil where `text` is that.
    func objection(to text: String) -> String? {
        switch self {
        case .text, .file, .directory: text.isEmpty ? "not empty" : nil
        case .url: text.hasPrefix("http://") ? nil : "an address http://HOST[:PORT]"
        case .address: ListenAddress(text) == nil ? "an address HOST:PORT" : nil
        case .number(let range, let unit):
            Self.number(text).map(range.contains) == true
                ? nil
                : "a number of \(unit) from \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            Self.duration(text).map(range.contains) == true
                ? nil
                : "a time from \(Quantity.duration(range.lowerBound)) to "
                    + "\(Quantity.duration(range.upperBound)), such as 250ms, 20s or 1h"
        case .hex(let count):
            Self.isHex(text, count) ? nil : "\(2 * count) lower-case hexadecimal digits"
        case .choice(let words):
            words.contains(text) ? nil : "one of " + words.joined(separator: ", ")
        case .credits:
            Self.credits(text) == nil ? "an amount of credits, such as 12 or 0.5" : nil
        }
    }

    /// Decimal digits only; nil for anything else.
    static func number(_ text: String) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return UInt64(text)
    }

    /// Nano-credits of a decimal number of credits with at most nine decimals; nil for anything
    /// else.
    static func credits(_ text: String) -> UInt128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
            parts.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard decimals.count <= 9 else { return nil }
        let zeros = String(repeating: "0", count: 9 - decimals.count)
        return UInt128(parts[0] + decimals + zeros)
    }

    private static let units: [(String, UInt64)] = [
        ("ms", Nanoseconds.perMillisecond), ("us", Nanoseconds.perMicrosecond), ("ns", 1),
        ("s", Nanoseconds.perSecond), ("m", 60 * Nanoseconds.perSecond),
        ("h", Nanoseconds.perHour), ("d", Nanoseconds.perDay),
    ]

    /// Nanoseconds of a whole number with a unit: ns, us, ms, s, m, h or d; nil for anything else.
    static func duration(_ text: String) -> UInt64? {
        for (unit, nanoseconds) in units where text.hasSuffix(unit) {
            guard let count = number(String(text.dropLast(unit.count))) else { continue }
            let (product, overflow) = count.multipliedReportingOverflow(by: nanoseconds)
            return overflow ? nil : product
        }
        return nil
    }

    private static func isHex(_ text: String, _ bytes: Int) -> Bool {
        text.utf8.count == 2 * bytes
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }
}
