// What the text after an option may be; checked while parsing, so commands get sound values only.

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
    /// Exactly so many bytes in lower-case hexadecimal.
    case hex(bytes: Int)
    case choice([String])
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
        case .hex(let count):
            Self.isHex(text, count) ? nil : "\(2 * count) lower-case hexadecimal digits"
        case .choice(let words):
            words.contains(text) ? nil : "one of " + words.joined(separator: ", ")
        }
    }

    /// Decimal digits only; nil for anything else.
    static func number(_ text: String) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return UInt64(text)
    }

    private static func isHex(_ text: String, _ bytes: Int) -> Bool {
        text.utf8.count == 2 * bytes
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }
}

/// Where a node listens.
struct ListenAddress: Hashable, Sendable {
    /// Without brackets.
    var host: String
    var port: UInt16

    /// Reads `host:port` or `[v6]:port`.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let number = ValueKind.number(String(text[text.index(after: colon)...])),
            let port = UInt16(exactly: number)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }

    /// Whether only this machine can connect.
    var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" || host == "localhost" }

    /// As it stands in addresses.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
