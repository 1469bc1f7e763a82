// The guest library against models of this side: collections, allocator, runtime, host calls.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Command

@Suite(.enabled(if: GuestPrograms.canBuild, GuestPrograms.reason))
struct GuestLibraryTests {
    @Test func collectionsDoWhatTheirModelsDo() throws {
        for seed in propertySeeds.prefix(6) {
            var chance = SeededGenerator(seed: seed)
            var guest = try Conversation("Tests/Vectors/guest/collections.swift")
            var map: [UInt64: UInt64] = [:]
            var list: [UInt64] = []
            for round in 0..<300 {
                let key = UInt64.random(in: 0..<24, using: &chance)
                let value = chance.next()
                let verb = UInt64.random(in: 1...6, using: &chance)
                let words: [UInt64] = [[1, key, value], [2, key], [3, key], [4, value], [5], [6]][
                    Int(verb) - 1]
                let expected = Self.obey(words, &map, &list)
                #expect(guest.say(words).words == expected, "seed \(seed), round \(round)")
            }
        }
    }

    private static func obey(
        _ words: [UInt64], _ map: inout [UInt64: UInt64], _ list: inout [UInt64]
    ) -> [UInt64] {
        switch words[0] {
        case 1:
            guard map[words[1]] != nil || map.count < 16 else { return [0] }
            map[words[1]] = words[2]
            return [1]
        case 2: return map[words[1]].map { [1, $0] } ?? [0, 0]
        case 3: return [map.removeValue(forKey: words[1]) == nil ? 0 : 1]
        case 4:
            guard list.count < 5 else { return [0] }
            list.append(words[1])
            return [1]
        case 5: return list.popLast().map { [1, $0] } ?? [0, 0]
        default: return [UInt64(map.count), UInt64(list.count)]
        }
    }

    @Test func theAllocatorUsesBlocksAgain() throws {
        var guest = try Conversation("Tests/Vectors/guest/heap.swift")
        let total = (0..<200 as Range<UInt64>).reduce(0) { sum, round in
            (0..<100 as Range<UInt64>).reduce(sum) { $0 + ($1 ^ round) }
        }
        #expect(guest.say([]).words == [total])
        let (words, end) = guest.say([12])
        #expect(words == [72, 144])
        #expect(end == .ended(0))
    }

    /// Sorting, closures, an indirect enumeration, optionals and text, as Swift has them here.
    @Test func theLanguageDoesWhatItDoesHere() throws {
        var guest = try Conversation("Tests/Vectors/guest/language.swift")
        let count = 40
        let values = (0..<count).map { ($0 * 7_919) % 101 }.sorted()
        let walked = values.map { $0 ^ 5 }.sorted().reduce(0) { $0 &* 31 &+ $1 }
        let text = "40 of 5".utf8.map { UInt64($0) }
        let (words, end) = guest.say([UInt64(count)])
        let first = values.prefix(3).map { UInt64($0) }
        #expect(words == first + [UInt64(bitPattern: Int64(walked)), 3] + text)
        #expect(end == .ended(0))
    }

    private static let pairs: [(UInt128, UInt128)] = [
        (UInt128.max, 3), (1 << 127, UInt128.max - 1), (UInt128.max - 5, (1 << 64) + 1),
        (0x1234_5678_9ABC_DEF0_0FED_CBA9_8765_4321, 0xFFFF_FFFF_FFFF), (5, 7), (7 << 64, 1 << 70),
    ]

    @Test(arguments: 0..<6) func theRuntimeComputes(index: Int) throws {
        let (one, other) = Self.pairs[index]
        var guest = try Conversation("Tests/Vectors/guest/runtime.c", time: 77)
        let (words, end) = guest.say(Self.words(one) + Self.words(other))
        let (signedOne, signedOther) = (Int128(bitPattern: one), Int128(bitPattern: other))
        let expected = [
            one / other, one % other, one &* other, UInt128(bitPattern: signedOne / signedOther),
            UInt128(bitPattern: signedOne % signedOther),
        ].flatMap(Self.words)
        let digest = LocalHost.words(SHA256.hash(Array("abc".utf8)).bytes)
        #expect(words == expected + [0, 5, 1, 1] + digest + [77, 4])
        #expect(end == .ended(0))
        #expect(guest.notes == ["record 7265636f72642121"])
    }

    private static func words(_ value: UInt128) -> [UInt64] {
        [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)]
    }
}
