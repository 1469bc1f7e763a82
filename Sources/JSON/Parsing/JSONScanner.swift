// The tokens of RFC 8259 §6 and §7: strings, numbers and literals, checked byte by byte.

/// Reads tokens from the front of a text; every step checks its bounds.
struct JSONScanner {
    private let text: UnsafeBufferPointer<UInt8>
    private(set) var offset = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { offset == text.count }

    var startsWithByteOrderMark: Bool { text.starts(with: [0xEF, 0xBB, 0xBF]) }

    func bytes(of entry: JSONTapeEntry) -> Slice<UnsafeBufferPointer<UInt8>> {
        text[Int(entry.start)..<Int(entry.end)]
    }

    /// The next byte, which stays unread.
    func peek() throws(JSONFailure) -> UInt8 {
        guard offset < text.count else { throw JSONFailure(.truncated, at: offset) }
        return text[offset]
    }

    /// Skips one byte that `peek` has shown to be there.
    mutating func advance() { offset += 1 }

    mutating func skipSpace() {
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    mutating func expect(_ literal: StaticString) throws(JSONFailure) {
        for index in 0..<literal.utf8CodeUnitCount {
            guard try peek() == literal.utf8Start[index] else {
                throw JSONFailure(.unexpectedByte, at: offset)
            }
            offset += 1
        }
    }

    /// Reads a number; true where it has neither fraction nor exponent.
    mutating func number() throws(JSONFailure) -> Bool {
        if try peek() == UInt8(ascii: "-") { offset += 1 }
        let first = offset
        try digits()
        if offset > first + 1 && text[first] == UInt8(ascii: "0") {
            throw JSONFailure(.leadingZero, at: first)
        }
        var isInteger = true
        if offset < text.count && text[offset] == UInt8(ascii: ".") {
            isInteger = false
            offset += 1
            try digits()
        }
        if offset < text.count && text[offset] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset += 1
            let sign = try peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        return isInteger
    }

    /// One or more decimal digits.
    private mutating func digits() throws(JSONFailure) {
        guard try peek() &- 0x30 < 10 else { throw JSONFailure(.unexpectedByte, at: offset) }
        while offset < text.count && text[offset] &- 0x30 < 10 { offset += 1 }
    }

    /// Reads a string from quote to quote; true where it has escapes.
    mutating func string() throws(JSONFailure) -> Bool {
        var cursor = offset + 1
        var hasEscapes = false
        while true {
            cursor = plainEnd(from: cursor)
            guard cursor < text.count else { throw JSONFailure(.truncated, at: cursor) }
            let byte = text[cursor]
            if byte == UInt8(ascii: "\"") {
                offset = cursor + 1
                return hasEscapes
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                if cursor + 1 < text.count, JSONText.plain(text[cursor + 1]) != nil {
                    cursor += 2
                    continue
                }
                offset = cursor
                try unicodeEscape()
                cursor = offset
            } else if byte < 0x20 {
                throw JSONFailure(.controlCharacter, at: cursor)
            } else if byte >= 0x80 {
                offset = cursor
                try sequence(first: byte)
                cursor = offset
            } else {
                cursor += 1
            }
        }
    }

    /// The first place from `start` on where a byte needs a look or fewer than eight are left:
    /// skips eight bytes at a time that are ASCII, no control, no quote and no backslash.
    ///
    /// A borrow can only travel up from a byte that stops the scan, so the lowest flag is exact.
    @inline(__always)
    private func plainEnd(from start: Int) -> Int {
        guard let base = UnsafeRawPointer(text.baseAddress) else { return start }
        let ones: UInt64 = 0x0101_0101_0101_0101
        var cursor = start
        while cursor + 8 <= text.count {
            let word = UInt64(
                littleEndian: base.loadUnaligned(fromByteOffset: cursor, as: UInt64.self))
            let quote = (word ^ ones &* 0x22) &- ones
            let backslash = (word ^ ones &* 0x5C) &- ones
            let control = word &- ones &* 0x20
            let stops = (quote | backslash | control | word) & ones &* 0x80
            if stops != 0 { return cursor + stops.trailingZeroBitCount / 8 }
            cursor += 8
        }
        return cursor
    }

    /// Reads an escape of four digits, both halves of a surrogate pair together (RFC 8259 §7).
    private mutating func unicodeEscape() throws(JSONFailure) {
        let start = offset
        offset += 1
        guard try peek() == UInt8(ascii: "u") else { throw JSONFailure(.invalidEscape, at: start) }
        offset += 1
        let unit = try hexUnit()
        if unit & 0xFC00 == 0xDC00 { throw JSONFailure(.loneSurrogate, at: start) }
        if unit & 0xFC00 == 0xD800 { try lowSurrogate(after: start) }
    }

    private mutating func lowSurrogate(after start: Int) throws(JSONFailure) {
        guard try peek() == UInt8(ascii: "\\") else { throw JSONFailure(.loneSurrogate, at: start) }
        offset += 1
        guard try peek() == UInt8(ascii: "u") else { throw JSONFailure(.loneSurrogate, at: start) }
        offset += 1
        guard try hexUnit() & 0xFC00 == 0xDC00 else { throw JSONFailure(.loneSurrogate, at: start) }
    }

    private mutating func hexUnit() throws(JSONFailure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = JSONText.hexDigit(try peek()) else {
                throw JSONFailure(.invalidEscape, at: offset)
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }

    /// Reads one UTF-8 sequence of two to four bytes, shortest form, no surrogates (RFC 3629 §4).
    private mutating func sequence(first: UInt8) throws(JSONFailure) {
        let start = offset
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONFailure(.invalidUTF8, at: start)
        }
        offset += 1
        for index in 1..<length {
            let allowed = index == 1 ? second : 0x80...0xBF
            guard allowed.contains(try peek()) else { throw JSONFailure(.invalidUTF8, at: start) }
            offset += 1
        }
    }
}
