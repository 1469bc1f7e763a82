// The field is a field: its product against the definition, inverses, Frobenius, trace and dual.
import BinaryFields
import Primitives
import TestSupport
import Testing

@Suite struct FieldTests {
    @Test(arguments: propertySeeds) func productsFollowTheDefinition(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let values = GF128.edges + GF128.random(4, &generator)
        for left in values {
            for right in values {
                #expect(left * right == left.schoolbook(right), "seed \(seed)")
            }
        }
    }

    @Test(arguments: propertySeeds) func inversesUndoProducts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let value = GF128.random(&generator)
        #expect(value * value.inverted() == .one, "seed \(seed)")
        #expect(value.squared(times: 128) == value, "seed \(seed)")
        let other = GF128.random(&generator)
        #expect((value + other).squared() == value.squared() + other.squared(), "seed \(seed)")
    }

    @Test func timesXIsAProduct() {
        for value in GF128.edges { #expect(value.timesX() == value.schoolbook(GF128(bit: 1))) }
    }

    @Test func zeroHasTheInverseZero() {
        #expect(GF128.zero.inverted() == .zero)
    }

    @Test func theTraceOfDualsReadsCoefficients() {
        var generator = SeededGenerator(seed: 9)
        let value = GF128.random(&generator)
        for index in 0..<128 {
            let trace = (value * DualBasis.elements[index]).trace()
            #expect(trace == (value.bit(index) ? .one : .zero))
        }
    }

    @Test func aLinearMapIsItsPolynomial() {
        var generator = SeededGenerator(seed: 10)
        let images = GF128.random(128, &generator)
        let value = GF128.random(&generator)
        let coefficients = DualBasis.polynomial(images: images)
        var (sum, power) = (GF128.zero, value)
        for coefficient in coefficients {
            sum += coefficient * power
            power = power.squared()
        }
        let map = LinearMap(images: images)
        #expect(map(value) == sum)
        var out = GF128.zero
        withUnsafePointer(to: value) { map.map($0, into: &out, count: 1) }
        #expect(out == sum)
    }

    @Test(arguments: propertySeeds.prefix(4)) func mapsOfWordsAddTheirBits(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let images = GF128.random(64, &generator)
        let words = (0..<5).map { _ in generator.next() }
        var out = [GF128](repeating: .zero, count: 5)
        let map = LinearMap(images: images)
        words.withUnsafeBufferPointer { words in
            map.map(words.baseAddress!, into: &out, count: 5, adding: false)
            map.map(words.baseAddress!, into: &out, count: 4, adding: true)
        }
        var expected = GF128.zero
        for bit in 0..<64 where words[4] >> UInt64(bit) & 1 == 1 { expected += images[bit] }
        #expect(out == [.zero, .zero, .zero, .zero, expected], "seed \(seed)")
    }

    @Test(arguments: [1, 7, 8, 21]) func bitSumsAddTheWeightsOfSetBits(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let (values, weights) = (
            GF128.random(count, &generator), GF128.random(count, &generator))
        var sums = [GF128](repeating: .one, count: 128)
        FieldLoops.bitSums(&sums, of: values, weights: weights, count: count)
        for bit in 0..<128 {
            let expected = zip(values, weights).reduce(GF128.one) {
                $1.0.bit(bit) ? $0 + $1.1 : $0
            }
            #expect(sums[bit] == expected)
        }
    }

    @Test func equalityPicksACorner() {
        var generator = SeededGenerator(seed: 11)
        let point = GF128.random(5, &generator)
        let table = Equality.table(point)
        for index in 0..<32 {
            let corner = (0..<5).map { index >> $0 & 1 == 1 ? GF128.one : .zero }
            #expect(table[index] == Equality.value(point, corner))
            #expect(Equality.evaluate(table, at: corner) == table[index])
        }
    }
}
