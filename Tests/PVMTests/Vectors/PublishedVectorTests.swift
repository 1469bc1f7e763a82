// Every published vector: exit, program counter, registers, gas, memory and fault address.
import PVM
import Testing

@Suite struct PublishedVectorTests {
    @Test(
        .enabled(
            if: !PublishedVector.paths.isEmpty,
            "the vectors are not at \(PublishedVector.folder): skipped"))
    func allOfThem() throws {
        var passed = 0
        for path in PublishedVector.paths {
            if try check(PublishedVector(path: path)) { passed += 1 }
        }
        #expect(passed == PublishedVector.paths.count)
    }

    /// The first field that differs fails the test and ends the vector.
    private func check(_ vector: PublishedVector) throws -> Bool {
        var machine = vector.machine
        let exit = machine.run()
        if exit.name != vector.status {
            Issue.record("\(vector.name): \(exit), expected \(vector.status)")
        } else if machine.pc != vector.pc {
            Issue.record("\(vector.name): pc \(machine.pc), expected \(vector.pc)")
        } else if machine.registers != vector.registers {
            Issue.record("\(vector.name): \(machine.registers), expected \(vector.registers)")
        } else if machine.gas != vector.gas {
            Issue.record("\(vector.name): gas \(machine.gas), expected \(vector.gas)")
        } else if case .pageFault(let address) = exit, UInt64(address) != vector.faultAddress {
            Issue.record("\(vector.name): page fault at \(address)")
        } else if let piece = vector.memory.first(where: {
            machine.memory.read($0.address, count: $0.bytes.count) != $0.bytes
        }) {
            Issue.record("\(vector.name): memory at \(piece.address)")
        } else {
            return true
        }
        return false
    }
}
