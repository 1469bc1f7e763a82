// Whatever a random program does, its transitions are found right by whoever runs them again.
import PVM
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct ReplayTests {
    /// Arithmetic, loads and stores around both windows, host calls, and jumps among it all.
    private func source(_ chance: inout SeededGenerator) -> String {
        func pick(_ list: [String]) -> String { list[Int(chance.next() % UInt64(list.count))] }
        func register() -> String { "r\(2 + chance.next() % 9)" }
        var lines = ["start:"]
        for block in 0..<(3 + chance.next() % 4) {
            if block > 0 { lines.append("block\(block):") }
            for _ in 0..<(1 + chance.next() % 8) {
                let address = 0x20000 + chance.next() % 8_100
                let down = 1 + chance.next() % 4_000
                lines.append(
                    pick([
                        "add_64 \(register()), \(register()), \(register())",
                        "add_imm_64 \(register()), \(register()), 3",
                        "store_u64 \(register()), \(address)", "store_u8 \(register()), \(address)",
                        "load_u64 \(register()), \(address)", "load_i16 \(register()), \(address)",
                        "store_ind_u32 \(register()), r1, -\(down)",
                        "load_ind_u64 \(register()), r1, -\(down)",
                        "ecalli 0", "ecalli 1", "ecalli 2", "move_reg \(register()), r7",
                        "mul_64 \(register()), \(register()), \(register())",
                    ]))
            }
            let branch = "branch_lt_u \(register()), \(register()), start"
            lines.append(pick(["fallthrough", branch, "jump start"]))
        }
        return (lines + ["ecalli 3"]).joined(separator: "\n")
    }

    @Test(arguments: propertySeeds) func transitionsReplay(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        var steps: UInt64 = 0
        for _ in 0..<4 {
            let text = ".heap 2\n.stack 4096\n" + source(&chance)
            let policies = [1, 30, 0] as [UInt64]
            let policy = SubmissionPolicy(
                interval: 0, steps: policies[Int(chance.next() % 3)], touchedBytes: 256,
                isOnRequest: true)
            var house = try Household(text, policy: policy, gasLimit: 5_000)
            for _ in 0..<6 {
                let words = (0..<chance.next() % 5).map { _ in chance.next() }
                try house.take(
                    .message(Message(words)), quantum: 1 + chance.next() % 200, most: 60)
            }
            try house.take(.requested, most: 20)
            steps += house.transitions.reduce(0) { $0 + $1.header.effort.steps }
            let roots = house.transitions.map(\.header)
            for (one, next) in zip(roots, roots.dropFirst()) {
                #expect(one.newRoot == next.oldRoot, "seed \(seed)")
            }
            guard let last = roots.last else { continue }
            #expect(house.instance.root == last.newRoot, "seed \(seed)")
            let tree = ImageTree(
                of: house.instance.image, leafCount: house.instance.program.leafCount)
            #expect(tree.root == last.newRoot, "seed \(seed)")
        }
        #expect(steps > 0 || seed != propertySeeds[0])
    }
}
