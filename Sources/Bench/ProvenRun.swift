// The runs that `bench prove` and `bench verify` prove: loops that never end, cut after some steps.
import ExecutionProof
import PVM
import Primitives

/// Which run is proven.
public struct ProvenRun: Hashable, Sendable {
    /// What most instructions of a run do.
    public enum Mix: String, CaseIterable, Hashable, Sendable {
        /// Of 16 instructions three reach memory, two shift, one multiplies; the others add,
        /// compare and branch.
        case typical
        /// Of nine instructions eight multiply.
        case mul
        /// Of nine instructions seven load or store, half of them across two cells.
        case memory
    }

    /// As many as one proof can have.
    public static let mostSteps = 1 << 16

    /// 1 to 2^16.
    public var steps: Int
    public var mix: Mix

    public init(steps: Int = 5000, mix: Mix = .typical) {
        self.steps = steps
        self.mix = mix
    }

    func program() throws -> ProvableProgram {
        let assembly = try Assembly(mix.source, revision: .grayPaper071)
        let program = Program(assembly.blob, revision: .grayPaper071)
        return try ProvableProgram(program, identity: program.identity)
    }

    func trace(of program: ProvableProgram) throws -> Trace {
        var memory = Memory()
        // The loops keep bit 17 of addresses and their low bits, at most 8191.
        try memory.map(address: 0x20000, length: 12288, isWritable: true)
        return Trace(
            of: program, memory: memory, registers: [0, 0x20000, 1, 3, 5], entry: 0,
            limit: steps, host: { _, _ in nil })
    }
}

extension ProvenRun.Mix {
    fileprivate var source: String {
        switch self {
        case .typical: Self.typicalSource
        case .mul: Self.multiplyingSource
        case .memory: Self.memorySource
        }
    }

    private static let typicalSource = """
        loop: load_ind_u64 r5, r1, 0
        add_64 r3, r3, r5
        xor r6, r3, r2
        shlo_l_imm_64 r7, r6, 7
        add_64 r3, r3, r7
        store_ind_u32 r3, r1, 8
        add_imm_64 r1, r1, 8
        and_imm r1, r1, 0x20fff
        set_lt_u r8, r3, r6
        add_64 r9, r9, r8
        load_ind_u8 r5, r1, 3
        mul_64 r10, r5, r3
        or r3, r3, r10
        shlo_r_imm_64 r7, r3, 9
        add_imm_64 r2, r2, 1
        branch_ne_imm r2, 0, loop
        """

    private static let multiplyingSource = """
        again: mul_64 r4, r3, r4
        mul_64 r3, r3, r4
        mul_upper_u_u r5, r3, r4
        mul_64 r3, r5, r4
        mul_64 r6, r6, r3
        mul_64 r4, r6, r5
        mul_64 r5, r3, r6
        mul_64 r3, r4, r4
        branch_ne_imm r2, 0, again
        """

    private static let memorySource = """
        next: load_ind_u64 r5, r1, 0
        store_ind_u64 r5, r1, 13
        load_ind_u32 r6, r1, 8
        load_ind_i16 r7, r1, 15
        store_ind_u32 r6, r1, 22
        store_ind_u8 r7, r1, 3
        add_imm_64 r1, r1, 24
        and_imm r1, r1, 0x21fff
        load_ind_u64 r8, r1, 5
        branch_ne_imm r2, 0, next
        """
}
