// The mutation score: every mutant is caught, and the oracles find nothing in the right rules.
import Glibc
import Primitives
import Testing

@testable import Consensus

@Suite struct MutantTests {
    @Test(arguments: Mutant.all) func isCaught(mutant: Mutant) throws {
        let how = try mutant.caught()
        let name = mutant.name.padded(to: 42)
        print("mutant  \(name)  \(how.map { "caught by \($0)" } ?? "SURVIVES")")
        #expect(how != nil, "\(mutant.name) survives")
    }

    /// The same graphs and networks with the right rules: nothing to find. The last seed of each
    /// window is the one that shows the mutant.
    @Test(arguments: Mutant.all) func theRightRulesPassThere(mutant: Mutant) throws {
        let oracle: Mutant.Oracle
        switch mutant.oracle {
        case .graph(let shape, let seeds):
            oracle = .graph(shape, seeds.upperBound...seeds.upperBound)
        case .network(let shape, let seeds):
            oracle = .network(shape, seeds.upperBound...seeds.upperBound)
        case .test: return
        }
        #expect(try Mutant.verdict(oracle) == nil)
    }

    @Test func thereAreManyAndEachHasAName() {
        #expect(Mutant.all.count >= 60 || getenv("ALTHING_MUTANTS") != nil)
        #expect(Set(Mutant.all.map(\.name)).count == Mutant.all.count)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
