// One way to break the protocol, and what notices it.
import Primitives
import Synchronization
import Testing

@testable import Consensus

struct Mutant: CustomTestStringConvertible, Sendable {
    /// What is run against the mutant.
    enum Oracle: Sendable {
        /// Adversarial graphs from seeds: views must agree with each other, with the naive
        /// committer, and go on.
        case graph(GraphModel.Shape, ClosedRange<UInt64>)
        /// Whole validators from seeds.
        case network(NetworkSimulation.Shape, ClosedRange<UInt64>)
        /// A test, by its name.
        case test(String, @Sendable () throws -> Void)
    }

    let name: String
    let spoil: @Sendable (inout CommitRules) -> Void
    let oracle: Oracle

    init(
        _ name: String, _ oracle: Oracle, _ spoil: @escaping @Sendable (inout CommitRules) -> Void
    ) {
        self.name = name
        self.oracle = oracle
        self.spoil = spoil
    }

    init(_ lapse: Lapses, _ name: String, _ oracle: Oracle) {
        self.init(name, oracle) { $0.lapses.insert(lapse) }
    }

    var testDescription: String { name }

    /// What the oracle says of the mutant: how it was caught, or nil.
    func caught() throws -> String? {
        try Ambient.$spoil.withValue(spoil) { try Self.verdict(oracle) }
    }

    /// How an oracle finds fault with the rules that are in force, or nil.
    static func verdict(_ oracle: Oracle) throws -> String? {
        switch oracle {
        case .graph(let shape, let seeds):
            for seed in seeds {
                var model = GraphModel(shape, seed: seed)
                let verdict = try model.run()
                if !verdict.isPass { return "graph, seed \(seed): \(verdict)" }
            }
            return nil
        case .network(let shape, let seeds):
            for seed in seeds {
                var simulation = try NetworkSimulation(shape, seed: seed)
                let verdict = try simulation.run()
                if !verdict.isPass { return "network, seed \(seed): \(verdict)" }
            }
            return nil
        case .test(let name, let body):
            let flag = Flag()
            try withKnownIssue("a mutant is tried", isIntermittent: true) {
                try body()
            } matching: { _ in
                flag.isSet.store(true, ordering: .relaxed)
                return true
            }
            return flag.isSet.load(ordering: .relaxed) ? name : nil
        }
    }

    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }
}
