// Date and time as text (RFC 3339 without a zone) to an instant.
import Primitives

enum CivilTime {
    /// `2025-04-30T16:32:54.707474`, the fraction of 0 to 9 digits, `Z` allowed, read as UTC. Nil
    /// for other text and years outside 1970 to 2199.
    static func instant(_ text: String) -> Instant? {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: "Z") { bytes.removeLast() }
        guard bytes.count >= 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54,
            bytes[13] == 0x3A, bytes[16] == 0x3A,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            let fraction = nanoseconds(bytes[19...])
        else { return nil }
        guard (1970..<2200).contains(year), (1...12).contains(month), (1...31).contains(day),
            hour < 24, minute < 60, second < 61
        else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        return Instant(nanoseconds: seconds * Nanoseconds.perSecond + fraction)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            guard digit &- 0x30 < 10 else { return nil }
            value = value * 10 + UInt64(digit - 0x30)
        }
        return value
    }

    private static func nanoseconds(_ fraction: ArraySlice<UInt8>) -> UInt64? {
        guard !fraction.isEmpty else { return 0 }
        guard fraction.first == 0x2E, (2...10).contains(fraction.count) else { return nil }
        guard var value = number(fraction.dropFirst()) else { return nil }
        for _ in fraction.count..<10 { value *= 10 }
        return value
    }

    /// Days since 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day
    /// is the last, and 719,468 days lie between 0000-03-01 and 1970-01-01.
    private static func days(_ year: UInt64, _ month: UInt64, _ day: UInt64) -> UInt64 {
        let shifted = month > 2 ? year : year - 1
        let fromMarch = (month + 9) % 12
        let dayOfYear = (153 * fromMarch + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
