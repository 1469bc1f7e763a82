// The tree of a run, whatever the callers in it say.
import Primitives
import TestSupport
import Testing

@testable import Command

@Suite struct RunTreeTests {
    private func lines(_ operations: [(id: String, caller: String)]) -> [String] {
        RunTree(operations).rows.map { $0.lines + operations[$0.index].id }
    }

    @Test func childrenStandBelowTheirCallers() {
        #expect(
            lines([("a", ""), ("b", "a"), ("c", "b"), ("d", "a"), ("e", "")]) == [
                "a", "├─ b", "│  └─ c", "└─ d", "e",
            ])
    }

    @Test func childrenMayComeBeforeTheirCallers() {
        #expect(lines([("c", "b"), ("b", "a"), ("a", "")]) == ["a", "└─ b", "   └─ c"])
    }

    @Test func anAbsentCallerMakesARoot() {
        #expect(lines([("b", "gone"), ("c", "b")]) == ["b", "└─ c"])
    }

    @Test func aCircleIsCutAtItsFirstMember() {
        #expect(lines([("a", "b"), ("b", "a"), ("c", "a")]) == ["a", "├─ b", "└─ c"])
    }

    @Test func anOperationThatCallsItselfIsARoot() { #expect(lines([("a", "a")]) == ["a"]) }

    @Test func aRepeatedIdIsShownTwice() {
        #expect(lines([("a", ""), ("a", ""), ("b", "a")]) == ["a", "└─ b", "a"])
    }

    @Test func depthIsBounded() {
        let operations = (0..<20_000).map { ("\($0)", $0 == 0 ? "" : "\($0 - 1)") }
        let rows = RunTree(operations).rows
        #expect(rows.map(\.index) == Array(0..<20_000))
        #expect(rows.allSatisfy { $0.lines.count <= 80 })
    }

    @Test(arguments: propertySeeds)
    func everyOperationIsShownOnce(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...200, using: &generator)
        let operations = (0..<count).map { number in
            ("\(number)", "\(Int.random(in: 0...count, using: &generator))")
        }
        let shown = RunTree(operations).rows.map(\.index).sorted()
        #expect(shown == Array(0..<count), "seed \(seed)")
    }
}
