// Strings of text that the scanner has checked: unescaping, and comparison by bytes.

enum JSONText {
    /// The value of a hexadecimal digit of either case, nil for another byte.
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The UTF-8 that `inside`, the bytes between the quotes of a checked string, stands for.
    static func unescape(_ inside: ArraySlice<UInt8>) -> [UInt8] {
        inside.withUnsafeBufferPointer { bytes in
            [UInt8](unsafeUninitializedCapacity: bytes.count) { text, count in
                count = unescape(bytes, into: text)
            }
        }
    }

    /// An escape is never shorter than what it stands for, so `text` is large enough.
    private static func unescape(
        _ bytes: UnsafeBufferPointer<UInt8>, into text: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var count = 0
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == UInt8(ascii: "\\"), offset + 1 < bytes.count else {
                text[count] = byte
                (count, offset) = (count + 1, offset + 1)
                continue
            }
            if let plain = plain(bytes[offset + 1]) {
                text[count] = plain
                (count, offset) = (count + 1, offset + 2)
                continue
            }
            var scalar = unit(bytes, at: offset + 2)
            offset += 6
            if scalar & 0xFC00 == 0xD800 {
                let low = unit(bytes, at: offset + 2)
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                offset += 6
            }
            for unit in Unicode.Scalar(scalar).flatMap({ UTF8.encode($0) }) ?? .init() {
                text[count] = unit
                count += 1
            }
        }
        return count
    }

    /// The number that four hexadecimal digits stand for.
    private static func unit(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt32 {
        var unit: UInt32 = 0
        for index in offset..<offset + 4 where index < bytes.count {
            unit = unit << 4 | UInt32(hexDigit(bytes[index]) ?? 0)
        }
        return unit
    }

    /// The byte that a backslash and `letter` stand for, nil for `u` and what is no escape.
    static func plain(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }
}
