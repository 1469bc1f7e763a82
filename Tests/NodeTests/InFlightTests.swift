// Spans that wait in the open batch while their agent, submitter or key is taken out of service.
import Cryptography
import Ledger
import Node
import Primitives
import Testing

@Suite struct InFlightTests {
    let scratch: ScratchDirectory
    let cast = Cast()
    let node: Node

    init() throws {
        scratch = try ScratchDirectory()
        node = try cast.node(at: scratch.path)
        _ = cast.enroll(node)
        node.submit([cast.submission(1)], owner: cast.ownerID) { _ in }
        node.flush()
    }

    private func carryOut(_ command: Command, sequence: UInt64) -> [LedgerOutcome] {
        let operation = SignedOperation(
            chain: cast.genesis.digest, owner: cast.ownerID, sequence: sequence, command: command,
            key: cast.owner)
        var outcomes: [LedgerOutcome] = []
        node.submit(operation) { outcomes.append($0) }
        return outcomes
    }

    /// What ends the service, and whether an owner who has ended it is refused whole afterwards.
    private var endings: [(command: Command, isWhole: Bool)] {
        let alpha = AgentID(owner: cast.ownerID, name: "alpha")
        return [
            (.agent(.setStatus(alpha, .suspended)), false),
            (.agent(.setStatus(alpha, .retired)), false),
            (.owner(.withdraw(submitter: cast.submitter.publicKey)), true),
        ]
    }

    @Test(arguments: 0..<3) func whatArrivedBeforeIsRecordedAndWhatComesAfterIsNot(
        _ ending: Int
    ) throws {
        var early: [SubmissionOutcome] = []
        node.submit([cast.submission(2)], owner: cast.ownerID) { early.append($0) }
        #expect(early.isEmpty, "the batch is still open")
        let (command, isWhole) = endings[ending]
        let carriedOut = carryOut(command, sequence: 3)
        guard case .accepted = try #require(carriedOut.first) else {
            Issue.record("\(carriedOut)")
            return
        }
        guard case .recorded(let recorded) = try #require(early.first) else {
            Issue.record("\(early)")
            return
        }
        #expect(recorded.recorded == 1 && recorded.refused.isEmpty)

        var late: [SubmissionOutcome] = []
        node.submit([cast.submission(3)], owner: cast.ownerID) { late.append($0) }
        node.flush()
        switch try #require(late.first) {
        case .ownerRefused: #expect(isWhole)
        case .recorded(let recorded):
            #expect(!isWhole)
            #expect(recorded.refused.map(\.reason) == [.agentNotActive])
        default: Issue.record("\(late)")
        }
        #expect(try node.status().records == 2)
        node.close()
        let again = try cast.node(at: scratch.path)
        #expect(try again.status().records == 2)
        again.close()
    }
}
