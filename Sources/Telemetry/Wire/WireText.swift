// Text inside wire messages: is it UTF-8, and where may it be cut.

enum WireText {
    /// True where the bytes are UTF-8: shortest forms, no surrogates, at most U+10FFFF (RFC 3629).
    static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while true {
            offset = skipASCII(text, from: offset)
            guard offset < text.count else { return true }
            let length = sequenceLength(text, at: offset)
            guard length > 0 else { return false }
            offset += length
        }
    }

    private static func skipASCII(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            offset += 8
        }
        while offset < text.count && text[offset] < 0x80 { offset += 1 }
        return offset
    }

    /// The length of the sequence of two to four bytes at `offset`, 0 where there is none.
    private static func sequenceLength(_ text: UnsafeRawBufferPointer, at offset: Int) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch text[offset] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard offset + length <= text.count, second.contains(text[offset + 1]) else { return 0 }
        for index in 2..<max(length, 2) where text[offset + index] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// The text, cut after the last whole scalar that ends within `limit` bytes.
    static func prefix(_ text: UnsafeRawBufferPointer, limit: Int) -> String {
        var count = text.count
        if count > limit {
            count = limit
            while count > 0 && text[count] & 0xC0 == 0x80 { count -= 1 }
        }
        return String(decoding: UnsafeRawBufferPointer(rebasing: text[..<count]), as: UTF8.self)
    }
}
