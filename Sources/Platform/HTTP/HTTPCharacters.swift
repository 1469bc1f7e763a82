// The character classes of RFC 9110 and small comparisons on bytes.

extension UInt8 {
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let tab: UInt8 = 0x09
    static let colon = UInt8(ascii: ":")

    /// tchar (RFC 9110 §5.6.2).
    var isToken: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"),
            UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// field-vchar, SP or HTAB (RFC 9110 §5.5).
    var isFieldValue: Bool { self >= 0x20 ? self != 0x7F : self == .tab }

    /// SP or HTAB.
    var isBlank: Bool { self == .space || self == .tab }

    /// Visible ASCII.
    var isVisible: Bool { self > 0x20 && self < 0x7F }

    /// A character of `uri-host [ ":" port ]`, registered names and IP literals together.
    var isHost: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "%"):
            true
        default: false
        }
    }

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// 0...15 where this is a hexadecimal digit.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// ASCII upper case made lower.
    var lowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}

extension String {
    /// Whether both are the same, ASCII case aside.
    func equalsIgnoringCase(_ other: String) -> Bool {
        utf8.count == other.utf8.count
            && utf8.lazy.map(\.lowercased).elementsEqual(other.utf8.lazy.map(\.lowercased))
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes spell `text`, ASCII case aside; `text` is lower case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = text.utf8Start
        for index in 0..<count where self[index].lowercased != other[index] { return false }
        return true
    }

    /// Whether the bytes begin with `text`, ASCII case aside; `text` is lower case.
    func beginsIgnoringCase(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && slice(0, text.utf8CodeUnitCount).equalsIgnoringCase(text)
    }

    /// The bytes `start..<end`.
    func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// Without white space at both ends.
    var trimmed: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return slice(start, end)
    }

    /// The text; ill-formed UTF-8 is replaced by U+FFFD.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// The members of a comma-separated list, without white space, empty ones left out.
    func forEachListMember(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        for index in 0...count where index == count || self[index] == UInt8(ascii: ",") {
            let member = slice(start, index).trimmed
            if !member.isEmpty { body(member) }
            start = index + 1
        }
    }
}
