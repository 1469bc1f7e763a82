// Each part of an honest transition spoiled is refused, named for its fault.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct TransitionRefusalTests {
    /// A transition of an adder: it read 5 and 6, and wrote 43.
    private func honest() throws -> (transition: Transition, program: AgentProgram) {
        var house = try Household(TestPrograms.adder)
        for message in [[32], [5, 6]] as [[UInt64]] { try house.take(.message(Message(message))) }
        let transition = try #require(house.transitions.last { !$0.exchange.messages.isEmpty })
        return (transition, house.instance.program)
    }

    /// What re-execution says of a changed transition whose exchange is stated anew.
    private func fault(_ change: (inout Transition) -> Void) throws -> ReexecutionFailure? {
        var (transition, program) = try honest()
        change(&transition)
        transition.signed.header.exchange = transition.exchange.digest
        do {
            try transition.reexecute(program)
            return nil
        } catch {
            return error
        }
    }

    private func witness(_ change: @escaping (inout Multiproof) -> Void) throws
        -> ReexecutionFailure?
    {
        try fault { transition in
            guard case .reexecution(var witness) = transition.evidence else { return }
            change(&witness)
            transition.evidence = .reexecution(witness)
        }
    }

    @Test func honestIsAccepted() throws {
        #expect(try fault { _ in } == nil)
        let (transition, _) = try honest()
        #expect(transition.exchange.output == [43])
    }

    @Test func header() throws {
        #expect(try fault { $0.signed.header.program = Digest() } == .wrongProgram)
        #expect(try fault { $0.signed.header.oldRoot = Digest() } == .wrongOldRoot)
        #expect(try fault { $0.signed.header.newRoot = Digest() } == .wrongNewRoot)
        #expect(try fault { $0.signed.header.end = .starved } == .wrongEnd)
        #expect(try fault { $0.signed.header.effort.turns = 0 } == .wrongEnd)
        let effort = try honest().transition.header.effort
        #expect(
            try fault { $0.signed.header.effort.steps += 1 } == .wrongEffort(found: effort))
        #expect(try fault { $0.signed.header.effort.gas += 1 } == .wrongEffort(found: effort))
        #expect(try fault { $0.signed.header.effort.gas = 3 } == .run(.outOfGas))
        let endless = try fault { $0.signed.header.effort.gas = .max }
        #expect(endless == .wrongEffort(found: Effort(turns: 1, steps: effort.steps, gas: .max)))
    }

    @Test func exchange() throws {
        #expect(try fault { $0.exchange.output = [44] } == .wrongOutput)
        #expect(try fault { $0.exchange.output = [] } == .wrongOutput)
        #expect(try fault { $0.exchange.requests = [1] } == .wrongRequests)
        #expect(try fault { $0.exchange.messages[0].words[1] = 7 } == .wrongOutput)
        #expect(try fault { $0.exchange.messages.append(Message([1])) } == .unreadInput)
        #expect(try fault { $0.exchange.messages = [] } == .wrongEnd)
        #expect(try fault { $0.exchange.answer = HostAnswer(.done) } == .run(.unfinished))
        var (transition, program) = try honest()
        transition.exchange.output = [44]
        #expect(throws: ReexecutionFailure.wrongExchange) { try transition.reexecute(program) }
        transition.evidence = .proof([1])
        #expect(throws: ReexecutionFailure.noWitness) { try transition.reexecute(program) }
    }

    @Test func witness() throws {
        #expect(try witness { $0.siblings.removeLast() } == .malformedWitness)
        #expect(try witness { $0.leaves.removeFirst() } == .malformedWitness)
        #expect(try witness { $0.leaves[2].bytes[0] ^= 1 } == .wrongOldRoot)
        #expect(try witness { $0.siblings[0] = Digest() } == .wrongOldRoot)
    }

    /// The witness of another set of leaves of the same state.
    @Test(arguments: [([0, 1], true), ([0, 1, 2, 3], false), ([0, 1, 3], true)])
    func leavesShown(leaves: [Int], isMissing: Bool) throws {
        var house = try Household(TestPrograms.adder)
        try house.take(.message(Message([32])))
        let (tree, image) = (house.instance.tree, house.instance.image)
        try house.take(.message(Message([5, 6])))
        var transition = try #require(house.transitions.last { !$0.exchange.messages.isEmpty })
        transition.evidence = .reexecution(Multiproof(of: leaves, in: tree, image: image))
        let expected: ReexecutionFailure =
            isMissing ? .run(.missingWitness(leaf: 2)) : .superfluousWitness
        #expect(throws: expected) { try transition.reexecute(house.instance.program) }
    }

    @Test func contradiction() throws {
        let key = try #require(Household.key)
        let (transition, _) = try honest()
        let one = transition.signed
        #expect(one.isSigned(by: key.publicKey) && !one.contradicts(one))
        var header = one.header
        header.newRoot = Digest()
        let other = SignedHeader(signing: header, key: key)
        #expect(one.contradicts(other))
        header.attempt += 1
        #expect(!one.contradicts(SignedHeader(signing: header, key: key)))
    }

    /// No byte of a transition can be changed without its being refused or meaning something else.
    @Test func encoding() throws {
        let bytes = try honest().transition.encoded
        for length in 0..<bytes.count {
            #expect(throws: DecodingFailure.self) {
                try Transition(decoding: Array(bytes[..<length]))
            }
        }
        #expect(throws: DecodingFailure.self) { try Transition(decoding: bytes + [0]) }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x40
            guard let read = try? Transition(decoding: changed) else { continue }
            #expect(read.encoded == changed)
        }
    }
}
