// Quantities as a person reads them: durations, sizes, money, counts and times.
import Primitives

enum Quantity {
    /// E.g. `850 ns`, `12.3 µs`, `340 ms`, `1.24 s`, `3 min 20 s`.
    static func duration(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1_000: return "\(nanoseconds) ns"
        case ..<1_000_000: return scaled(nanoseconds, 1_000) + " µs"
        case ..<1_000_000_000: return scaled(nanoseconds, 1_000_000) + " ms"
        case ..<120_000_000_000: return scaled(nanoseconds, 1_000_000_000) + " s"
        default:
            let seconds = nanoseconds / 1_000_000_000
            if seconds < 7_200 { return "\(seconds / 60) min \(seconds % 60) s" }
            return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        }
    }

    /// E.g. `512 B`, `1.50 KiB`, `12.0 MiB`.
    static func bytes(_ count: UInt64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard count >= 1_024 else { return "\(count) B" }
        var unit: UInt64 = 1_024
        var index = 0
        while index + 1 < units.count, count / unit >= 1_024 {
            unit *= 1_024
            index += 1
        }
        return scaled(count, unit) + " " + units[index]
    }

    /// Three digits at least, so that a value below 1,000 units keeps its meaning.
    private static func scaled(_ value: UInt64, _ unit: UInt64) -> String {
        let whole = value / unit
        let thousandths = (value % unit).multipliedFullWidth(by: 1_000)
        let rest = unit.dividingFullWidth(thousandths).quotient
        switch whole {
        case 100...: return "\(whole)"
        case 10...: return "\(whole).\(rest / 100)"
        default: return "\(whole)." + padded(rest / 10, 2)
        }
    }

    /// Digits in groups of three: `1,234,567`.
    static func count(_ value: UInt64) -> String {
        var text = ""
        for (index, digit) in String(value).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// Credits with as many decimals as are needed, at least two: `0.00123`, `12.00`.
    static func credits(_ nanoCredits: UInt128) -> String {
        let whole = nanoCredits / 1_000_000_000
        var decimals = Array(padded(UInt64(nanoCredits % 1_000_000_000), 9))
        while decimals.count > 2, decimals.last == "0" { decimals.removeLast() }
        return "\(whole)." + String(decimals)
    }

    /// UTC to the second: `2026-11-21 11:21:05Z`.
    static func time(_ instant: Instant) -> String {
        let seconds = instant.nanoseconds / 1_000_000_000
        let (year, month, day) = date(day: seconds / 86_400)
        let rest = seconds % 86_400
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) "
            + "\(padded(rest / 3_600, 2)):\(padded(rest % 3_600 / 60, 2)):\(padded(rest % 60, 2))Z"
    }

    /// The date of a day since 1970, proleptic Gregorian.
    private static func date(day: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        var year: UInt64 = 1970
        var rest = day
        func isLeap(_ year: UInt64) -> Bool {
            year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        }
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        let lengths: [UInt64] = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var month = 0
        while month < 11, rest >= lengths[month] {
            rest -= lengths[month]
            month += 1
        }
        return (year, UInt64(month) + 1, rest + 1)
    }

    /// With zeros in front, up to `width` digits.
    private static func padded(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
