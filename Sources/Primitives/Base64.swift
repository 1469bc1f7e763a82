// Base64 text (RFC 4648), decoded strictly: every byte string has exactly one text in each form.

public enum Base64 {
    public enum Form: Sendable, CaseIterable {
        /// RFC 4648 §4: `+` and `/`, padded with `=` to a multiple of four.
        case standard
        /// RFC 4648 §5: `-` and `_`, no padding.
        case urlSafe

        fileprivate var alphabet: [UInt8] {
            switch self {
            case .standard: Base64.standardAlphabet
            case .urlSafe: Base64.urlSafeAlphabet
            }
        }
    }

    private static let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    fileprivate static let standardAlphabet = Array((common + "+/").utf8)
    fileprivate static let urlSafeAlphabet = Array((common + "-_").utf8)
    private static let padding = UInt8(ascii: "=")

    public static func encode(_ bytes: [UInt8], as form: Form) -> String {
        let alphabet = form.alphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for place in 0...group.count {
                text.append(alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)])
            }
            if form == .standard {
                text += repeatElement(padding, count: 3 - group.count)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for a foreign character (white space too), missing or needless padding, a lone last
    /// digit, or unused bits that are not zero.
    public static func decode(_ text: some StringProtocol, as form: Form) -> [UInt8]? {
        let digits = Array(text.utf8)
        var end = digits.count
        if form == .standard {
            guard end % 4 == 0 else { return nil }
            end -= digits.suffix(2).reversed().prefix { $0 == padding }.count
        }
        guard end % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for digit in digits[..<end] {
            guard let value = value(of: digit, in: form) else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(bits >> bitCount))
                bits &= 1 << bitCount - 1
            }
        }
        return bits == 0 ? bytes : nil
    }

    private static func value(of digit: UInt8, in form: Form) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case form.alphabet[62]: 62
        case form.alphabet[63]: 63
        default: nil
        }
    }
}
