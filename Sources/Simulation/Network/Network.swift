// All links between the simulated machines, and the partitions that cut them.
import Primitives

struct Network {
    let machines: Int
    private var links: [Link]
    private var chance: Chance

    init(machines: Int, chance: Chance) {
        self.machines = machines
        links = [Link](repeating: Link(), count: machines * machines)
        self.chance = chance
    }

    subscript(from: Int, to: Int) -> Link {
        get { links[from * machines + to] }
        set { links[from * machines + to] = newValue }
    }

    /// When a message sent now arrives: never, once, or twice.
    mutating func carry(
        _ size: Int, from: Int, to: Int, at now: Instant, counts: inout FaultCounts
    ) -> (first: Instant?, second: Instant?) {
        links[from * machines + to].carry(size, at: now, counts: &counts, by: &chance)
    }

    func isOpen(_ from: Int, _ to: Int) -> Bool { !self[from, to].isCut }

    /// Cuts every link between machines of different groups, both ways.
    mutating func partition(_ groups: [Int]) {
        for from in 0..<machines {
            for to in 0..<machines where groups[from] != groups[to] { self[from, to].isCut = true }
        }
    }

    mutating func cut(_ from: Int, _ to: Int) { self[from, to].isCut = true }

    /// Every link carries again.
    mutating func join() {
        for index in links.indices { links[index].isCut = false }
    }

    /// The same conditions on every link, with a delay of its own drawn from `delays`.
    mutating func set(_ conditions: LinkConditions, delays: ClosedRange<UInt64>) {
        for index in links.indices {
            links[index].conditions = conditions
            links[index].conditions.delay = chance.within(delays)
        }
    }

    /// Messages arrive in time, once, in order.
    mutating func calm() {
        join()
        for index in links.indices {
            links[index].conditions.tails = 0
            links[index].conditions.drops = 0
            links[index].conditions.duplicates = 0
            links[index].conditions.reorders = false
        }
    }
}
