// The models hold for the rules as they are, and fail for each spoiled rule.
import Glibc
import Testing

@testable import Consensus

@Suite struct FastPathModelTests {
    static let unlock = FastPathModel.Scope(hasUnlock: true)
    static let close = FastPathModel.Scope(hasClose: true)
    static let chain = FastPathModel.Scope(hasUnlock: true, hasNext: true)
    static let chainClose = FastPathModel.Scope(hasClose: true, hasNext: true)
    /// Runs that are locked already, nobody in the way.
    static let run = FastPathModel.Scope(
        hasUnlock: true, hasRival: false, hasNext: true, hasLocked: true)
    static let runClose = FastPathModel.Scope(
        hasClose: true, hasRival: false, hasNext: true, hasLocked: true)
    static let everything = FastPathModel.Scope(hasUnlock: true, hasClose: true, hasNext: true)

    /// All states unless it takes too long for every day.
    private func check(_ scope: FastPathModel.Scope, limit: Int) {
        var model = FastPathModel(scope)
        let isFull = getenv("ALTHING_FULL_MODELS") != nil
        let verdict = model.explore(limit: isFull ? .max : limit)
        #expect(verdict.violation == nil)
        print("model: \(scope): \(verdict.states) states\(isFull ? "" : " at most \(limit)")")
    }

    @Test func unlockHolds() { check(Self.unlock, limit: 100_000) }
    @Test func closeHolds() { check(Self.close, limit: 100_000) }
    @Test func runHolds() { check(Self.run, limit: 10_000) }
    @Test func closeOfARunHolds() { check(Self.runClose, limit: 10_000) }
    @Test func chainHolds() { check(Self.chain, limit: 5_000) }
    @Test func closeOfAChainHolds() { check(Self.chainClose, limit: 5_000) }
    @Test func everythingHolds() { check(Self.everything, limit: 5_000) }

    struct Mutant: CustomTestStringConvertible, Sendable {
        let name: String
        let scope: FastPathModel.Scope
        let spoil: @Sendable (inout FastPathRules) -> Void
        var testDescription: String { name }
    }

    /// The six of the design, and those of runs of updates.
    static let mutants: [Mutant] = [
        Mutant(name: "confirm after unlock", scope: unlock) { $0.confirmsStopAtUnlock = false },
        Mutant(name: "hide certificate", scope: unlock) { $0.unlockVotesShowCertificates = false },
        Mutant(name: "unlock quorum 2", scope: unlock) { $0.unlockQuorum = 2 },
        Mutant(name: "early end of epoch", scope: close) { $0.endWaitsForConfirmed = false },
        Mutant(name: "confirm after close", scope: close) { $0.confirmsStopAtClose = false },
        Mutant(name: "double lock", scope: unlock) { $0.keepsLocks = false },
        Mutant(name: "certificate quorum 2", scope: unlock) { $0.certificateQuorum = 2 },
        Mutant(name: "final quorum 2", scope: unlock) { $0.finalQuorum = 2 },
        Mutant(name: "lock out of order", scope: chain) { $0.locksInOrder = false },
        Mutant(name: "confirm out of order", scope: run) { $0.confirmsInOrder = false },
    ]

    /// Says the number of the first schedule that shows the mistake.
    @Test(arguments: mutants) func aSpoiledRuleIsFound(mutant: Mutant) {
        var model = FastPathModel(mutant.scope, spoil: mutant.spoil)
        for seed in 1...5_000 as ClosedRange<UInt64> {
            guard let violation = model.walk(seed: seed, steps: 40) else { continue }
            print("mutant: \(mutant.name): \(violation), schedule \(seed)")
            return
        }
        Issue.record("nobody noticed in 5,000 schedules")
    }
}
