// Chance that comes from the seed of a run alone, split so that each component has its own.
import Cryptography
import Primitives

/// What one component draws does not depend on how much another draws.
struct Chance {
    private var generator: SeededGenerator

    private static let domain = HashDomain("althing 2026 simulation chance v1")

    /// - Parameters:
    ///   - component: its name, unique in the simulator.
    ///   - index: which of several of that name.
    init(seed: UInt64, _ component: String, _ index: Int = 0) {
        var writer = ByteWriter()
        writer.write(seed)
        writer.write(UInt64(index))
        writer.write(component)
        let digest = Self.domain.hash(writer.bytes)
        var reader = ByteReader(digest.bytes)
        generator = SeededGenerator(seed: (try? reader.read(UInt64.self)) ?? seed)
    }

    /// A number in 0..<limit; 0 where the limit is 0.
    mutating func below(_ limit: UInt64) -> UInt64 {
        limit == 0 ? 0 : generator.next().multipliedFullWidth(by: limit).high
    }

    mutating func below(_ limit: Int) -> Int { Int(below(UInt64(max(limit, 0)))) }

    /// A number in the range.
    mutating func within(_ range: ClosedRange<UInt64>) -> UInt64 {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True so many times in a thousand.
    mutating func isLucky(permille: UInt64) -> Bool {
        permille > 0 && below(UInt64(1_000)) < permille
    }

    mutating func word() -> UInt64 { generator.next() }

    mutating func bytes(_ count: Int) -> [UInt8] { generator.bytes(count) }

    /// One element, nil of an empty list.
    mutating func choose<Element>(_ list: [Element]) -> Element? {
        list.isEmpty ? nil : list[below(list.count)]
    }

    /// The list in another order.
    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var result = list
        for index in stride(from: result.count - 1, to: 0, by: -1) {
            result.swapAt(index, below(index + 1))
        }
        return result
    }
}
