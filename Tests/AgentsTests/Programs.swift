// Small agents in assembly for the tests.
import Agents
import PVM
import Primitives
import Testing

enum Programs {
    /// Adds every word of every message to a sum at the front of the heap and writes the sum.
    static let adder = """
        .heap 1
        .stack 4096
        main:
            load_imm r2, 0x20000
            fallthrough
        message:
            ecalli 0
            move_reg r3, r7
            fallthrough
        word:
            branch_eq_imm r3, 0, done
            ecalli 0
            load_ind_u64 r4, r2, 0
            add_64 r4, r4, r7
            store_ind_u64 r4, r2, 0
            add_imm_64 r3, r3, -1
            jump word
        done:
            load_ind_u64 r7, r2, 0
            ecalli 1
            ecalli 2
            jump message
        """

    static func encoded(_ source: String) throws -> [UInt8] {
        try StandardProgram(
            Assembly(source, revision: .grayPaper071).parts, revision: .grayPaper071
        ).encoded
    }

    static func agent(_ source: String) throws -> AgentProgram {
        try AgentProgram(decoding: encoded(source))
    }
}
