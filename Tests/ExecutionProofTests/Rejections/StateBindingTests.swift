// A run of an agent's program, its image before and after, and everything that may be wrong between
// them and the disclosure.
import PVM
import Primitives
import TestSupport
import Testing

@testable import Agents
@testable import ExecutionProof

@Suite struct StateBindingTests {
    /// Reads a constant, adds it to a word of the heap, keeps one on the stack, and yields.
    private static let source = """
        load_u64 r3, 0x10008
        load_u64 r4, 0x30040
        add_64 r4, r4, r3
        store_u64 r4, 0x30040
        store_ind_u32 r4, r1, -10
        ecalli 2
        jump_ind r0, 0
        """

    /// Everything that a verifier gets.
    private struct Case {
        var statement: Statement
        var disclosure: Disclosure
        var witness: Multiproof
        let provable: ProvableProgram
        let program: AgentProgram

        /// What is refused; nil where nothing is.
        func failure(hasExited: Bool) throws -> StateFailure? {
            let claim = try Claim(statement, disclosure, of: provable)
            do throws(StateFailure) {
                try claim.check(run: 0, witness, of: program, hasExited: hasExited)
                return nil
            } catch {
                return error
            }
        }
    }

    /// - Parameter steps: 6 ends behind the `yield`, 7 ends the program.
    private func make(steps: Int, untouched: Int? = nil) throws -> Case {
        let blob = try Assembly(Self.source, revision: .grayPaper071).blob
        let parts = StandardProgram.Parts(
            readOnly: (0..<20).map { UInt8($0) }, readWrite: [1, 2, 3], heapPages: 1,
            stackBytes: 4096, blob: blob.encoded)
        let standard = try StandardProgram(parts, revision: .grayPaper071)
        let program = try AgentProgram(decoding: standard.encoded)
        let provable = try ProvableProgram(standard.program, identity: program.identity)
        let image = program.initialImage
        let machine = try #require(image.machine(of: program, gas: 0))
        let trace = Trace(
            of: provable, memory: machine.memory, registers: image.registers, entry: 0,
            limit: steps, host: { $1 })
        #expect(trace.stepCount == steps)
        let witnesses = trace.witnesses()
        let disclosure = trace.disclosure(witnesses)
        var after = image
        for cell in disclosure.cells where !cell.isReadOnly {
            let address = Int(cell.address) * 8
            let heap = standard.readWriteAddresses
            let place = heap.contains(UInt32(address))
                ? address - Int(heap.lowerBound)
                : heap.count + address - Int(standard.stackAddresses.lowerBound)
            for byte in 0..<8 {
                after.bytes[Image.cellBytes + place + byte] =
                    UInt8(truncatingIfNeeded: cell.new >> UInt64(8 * byte))
            }
        }
        let jump = try #require(provable.pc(of: 6))
        after = Image(
            registers: disclosure.registers[..<13].map(\.new), pc: jump,
            windows: after.bytes[Image.cellBytes...])
        var leaves = Set([0, 1])
        for index in 0..<image.leafCount where image.leaf(index) != after.leaf(index) {
            leaves.insert(index)
        }
        if let untouched { leaves.insert(untouched) }
        let tree = ImageTree(of: image, leafCount: program.leafCount)
        let statement = trace.statement(of: 0, states: (tree.root, ImageTree(of: after, leafCount: program.leafCount).root))
        return Case(
            statement: statement, disclosure: disclosure,
            witness: Multiproof(of: leaves.sorted(), in: tree, image: image),
            provable: provable, program: program)
    }

    @Test(arguments: [6, 7]) func honestStatesPass(steps: Int) throws {
        let run = try make(steps: steps)
        #expect(run.disclosure.cells.count == 4)
        #expect(try run.failure(hasExited: steps == 7) == nil)
    }

    @Test func anotherRegister() throws {
        var run = try make(steps: 6)
        run.disclosure.registers[5].old ^= 1
        #expect(try run.failure(hasExited: false) == .register(5))
        run = try make(steps: 6)
        run.disclosure.registers[5].new ^= 1
        #expect(try run.failure(hasExited: false) == .wrongNewRoot)
    }

    @Test func anotherWordOfMemory() throws {
        for cell in 0..<4 {
            var run = try make(steps: 6)
            run.disclosure.cells[cell].old ^= 1
            if run.disclosure.cells[cell].isReadOnly { run.disclosure.cells[cell].new ^= 1 }
            let address = run.disclosure.cells[cell].address
            #expect(try run.failure(hasExited: false) == .cell(address: address))
        }
        var run = try make(steps: 6)
        run.disclosure.cells[1].new ^= 1
        #expect(try run.failure(hasExited: false) == .wrongNewRoot)
    }

    /// A constant that is said to be writable, and a word of the heap that is said not to be.
    @Test func anotherKindOfPage() throws {
        var run = try make(steps: 6)
        run.disclosure.cells[0].isReadOnly = false
        #expect(try run.failure(hasExited: false) == .cell(address: 0x2001))
        run = try make(steps: 6)
        run.disclosure.cells[1].isReadOnly = true
        run.disclosure.cells[1].new = run.disclosure.cells[1].old
        #expect(try run.failure(hasExited: false) == .cell(address: 0x6008))
    }

    /// One word below the heap, one behind it, one below and one behind the stack.
    @Test func aWordPastAWindow() throws {
        let run = try make(steps: 6)
        let standard = run.program.standard
        for address in [
            standard.readWriteAddresses.lowerBound - 8, standard.readWriteAddresses.upperBound,
            standard.stackAddresses.lowerBound - 8, standard.stackAddresses.upperBound,
            standard.readOnlyAddresses.upperBound,
        ] {
            var changed = run
            changed.disclosure.cells = [
                Disclosure.CellTouch(
                    address: address >> 3, isReadOnly: false, old: 0, new: 0,
                    clock: run.disclosure.cells[0].clock)
            ]
            #expect(try changed.failure(hasExited: false) == .cell(address: address >> 3))
        }
    }

    @Test func anotherPlaceToGoOn() throws {
        var run = try make(steps: 6)
        run.statement.entry = try #require(run.provable.pc(of: 1))
        #expect(try run.failure(hasExited: false) == .wrongEntry)
        run = try make(steps: 6)
        run.statement.end = .before(pc: 0)
        #expect(try run.failure(hasExited: false) == .wrongNewRoot)
        #expect(try make(steps: 6).failure(hasExited: true) == .wrongNewRoot)
    }

    @Test func otherRoots() throws {
        var run = try make(steps: 6)
        run.statement.before = TestState.digest(1)
        #expect(try run.failure(hasExited: false) == .wrongOldRoot)
        run = try make(steps: 6)
        run.statement.after = TestState.digest(1)
        #expect(try run.failure(hasExited: false) == .wrongNewRoot)
    }

    @Test func aWitnessOfOtherLeaves() throws {
        #expect(try make(steps: 6, untouched: 5).failure(hasExited: false) == .malformedWitness)
        var run = try make(steps: 6)
        run.witness.leaves.removeLast()
        #expect(try run.failure(hasExited: false) == .wrongOldRoot)
        run = try make(steps: 6)
        run.witness.leaves[1].bytes.removeLast()
        #expect(try run.failure(hasExited: false) == .malformedWitness)
        run = try make(steps: 6)
        run.witness.leaves.swapAt(1, 2)
        #expect(try run.failure(hasExited: false) == .malformedWitness)
    }
}
