// Quantities as people read them.
import Primitives
import Testing

@testable import Command

@Suite struct QuantityTests {
    @Test(arguments: [
        (0, "0 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (12_345, "12.3 µs"),
        (999_999, "999 µs"), (1_000_000, "1.00 ms"), (340_000_000, "340 ms"),
        (1_240_000_000, "1.24 s"), (119_999_999_999, "119 s"), (200_000_000_000, "3 min 20 s"),
        (7_260_000_000_000, "2 h 1 min"), (UInt64.max, "5124095 h 34 min"),
    ])
    func duration(nanoseconds: UInt64, text: String) {
        #expect(Quantity.duration(nanoseconds) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (1_023, "1023 B"), (1_024, "1.00 KiB"), (1_536, "1.50 KiB"),
        (12 << 20, "12.0 MiB"), (1 << 40, "1.00 TiB"), (UInt64.max, "16777215 TiB"),
    ])
    func bytes(count: UInt64, text: String) { #expect(Quantity.bytes(count) == text) }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"),
        (UInt64.max, "18,446,744,073,709,551,615"),
    ])
    func count(value: UInt64, text: String) { #expect(Quantity.count(value) == text) }

    @Test(arguments: [
        (UInt128(0), "0.00"), (1, "0.000000001"), (1_230_000, "0.00123"),
        (12_000_000_000, "12.00"),
        (UInt128.max, "340282366920938463463374607431.768211455"),
    ])
    func credits(nano: UInt128, text: String) { #expect(Quantity.credits(nano) == text) }

    @Test(arguments: [
        (0, "1970-01-01 00:00:00Z"), (951_782_399, "2000-02-28 23:59:59Z"),
        (951_782_400, "2000-02-29 00:00:00Z"), (1_795_261_564, "2026-11-21 11:46:04Z"),
        (4_107_542_400, "2100-03-01 00:00:00Z"), (18_446_744_073, "2554-07-21 23:34:33Z"),
    ])
    func time(seconds: UInt64, text: String) {
        let instant = Instant(nanoseconds: seconds * Nanoseconds.perSecond)
        #expect(Quantity.time(instant) == text)
    }

    @Test func tablesAlign() {
        var table = Table(.text("NAME", limit: 5), .number("N"))
        table.add("abc", "1")
        table.add("abcdefg", "1,000")
        let text = table.text(for: Transcript().console())
        #expect(text == "NAME       N\nabc        1\nabcd…  1,000")
    }

    @Test func stylesAreForTerminalsOnly() {
        var table = Table(.text("A"))
        table.add("x", style: .red)
        #expect(!table.text(for: Transcript().console()).contains("\u{1B}"))
        #expect(table.text(for: Transcript().console(isTerminal: true)).contains("\u{1B}[31mx"))
    }

    @Test(arguments: [
        ("plain", "plain"), ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"), ("a\nb", "a\u{FFFD}b"),
        ("\u{202E}evil", "\u{FFFD}evil"), ("ß→🙂", "ß→🙂"), ("\u{9B}x", "\u{FFFD}x"),
    ])
    func strangersCannotSteerTheTerminal(text: String, shown: String) {
        #expect(printable(text) == shown)
    }
}
