// One line of assembly text, cut into its words.

/// Why text is not a program, and in which line.
public struct AssemblyFailure: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case unknownWord(String)
        case unknownLabel(String)
        case repeatedLabel(String)
        /// A label that stands in no `.table`, so that it has no address.
        case labelWithoutAddress(String)
        /// The word takes another number of operands, here the right one.
        case operandCount(Int)
        case notARegister(String)
        case notANumber(String)
        /// The number does not fit where it stands.
        case outOfRange(String)
        case notALabel(String)
        case notBytes(String)
        /// The program is over a limit of `ProgramLimits`.
        case tooLong
    }

    public var reason: Reason
    /// From 1.
    public var line: Int

    public init(_ reason: Reason, _ line: Int) {
        self.reason = reason
        self.line = line
    }
}

/// `label: word operand, operand ; comment`, each part optional.
struct AssemblyLine {
    /// From 1.
    let number: Int
    private(set) var label: Substring?
    private(set) var word: Substring?
    private(set) var operands: [Substring] = []

    init(_ text: Substring, number: Int) throws(AssemblyFailure) {
        self.number = number
        var rest = Self.trimmed(text.prefix { $0 != ";" })
        if let colon = rest.firstIndex(of: ":") {
            let name = Self.trimmed(rest[..<colon])
            guard Self.isLabel(name) else {
                throw AssemblyFailure(.notALabel(String(name)), number)
            }
            label = name
            rest = Self.trimmed(rest[rest.index(after: colon)...])
        }
        guard !rest.isEmpty else { return }
        let end = rest.firstIndex { $0 == " " || $0 == "\t" } ?? rest.endIndex
        word = rest[..<end]
        let list = Self.trimmed(rest[end...])
        guard !list.isEmpty else { return }
        operands = list.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
    }

    /// A letter or underscore, then letters, digits and underscores; not the name of a register.
    static func isLabel(_ text: Substring) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
        guard let first = text.utf8.first, isLetter(first), register(text) == nil else {
            return false
        }
        return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }

    /// `r0` to `r12`.
    static func register(_ text: Substring) -> UInt8? {
        guard text.first == "r", let index = UInt8(text.dropFirst()), index < 13,
            text == "r\(index)"
        else { return nil }
        return index
    }

    /// A number in decimal or, after `0x`, hexadecimal; a sign makes it negative. The bits of
    /// what may be written as a signed or an unsigned number of 64 bits.
    static func number(_ text: Substring) -> UInt64? {
        let isNegative = text.first == "-"
        let digits = isNegative ? text.dropFirst() : text
        let isHex = digits.hasPrefix("0x")
        let plain = isHex ? digits.dropFirst(2) : digits
        guard let first = plain.first, first.isHexDigit,
            let magnitude = UInt64(plain, radix: isHex ? 16 : 10)
        else { return nil }
        guard isNegative else { return magnitude }
        return magnitude <= 1 << 63 ? 0 &- magnitude : nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        func isSpace(_ character: Character) -> Bool { [" ", "\t", "\r"].contains(character) }
        guard let last = text.lastIndex(where: { !isSpace($0) }) else { return "" }
        return text[...last].drop(while: isSpace)
    }
}
