// Ways to spoil an input, drawn from a seed.
import Primitives

struct Mutation {
    private var chance: SeededGenerator

    /// Integers at the edges of ranges, which decoders trip over.
    private static let edges: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 63, .max,
    ]

    init(seed: UInt64) { chance = SeededGenerator(seed: seed) }

    /// One of `seeds` with one to four faults.
    mutating func spoiled(from seeds: [[UInt8]]) -> [UInt8] {
        var bytes = seeds.randomElement(using: &chance) ?? []
        let other = seeds.randomElement(using: &chance) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &chance) {
            if bytes.isEmpty { return chance.bytes(8) }
            spoil(&bytes, other: other)
        }
        return bytes
    }

    private mutating func spoil(_ bytes: inout [UInt8], other: [UInt8]) {
        let place = Int.random(in: 0..<bytes.count, using: &chance)
        let end = min(bytes.count, place + Int.random(in: 1...16, using: &chance))
        switch Int.random(in: 0..<8, using: &chance) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &chance)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.insert(contentsOf: chance.bytes(end - place), at: place)
        case 5: bytes.removeSubrange(place...)
        case 6: putEdge(in: &bytes, at: place)
        default:
            let start = Int.random(in: 0...other.count, using: &chance)
            bytes.replaceSubrange(place..., with: other[start...])
        }
    }

    /// An edge in one to eight bytes, little-endian or big-endian.
    private mutating func putEdge(in bytes: inout [UInt8], at place: Int) {
        let edge = Self.edges.randomElement(using: &chance) ?? 0
        let width = Int.random(in: 1...8, using: &chance)
        let isBig = Bool.random(using: &chance)
        for index in 0..<width where place + index < bytes.count {
            let shift = UInt64(8 * (isBig ? width - 1 - index : index))
            bytes[place + index] = UInt8(truncatingIfNeeded: edge >> shift)
        }
    }
}
