// Each rule of the oracle is broken once, and it says so.
import Primitives
import TestSupport
import Testing

@testable import Simulation

@Suite struct OracleTests {
    private let one = Digest(repeating: 1)
    private let other = Digest(repeating: 2)

    /// Facts of machines in order; all but the last must pass.
    private func objection(_ facts: [(Int, Fact)]) -> String? {
        var oracle = Oracle(machines: 2)
        for (index, (machine, fact)) in facts.enumerated() {
            let objection = oracle.objection(to: fact, of: machine, seat: machine) { $0 == 1 }
            if index == facts.count - 1 { return objection }
            #expect(objection == nil)
        }
        return nil
    }

    @Test func equalClaimsPass() {
        #expect(objection([(0, .committed(1, one)), (1, .committed(1, one))]) == nil)
        #expect(objection([(0, .ordered(1, one)), (1, .ordered(1, one))]) == nil)
        #expect(objection([(0, .accused(1))]) == nil)
        #expect(objection([(1, .forgot)]) == nil)
    }

    @Test func brokenRulesAreNamed() {
        let differing = objection([(0, .committed(1, one)), (1, .committed(1, other))])
        #expect(differing == "commit 1 differs from another seat's")
        #expect(objection([(0, .committed(2, one))]) == "commit 2 after 0")
        let twice = objection([(0, .ordered(1, one)), (0, .ordered(2, one))])
        #expect(twice == "\(one.hex.prefix(8)) is carried out twice")
        let order = objection([(0, .ordered(1, one)), (1, .ordered(1, other))])
        #expect(order == "execution 1 differs from another seat's")
        #expect(objection([(0, .accused(0))]) == "evidence against honest seat 0")
        #expect(objection([(0, .forgot)]) == "it forgot what it signed")
        #expect(objection([(0, .halted("two certificates"))]) == "halted: two certificates")
        #expect(
            objection([(0, .adopted(height: 3))])
                == "takes over a state at height 3 that nobody certified")
    }

    @Test func anOpenPromiseIsRemembered() {
        var oracle = Oracle(machines: 1)
        _ = oracle.objection(to: .final(one), of: 0, seat: 0) { _ in false }
        #expect(oracle.openPromise() != nil)
        _ = oracle.objection(to: .ordered(1, one), of: 0, seat: 0) { _ in false }
        #expect(oracle.openPromise() == nil)
    }
}
