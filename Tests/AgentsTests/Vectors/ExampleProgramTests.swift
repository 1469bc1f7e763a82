// The worked examples of `examples/agents` as agents: what they answer in transitions that hold when they are replayed.
// The files are what `althing program build` made of them with the Swift 6.3.1 toolchain.
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct ExampleProgramTests {
    private func household(_ name: String) throws -> Household {
        let bytes = try #require(VectorFiles.read("programs/\(name).pvm"))
        var household = try Household("trap")
        let identity = InstanceIdentity(
            chain: Household.chain, agent: AgentID(repeating: 0xA1), policy: Household.eager,
            gasLimit: 1_000_000)
        household.instance = Instance(
            identity, of: try AgentProgram(decoding: bytes), at: Household.start)
        return household
    }

    private func agent(_ number: UInt64) throws -> AgentID {
        try #require(AgentID(Words.bytes([number, number, number, number])))
    }

    /// Every submission is signed, decoded and replayed before it is accepted.
    @Test func theCounterAddsUpOverTransitions() throws {
        var household = try household("counter")
        try household.take(.message(Message([5, 6])))
        try household.take(.message(Message([7])))
        #expect(household.outputs.flatMap { $0 } == [11, 18])
        #expect(household.failures.isEmpty)
        #expect(household.transitions.count >= 2)
    }

    @Test func theMarketTrades() throws {
        var household = try household("market")
        try household.take(.message(Message([1, 1_000, 1_000])))
        try household.take(.message(Message([2, 100, 90])))
        try household.take(.message(Message([9, 9, 9, 9, 9])))
        #expect(
            household.outputs.flatMap { $0 }
                == [1, 0, 1_000, 1_000, 1, 90, 1_100, 910, 0, 0, 1_100, 910])
        #expect(household.failures.isEmpty)
    }

    /// A deal is opened by a call of the arbiter; its release rests at the transfer.
    @Test func theEscrowWaitsForTheTransfer() throws {
        var household = try household("escrow")
        let (arbiter, payer, payee) = (try agent(1), try agent(2), try agent(3))
        let words = Words.of(payer.bytes) + Words.of(payee.bytes)
        try household.take(.message(Message(from: arbiter, [1] + words + [70, 0])))
        #expect(household.outputs.flatMap { $0 } == [0, 0, 0])
        try household.take(.message(Message(from: payer, [2, 0])))
        #expect(household.failures.isEmpty)
        let last = try #require(household.transitions.last)
        #expect(last.header.end == .unanswered)
        #expect(last.exchange.requests == [6 | 5 << 32] + Words.of(payee.bytes) + [70])
    }
}
