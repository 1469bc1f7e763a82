// Dates of the Date field, against `date -u -d @SECONDS`.
import Platform
import Primitives
import Testing

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    ] as [(UInt64, String)])
    func formats(seconds: UInt64, text: String) {
        let instant = Instant(nanoseconds: seconds * Nanoseconds.perSecond + 999_999_999)
        #expect(HTTPDate.format(instant) == text)
    }
}
