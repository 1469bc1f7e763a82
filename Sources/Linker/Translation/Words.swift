// Which instruction of the machine stands for which of RISC-V.

/// An operation on two registers.
struct BinaryWord: Sendable {
    /// With both operands in registers.
    var word: String
    /// With the right operand an immediate; nil where there is none such.
    var immediate: String?
    /// With the left operand an immediate.
    var swapped: String?

    init(_ word: String, _ immediate: String? = nil, _ swapped: String? = nil) {
        (self.word, self.immediate, self.swapped) = (word, immediate, swapped)
    }
}

enum Words {
    static let binary: [RiscVOperation: BinaryWord] = [
        .add: BinaryWord("add_64", "add_imm_64", "add_imm_64"),
        .sub: BinaryWord("sub_64", "add_imm_64", "neg_add_imm_64"),
        .sll: BinaryWord("shlo_l_64", "shlo_l_imm_64", "shlo_l_imm_alt_64"),
        .slt: BinaryWord("set_lt_s", "set_lt_s_imm", "set_gt_s_imm"),
        .sltu: BinaryWord("set_lt_u", "set_lt_u_imm", "set_gt_u_imm"),
        .xor: BinaryWord("xor", "xor_imm", "xor_imm"),
        .srl: BinaryWord("shlo_r_64", "shlo_r_imm_64", "shlo_r_imm_alt_64"),
        .sra: BinaryWord("shar_r_64", "shar_r_imm_64", "shar_r_imm_alt_64"),
        .or: BinaryWord("or", "or_imm", "or_imm"),
        .and: BinaryWord("and", "and_imm", "and_imm"),
        .addw: BinaryWord("add_32", "add_imm_32", "add_imm_32"),
        .subw: BinaryWord("sub_32", "add_imm_32", "neg_add_imm_32"),
        .sllw: BinaryWord("shlo_l_32", "shlo_l_imm_32", "shlo_l_imm_alt_32"),
        .srlw: BinaryWord("shlo_r_32", "shlo_r_imm_32", "shlo_r_imm_alt_32"),
        .sraw: BinaryWord("shar_r_32", "shar_r_imm_32", "shar_r_imm_alt_32"),
        .mul: BinaryWord("mul_64", "mul_imm_64", "mul_imm_64"),
        .mulw: BinaryWord("mul_32", "mul_imm_32", "mul_imm_32"),
        .ror: BinaryWord("rot_r_64", "rot_r_64_imm", "rot_r_64_imm_alt"),
        .rorw: BinaryWord("rot_r_32", "rot_r_32_imm", "rot_r_32_imm_alt"),
        .mulh: BinaryWord("mul_upper_s_s"), .mulhsu: BinaryWord("mul_upper_s_u"),
        .mulhu: BinaryWord("mul_upper_u_u"),
        .div: BinaryWord("div_s_64"), .divu: BinaryWord("div_u_64"),
        .rem: BinaryWord("rem_s_64"), .remu: BinaryWord("rem_u_64"),
        .divw: BinaryWord("div_s_32"), .divuw: BinaryWord("div_u_32"),
        .remw: BinaryWord("rem_s_32"), .remuw: BinaryWord("rem_u_32"),
        .andn: BinaryWord("and_inv"), .orn: BinaryWord("or_inv"), .xnor: BinaryWord("xnor"),
        .max: BinaryWord("max"), .maxu: BinaryWord("max_u"),
        .min: BinaryWord("min"), .minu: BinaryWord("min_u"),
        .rol: BinaryWord("rot_l_64"), .rolw: BinaryWord("rot_l_32"),
    ]

    static let immediate: [RiscVOperation: String] = [
        .addi: "add_imm_64", .slti: "set_lt_s_imm", .sltiu: "set_lt_u_imm", .xori: "xor_imm",
        .ori: "or_imm", .andi: "and_imm", .slli: "shlo_l_imm_64", .srli: "shlo_r_imm_64",
        .srai: "shar_r_imm_64", .addiw: "add_imm_32", .slliw: "shlo_l_imm_32",
        .srliw: "shlo_r_imm_32", .sraiw: "shar_r_imm_32", .rori: "rot_r_64_imm",
        .roriw: "rot_r_32_imm",
    ]

    /// With the result for zero.
    static let unary: [RiscVOperation: (word: String, ofZero: Int64)] = [
        .clz: ("leading_zero_bits_64", 64), .clzw: ("leading_zero_bits_32", 32),
        .ctz: ("trailing_zero_bits_64", 64), .ctzw: ("trailing_zero_bits_32", 32),
        .cpop: ("count_set_bits_64", 0), .cpopw: ("count_set_bits_32", 0),
        .sextb: ("sign_extend_8", 0), .sexth: ("sign_extend_16", 0),
        .zexth: ("zero_extend_16", 0), .rev8: ("reverse_bytes", 0),
    ]

    /// The end of the names of loads and stores.
    static let memory: [RiscVOperation: String] = [
        .lb: "i8", .lh: "i16", .lw: "i32", .ld: "u64", .lbu: "u8", .lhu: "u16", .lwu: "u32",
        .sb: "u8", .sh: "u16", .sw: "u32", .sd: "u64",
    ]

    /// For two registers; with an immediate on the right; with one on the left.
    static let branch: [RiscVOperation: BinaryWord] = [
        .beq: BinaryWord("branch_eq", "branch_eq_imm", "branch_eq_imm"),
        .bne: BinaryWord("branch_ne", "branch_ne_imm", "branch_ne_imm"),
        .blt: BinaryWord("branch_lt_s", "branch_lt_s_imm", "branch_gt_s_imm"),
        .bge: BinaryWord("branch_ge_s", "branch_ge_s_imm", "branch_le_s_imm"),
        .bltu: BinaryWord("branch_lt_u", "branch_lt_u_imm", "branch_gt_u_imm"),
        .bgeu: BinaryWord("branch_ge_u", "branch_ge_u_imm", "branch_le_u_imm"),
    ]

    /// Whether a comparison of zero with itself holds.
    static func holdsForZeros(_ operation: RiscVOperation) -> Bool {
        operation == .beq || operation == .bge || operation == .bgeu
    }

    /// The machine's register of an accepted register of RISC-V: ra, sp, t0-t2, s0, s1, a0-a5.
    static func register(_ number: UInt8) -> UInt8 { number < 3 ? number &- 1 : number &- 3 }
}
