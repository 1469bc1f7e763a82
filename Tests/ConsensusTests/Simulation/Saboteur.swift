// The faulty seats: they see every published block, make twins with parents of their choice, and
// answer requests when they like.
import Primitives

@testable import Consensus

struct Saboteur {
    private let committee: TestCommittee
    private var blocks: [BlockReference: CheckedBlock] = [:]
    private var rounds: [[BlockReference]]
    private var lastRound: [Int: UInt64] = [:]

    init(committee: TestCommittee) {
        self.committee = committee
        rounds = [committee.view.genesis]
    }

    mutating func see(_ block: CheckedBlock) {
        guard blocks[block.reference] == nil else { return }
        blocks[block.reference] = block
        while rounds.count <= Int(block.round.number) { rounds.append([]) }
        rounds[Int(block.round.number)].append(block.reference)
    }

    func answer(_ references: [BlockReference]) -> [CheckedBlock] {
        references.compactMap { blocks[$0] }
    }

    /// The next blocks of `seat`: none while the round before has no quorum; else one, or twins.
    mutating func act(
        as seat: Int, withTwins: Bool, using chance: inout SeededGenerator
    ) throws -> [CheckedBlock] {
        let last = lastRound[seat, default: 0]
        guard let before = rounds.indices.reversed().first(where: { index in
            Set(rounds[index].map(\.author)).count >= committee.view.quorum
        }), UInt64(before) + 1 > last else { return [] }
        lastRound[seat] = UInt64(before) + 1
        let count = withTwins && chance.next() % 3 == 0 ? 2 : 1
        var made: [CheckedBlock] = []
        for twin in 0..<count {
            guard let parents = parents(of: seat, in: before, using: &chance) else { continue }
            let payload = BlockPayload([Array("twin \(twin)".utf8)])
            made.append(
                try committee.block(seat, UInt64(before) + 1, parents, payload: payload))
        }
        for block in made { see(block) }
        return made
    }

    /// Any own earlier block, and blocks of a quorum of authors of round `before`.
    private func parents(
        of seat: Int, in before: Int, using chance: inout SeededGenerator
    ) -> [BlockReference]? {
        var parents: [BlockReference] = []
        for round in (0...before).reversed() {
            let own = rounds[round].filter { Int($0.author.index) == seat }
            if let any = own.randomElement(using: &chance) {
                parents = [any]
                break
            }
        }
        guard let own = parents.first else { return nil }
        var direct = Int(own.round.number) == before ? 1 : 0
        let quorum = committee.view.quorum
        for author in committee.view.seats.shuffled(using: &chance)
        where Int(author.index) != seat {
            if direct >= quorum, chance.next() % 2 == 0 { continue }
            let found = rounds[before].filter { $0.author == author }
            guard let any = found.randomElement(using: &chance) else { continue }
            parents.append(any)
            direct += 1
        }
        return direct >= quorum ? parents : nil
    }
}
