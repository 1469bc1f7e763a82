// Runs of assembled programs for the tests of whole proofs.
import PVM
import Primitives
import Prover

@testable import ExecutionProof

struct ProvenRun {
    var trace: Trace
    var witnesses: [Witness]
    var statement: Statement
    var disclosure: Disclosure

    init(_ source: String, _ registers: [UInt64] = [], limit: Int = 1000) throws {
        let assembly = try Assembly(source, revision: .grayPaper071)
        let program = Program(assembly.blob, revision: .grayPaper071)
        let provable = try ProvableProgram(program, identity: program.identity)
        var memory = Memory()
        try memory.map(address: 0x20000, length: 4096, isWritable: true)
        try memory.map(address: 0x21000, length: 4096, isWritable: false)
        _ = memory.write(Array(1...200), at: 0x20000, isForced: true)
        self.init(
            Trace(
                of: provable, memory: memory, registers: registers, entry: 0, limit: limit,
                host: { $1 &+ UInt64($0) }))
    }

    init(_ trace: Trace) {
        self.trace = trace
        witnesses = trace.witnesses()
        let root = Digest()
        statement = trace.statement(of: 0, states: (root, root))
        disclosure = trace.disclosure(witnesses)
    }

    func proof(threads: Int = 1) -> RunProof? {
        try? RunProver(workers: Workers(count: threads)).proof(
            of: trace.program, statement, disclosure, witnesses)
    }

    /// Whether the slow checker accepts the tables.
    var isSatisfied: Bool {
        guard let claim = try? Claim(statement, disclosure, of: trace.program) else { return false }
        return (try? Checker(claim).check(witnesses)) != nil
    }

    /// Whether the verifier accepts what an honest program makes of them.
    var isAccepted: Bool {
        (try? proof()?.check(of: trace.program)) != nil
    }

    /// Every table: loops, memory in all widths, products, divisions, shifts, counts, calls and
    /// indirect jumps.
    static let everything = """
        .table end
        loop: store_ind_u32 r2, r1, 6
        load_ind_i16 r5, r1, 5
        add_imm_64 r2, r2, 1
        mul_64 r6, r2, r5
        mul_upper_s_s r7, r6, r5
        div_s_64 r8, r6, r2
        rem_u_32 r9, r6, r2
        shlo_l_64 r10, r5, r2
        rot_r_32 r11, r5, r2
        count_set_bits_64 r12, r6
        leading_zero_bits_32 r12, r12
        ecalli 1
        branch_lt_u_imm r2, 3, loop
        load_imm_jump_ind r3, r4, 7, 2
        end: jump_ind r0, 0
        """

    static func whole(limit: Int = 1000) throws -> ProvenRun {
        try ProvenRun(everything, [0xFFFF_0000, 0x20001], limit: limit)
    }
}
