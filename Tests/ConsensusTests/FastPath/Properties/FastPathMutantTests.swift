// One rule of the fast path spoiled at a time in whole machines: the simulation must notice.
import Testing

@testable import Consensus

@Suite struct FastPathMutantTests {
    struct Mutant: CustomTestStringConvertible, Sendable {
        let name: String
        let spoil: @Sendable (inout FastPathRules) -> Void
        var testDescription: String { name }
    }

    /// `FastPathModelTests` has one more, confirms out of order: chance does not find its schedule.
    static let mutants: [Mutant] = [
        Mutant(name: "double lock") { $0.keepsLocks = false },
        Mutant(name: "lock not recorded") { $0.recordsLocks = false },
        Mutant(name: "certificate not stored") { $0.storesCertificates = false },
        Mutant(name: "certificate quorum 2") { $0.certificateQuorum = 2 },
        Mutant(name: "final quorum 2") { $0.finalQuorum = 2 },
        Mutant(name: "unlock quorum 2") { $0.unlockQuorum = 2 },
        Mutant(name: "lock out of order") { $0.locksInOrder = false },
        Mutant(name: "confirm after unlock") { $0.confirmsStopAtUnlock = false },
        Mutant(name: "hide certificate") { $0.unlockVotesShowCertificates = false },
        Mutant(name: "early end of epoch") { $0.endWaitsForConfirmed = false },
        Mutant(name: "confirm after close") { $0.confirmsStopAtClose = false },
        Mutant(name: "lock while unlocking") { $0.locksStopAtUnlock = false },
        Mutant(name: "lock while closing") { $0.locksStopAtClose = false },
    ]

    @Test(arguments: mutants) func theSimulationNotices(mutant: Mutant) {
        for seed in simulationSeeds(standard: 60) {
            var simulation = FastPathSimulation(.init(isHarsh: true), seed: seed, spoil: mutant.spoil)
            if let broken = simulation.run() {
                print("mutant: \(mutant.name): \(broken), seed \(seed)")
                return
            }
        }
        Issue.record("nobody noticed")
    }
}
