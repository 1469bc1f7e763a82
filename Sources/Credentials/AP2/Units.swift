// How amounts and times stand in AP2's documents: credits with decimals, dates of RFC 3339 in UTC.
import JSON
import Primitives

enum CreditText {
    private static let decimals = 9

    /// Credits with as many decimals as are needed.
    static func number(_ amount: Amount) -> JSONNumber? {
        let (whole, rest) = amount.nanoCredits.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest > 0 else { return JSONNumber(whole) }
        var digits = String(rest)
        digits = String(repeating: "0", count: decimals - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return JSONNumber("\(whole).\(digits)")
    }

    /// Nil where it is negative, has an exponent, or is no number of nano-credits of 128 bits.
    static func amount(_ number: JSONNumber) -> Amount? {
        let parts = number.text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard fraction.utf8.count <= decimals else { return nil }
        let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
        let digits = parts[0] + fraction + zeros
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let nano = UInt128(digits)
        else { return nil }
        return Amount(nanoCredits: nano)
    }
}

enum DateText {
    private static let secondsPerDay: UInt64 = 86_400

    /// `2026-11-21T23:59:59Z`: seconds since 1970, below the year 10000.
    static func text(seconds: UInt64) -> String {
        var (days, rest) = seconds.quotientAndRemainder(dividingBy: secondsPerDay)
        var year: UInt64 = 1970
        while days >= length(of: year) {
            days -= length(of: year)
            year += 1
        }
        var month = 0
        let months = months(of: year)
        while days >= months[month] {
            days -= months[month]
            month += 1
        }
        func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(year)-\(two(UInt64(month + 1)))-\(two(days + 1))"
        let hour = two(rest / 3_600)
        rest %= 3_600
        return "\(date)T\(hour):\(two(rest / 60)):\(two(rest % 60))Z"
    }

    /// Seconds since 1970; nil for any other form, for fractions of seconds, and for days that
    /// there are not.
    static func seconds(_ text: String) -> UInt64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 else { return nil }
        let marks: [(Int, UInt8)] = [(4, 0x2D), (7, 0x2D), (10, 0x54), (13, 0x3A), (16, 0x3A)]
        guard marks.allSatisfy({ bytes[$0.0] == $0.1 }), bytes[19] == 0x5A else { return nil }
        func number(_ range: Range<Int>) -> UInt64? {
            var value: UInt64 = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + UInt64(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19), year >= 1970, (1...12).contains(month), hour < 24,
            minute < 60, second < 60
        else { return nil }
        let months = months(of: year)
        guard (1...months[Int(month) - 1]).contains(day) else { return nil }
        var days = (1970..<year).reduce(0) { $0 + length(of: $1) } + day - 1
        for month in months.prefix(Int(month) - 1) { days += month }
        return days * secondsPerDay + hour * 3_600 + minute * 60 + second
    }

    private static func isLeap(_ year: UInt64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func length(of year: UInt64) -> UInt64 { isLeap(year) ? 366 : 365 }

    private static func months(of year: UInt64) -> [UInt64] {
        [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }
}
