// Base58 with the Bitcoin alphabet (IETF draft-msporny-base58-03), for a few dozen bytes.

/// Both ways take time quadratic in the length: callers bound it.
enum Base58 {
    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    /// The bytes as one big-endian number; each leading zero byte is a leading `1`.
    static func encode(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            multiply(&digits, from: 256, to: 58, adding: byte)
        }
        let zeros = bytes.prefix { $0 == 0 }.count
        let text = Array(repeating: alphabet[0], count: zeros)
            + digits.reversed().map { alphabet[Int($0)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil where a character is not of the alphabet.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for character in text {
            guard let digit = alphabet.firstIndex(of: character) else { return nil }
            multiply(&bytes, from: 58, to: 256, adding: UInt8(digit))
        }
        return Array(repeating: 0, count: text.prefix { $0 == alphabet[0] }.count)
            + bytes.reversed()
    }

    /// `number * from + addend`; the digits are little-endian, below `to`, with no zero on top.
    private static func multiply(
        _ number: inout [UInt8], from: Int, to: Int, adding addend: UInt8
    ) {
        var carry = Int(addend)
        for index in number.indices {
            carry += Int(number[index]) * from
            number[index] = UInt8(carry % to)
            carry /= to
        }
        while carry > 0 {
            number.append(UInt8(carry % to))
            carry /= to
        }
    }
}
