// Programs in assembly that the tests of several modules run.

/// Sources for the assembler.
public enum TestPrograms {
    /// An agent that adds up the words of its messages, also those of calls, and writes the sum.
    public static let adder = """
        .heap 1
        .stack 4096
            load_imm r2, 0x20000
            fallthrough
        message:
            ecalli 0
            move_reg r3, r7
            branch_lt_s_imm r3, 0, called
            fallthrough
        words:
            shlo_l_imm_64 r3, r3, 32
            shlo_r_imm_64 r3, r3, 32
            fallthrough
        word:
            branch_eq_imm r3, 0, done
            ecalli 0
            load_ind_u64 r4, r2, 0
            add_64 r4, r4, r7
            store_ind_u64 r4, r2, 0
            add_imm_64 r3, r3, -1
            jump word
        called:
            ecalli 0
            ecalli 0
            ecalli 0
            ecalli 0
            jump words
        done:
            load_ind_u64 r7, r2, 0
            ecalli 1
            ecalli 2
            jump message
        """

    /// An agent that sends the words of its message to the host as they are, and writes those of
    /// the answer; both come with their counts.
    public static let asker = """
        .stack 4096
        message:
            ecalli 0
            move_reg r3, r7
            fallthrough
        word:
            branch_eq_imm r3, 0, asked
            ecalli 0
            ecalli 4
            add_imm_64 r3, r3, -1
            jump word
        asked:
            ecalli 5
            ecalli 1
            shlo_r_imm_64 r3, r7, 32
            fallthrough
        part:
            branch_eq_imm r3, 0, done
            ecalli 5
            ecalli 1
            add_imm_64 r3, r3, -1
            jump part
        done:
            ecalli 2
            jump message
        """

    /// Reads to the end of its input and writes the sum so far after each word.
    public static let summer = """
        .heap 1
        .stack 4096
            load_imm r2, 0x20000
            fallthrough
        word:
            ecalli 0
            load_ind_u64 r4, r2, 0
            add_64 r7, r4, r7
            store_ind_u64 r7, r2, 0
            ecalli 1
            jump word
        """

    /// Sixteen steps that leave no row of any table of a proof unused.
    public static let everyTable = """
        .table middle, last
        store_ind_u32 r3, r1, 6
        load_ind_i16 r4, r1, 7
        shlo_l_32 r5, r3, r4
        rot_r_64_imm r6, r3, 13
        mul_upper_s_s r2, r3, r6
        mul_64 r2, r2, r6
        div_s_64 r9, r6, r10
        rem_u_32 r9, r6, r3
        leading_zero_bits_64 r10, r4
        count_set_bits_32 r11, r6
        ecalli 1
        set_lt_s r10, r3, r6
        cmov_iz r12, r5, r11
        load_imm_jump_ind r5, r0, 7, 2
        middle: max r8, r6, r3
        load_imm_jump_ind r5, r0, 8, 4
        last: trap
        """
}
