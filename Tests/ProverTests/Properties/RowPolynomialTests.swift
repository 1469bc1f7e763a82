// Public polynomials of rows, and claims about forms, against their values at each row.
import BinaryFields
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct RowPolynomialTests {
    @Test(arguments: 0...9) func lessIsTheIndicator(bound: Int) {
        for row in 0..<8 {
            let corner = RowPolynomials.corner(row, count: 3)
            #expect(RowPolynomials.less(corner, than: bound) == (row < bound ? .one : .zero))
        }
    }

    @Test func nextIsTheIndicator() {
        for row in 0..<16 {
            for other in 0..<16 {
                let (x, y) = (
                    RowPolynomials.corner(row, count: 4), RowPolynomials.corner(other, count: 4))
                #expect(RowPolynomials.next(x, y) == (other == row + 1 ? .one : .zero))
            }
        }
    }

    /// They have degree one in each variable: a random point is a weighted sum of corners.
    @Test(arguments: propertySeeds.prefix(6)) func theyAreMultilinear(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let point = (0..<4).map { _ in GF128(low: generator.next(), high: generator.next()) }
        let other = (0..<4).map { _ in GF128(low: generator.next(), high: generator.next()) }
        let (rows, others) = (Equality.table(point), Equality.table(other))
        let bound = Int(generator.next() % 17)
        let less = (0..<16).filter { $0 < bound }.reduce(GF128.zero) { $0 + rows[$1] }
        #expect(RowPolynomials.less(point, than: bound) == less, "seed \(seed)")
        let next = (0..<15).reduce(GF128.zero) { $0 + rows[$1] * others[$1 + 1] }
        #expect(RowPolynomials.next(point, other) == next, "seed \(seed)")
        let groups = rows[7] + rows[15]
        #expect(RowPolynomials.groupEnd(point) == groups, "seed \(seed)")
    }

    @Test(arguments: [1, 7, 8, 9, 15, 16]) func selectorsAreTheirBits(active: Int) {
        for row in 0..<16 {
            let corner = RowPolynomials.corner(row, count: 4)
            let isEnd = row % 8 == 7 && row < active
            #expect(
                RowPolynomials.selector(.activeGroupEnd, at: corner, active: active)
                    == (isEnd ? .one : .zero))
        }
    }

    @Test func stacksAreAligned() {
        let stack = AlignedStack(logSizes: [1, 4, 2, 4, 0], least: 3)
        #expect(stack.offsets == [36, 0, 32, 16, 38])
        #expect(stack.used == 39 && stack.logSize == 6)
        for (offset, size) in zip(stack.offsets, stack.logSizes) {
            #expect(offset & ((1 << size) - 1) == 0)
        }
        let corner = RowPolynomials.corner(37, count: 6)
        #expect((0..<5).map { stack.weight(of: $0, at: corner) == .one } == [
            true, false, false, false, false,
        ])
    }
}
