// Soundness in integers: every standard size has its bits, and bounds are never too small.
import Ligerito
import Testing

@Suite struct ParametersTests {
    @Test(arguments: LigeritoParameters.sizes, [0, LigeritoParameters.wideMargin])
    func standardSizesAreSound(logElements: Int, margin: Int) throws {
        let parameters = try #require(
            LigeritoParameters.standard(logElements: logElements, margin: margin))
        #expect(parameters.soundness.bits >= LigeritoParameters.soundnessBits)
        #expect(parameters.soundness.bits <= 103 + margin)
        #expect(parameters.finalVariables <= 11)
        #expect(LigeritoParameters.standard(logElements: logElements, margin: 1) == nil)
    }

    /// (5/8)^152 = 2^-103.07 and (9/16)^124 = 2^-102.93, by themselves.
    @Test(arguments: [(2, 152, 103), (3, 124, 102), (1, 245, 101), (4, 113, 103), (2, 147, 99), (2, 161, 109),
        (3, 132, 109)])
    func queriesHaveTheirBits(rateBits: Int, queries: Int, bits: Int) {
        let miss = ErrorBound((1 << UInt64(rateBits)) + 1, over: rateBits + 1)
        #expect(miss.power(queries).bits == bits)
    }

    @Test func boundsOfPowersOfTwoAreExact() {
        let half = ErrorBound(1, over: 1)
        #expect(half.bits == 1)
        #expect((half * half).bits == 2)
        #expect((half + half).bits == 0)
        #expect(half.power(100).bits == 100)
        #expect((half.power(100) + half.power(100)).bits == 99)
        #expect((half.power(100) + half.power(300)).bits == 99)
        #expect(ErrorBound(3, over: 2).bits == 0)
        #expect(ErrorBound(3, over: 4).bits == 2)
    }

    @Test func tooFewQueriesAreSeen() throws {
        let level = LigeritoLevel(foldings: 4, rateBits: 2, queries: 147)
        let parameters = try #require(LigeritoParameters(logElements: 12, levels: [level]))
        #expect(parameters.soundness.bits < LigeritoParameters.soundnessBits)
    }

    @Test func impossibleShapesAreRefused() {
        let level = LigeritoLevel(foldings: 4, rateBits: 2, queries: 10)
        #expect(LigeritoParameters(logElements: 3, levels: [level]) == nil)
        #expect(LigeritoParameters(logElements: 27, levels: [level]) == nil)
        #expect(LigeritoParameters(logElements: 9, levels: []) == nil)
        for (foldings, rateBits, queries) in [(0, 2, 10), (9, 2, 10), (4, 0, 10), (4, 5, 10), (4, 2, 0)] {
            let wrong = LigeritoLevel(foldings: foldings, rateBits: rateBits, queries: queries)
            #expect(LigeritoParameters(logElements: 16, levels: [wrong]) == nil)
        }
        #expect(LigeritoParameters.standard(logElements: 5, margin: 0) == nil)
        #expect(LigeritoParameters.standard(logElements: 27, margin: 0) == nil)
    }
}
