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
    static func unescape(_ inside: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(inside.count)
        var rest = inside.makeIterator()
        var high: UInt32 = 0
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.next() else {
                text.append(byte)
                continue
            }
            guard letter == UInt8(ascii: "u") else {
                text.append(plain(letter))
                continue
            }
            var unit: UInt32 = 0
            for _ in 0..<4 { unit = unit << 4 | UInt32(rest.next().flatMap(hexDigit) ?? 0) }
            if unit & 0xFC00 == 0xD800 {
                high = unit
            } else {
                let scalar =
                    unit & 0xFC00 == 0xDC00
                    ? 0x10000 + (high & 0x3FF) << 10 + unit & 0x3FF : unit
                append(scalar, to: &text)
            }
        }
        return text
    }

    private static func plain(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar), let units = UTF8.encode(scalar) else { return }
        text.append(contentsOf: units)
    }
}
