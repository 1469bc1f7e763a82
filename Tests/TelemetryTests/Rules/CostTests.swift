// Doubles and decimals to nano-credits, against values worked out by hand.
import Primitives
import TestSupport
import Testing

@testable import Telemetry

@Suite struct CostTests {
    @Test(arguments: [
        (0.0, 0), (1.0, 1_000_000_000), (0.5, 500_000_000), (123_456.789, 123_456_789_000_000),
        (.leastNonzeroMagnitude, 0), (1e-30, 0), (0x1p-30, 1), (0x1p-10, 976_562),
    ] as [(Double, UInt128)])
    func doubles(dollars: Double, nano: UInt128) {
        #expect(Cost.nanoCredits(dollars) == nano)
    }

    @Test(arguments: [-1.0, .nan, .infinity, -.infinity, 1e30, .greatestFiniteMagnitude])
    func doublesThatAreNoCost(dollars: Double) {
        #expect(Cost.nanoCredits(dollars) == nil)
    }

    @Test(arguments: ["", ".", "-1", "1e", "1e+", "1e100", "0x1", "1 ", "1..2", "NaN"])
    func decimalsThatAreNoCost(text: String) {
        let cost = Array(text.utf8).withUnsafeBytes { Cost.nanoCredits(decimal: $0) }
        #expect(cost == nil)
    }

    @Test(arguments: propertySeeds)
    func wholeNanoCreditsSurvive(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let nano = UInt64.random(in: 0..<1 << 50, using: &generator)
            let cost = Cost.nanoCredits(Double(nano) / 1e9)
            #expect(cost == UInt128(nano), "seed \(seed)")
        }
    }
}
