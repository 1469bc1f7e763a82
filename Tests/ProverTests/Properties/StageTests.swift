// A prover tells each of its stages once, in order.
import Primitives
import Prover
import Testing

@Suite struct StageTests {
    @Test func everyStageIsToldInOrder() throws {
        let run = try ProvenRun.whole()
        var told: [ProvingStage] = []
        _ = try RunProver(workers: Workers(count: 1)).proof(
            of: run.trace, states: [(Digest(), Digest())], margin: 0,
            onStage: { told.append($0) })
        #expect(told == ProvingStage.allCases)
    }
}
