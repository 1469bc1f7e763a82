// Statements and disclosures of proofs of execution, from an enemy.
import ExecutionProof
import PVM
import Primitives

extension DecoderCheck {
    static let execution = [
        DecoderCheck("execution", mostBytes: 2048) { bytes throws(BrokenRule) in
            var reader = ByteReader(bytes)
            guard let statement = try? Statement(reading: &reader),
                let disclosure = try? Disclosure(reading: &reader, runCount: 1),
                (try? reader.finish()) != nil
            else { return false }
            var writer = ByteWriter()
            statement.write(to: &writer)
            disclosure.write(to: &writer)
            try require(writer.bytes == bytes, "a claim has one encoding")
            guard let program = ExecutionSample.program,
                let claim = try? Claim([statement], disclosure, of: program)
            else { return false }
            try require(
                claim.pushes.count + statement.events.count == claim.pulls.count,
                "what is put in is taken out again")
            return true
        }
    ]
}

/// A program with a loop, a store, a call and an indirect jump, and a claim about it.
enum ExecutionSample {
    private static let source = """
        .table end
        loop: store_ind_u32 r2, r1, 6
        add_imm_64 r2, r2, 1
        ecalli 1
        branch_lt_u_imm r2, 3, loop
        load_imm_jump_ind r3, r4, 7, 2
        end: jump_ind r0, 0
        """

    static let program: ProvableProgram? = {
        guard let assembly = try? Assembly(source, revision: .grayPaper071) else { return nil }
        let program = Program(assembly.blob, revision: .grayPaper071)
        return try? ProvableProgram(program, identity: program.identity)
    }()

    /// A run of so many steps at most.
    static func trace(steps: Int) -> Trace? {
        var memory = Memory()
        guard let program,
            (try? memory.map(address: 0x20000, length: 4096, isWritable: true)) != nil
        else { return nil }
        return Trace(
            of: program, memory: memory, registers: [0xFFFF_0000, 0x20000], entry: 0,
            limit: steps, host: { $1 })
    }

    /// Statement and disclosure of a run of so many steps at most.
    static func claim(steps: Int) -> [UInt8] {
        guard let trace = trace(steps: steps) else { return [] }
        let root = LedgerPlay.chain
        var writer = ByteWriter()
        trace.statement(of: 0, states: (root, root)).write(to: &writer)
        trace.disclosure(trace.witnesses()).write(to: &writer)
        return writer.bytes
    }
}
