// What one component draws depends on the seed and its name, and on nothing else.
import Primitives
import Testing

@testable import Simulation

@Suite struct ChanceTests {
    @Test func componentsDrawApart() {
        var one = Chance(seed: 7, "network")
        var other = Chance(seed: 7, "network")
        var disk = Chance(seed: 7, "disk")
        var secondDisk = Chance(seed: 7, "disk", 1)
        let words = (0..<8).map { _ in one.word() }
        #expect(words == (0..<8).map { _ in other.word() })
        #expect(words != (0..<8).map { _ in disk.word() })
        #expect(words != (0..<8).map { _ in secondDisk.word() })
    }

    @Test func numbersStayInTheirRange() {
        var chance = Chance(seed: 1, "range")
        var seen: Set<UInt64> = []
        for _ in 0..<200 {
            seen.insert(chance.below(UInt64(5)))
            let word = chance.within(3...4)
            #expect(word == 3 || word == 4)
        }
        #expect(seen == [0, 1, 2, 3, 4])
        let (none, never) = (chance.below(UInt64(0)), chance.isLucky(permille: 0))
        let (always, shuffled) = (
            chance.isLucky(permille: 1_000), chance.shuffled(Array(0..<9)))
        let nothing = chance.choose([Int]())
        #expect(none == 0 && !never && always && nothing == nil)
        #expect(shuffled.sorted() == Array(0..<9))
    }
}
