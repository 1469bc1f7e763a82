// The instructions of the Gray Paper 0.7.1 by form: number, name, and the kernel that runs them.

enum Rows071 {
    static let bare: [Row] = [(0, "trap", .trap), (1, "fallthrough", .pass)]
    static let immediate: [Row] = [(10, "ecalli", .call)]
    static let registerWide: [Row] = [(20, "load_imm_64", .move)]
    static let twoImmediates: [Row] = [
        (30, "store_imm_u8", .store8), (31, "store_imm_u16", .store16),
        (32, "store_imm_u32", .store32), (33, "store_imm_u64", .store64),
    ]
    static let offset: [Row] = [(40, "jump", .jump)]

    static let registerImmediate: [Row] = [
        (50, "jump_ind", .jumpIndirect), (51, "load_imm", .move),
        (52, "load_u8", .loadU8), (53, "load_i8", .loadI8),
        (54, "load_u16", .loadU16), (55, "load_i16", .loadI16),
        (56, "load_u32", .loadU32), (57, "load_i32", .loadI32), (58, "load_u64", .loadU64),
        (59, "store_u8", .store8), (60, "store_u16", .store16),
        (61, "store_u32", .store32), (62, "store_u64", .store64),
    ]
    static let registerTwoImmediates: [Row] = [
        (70, "store_imm_ind_u8", .store8), (71, "store_imm_ind_u16", .store16),
        (72, "store_imm_ind_u32", .store32), (73, "store_imm_ind_u64", .store64),
    ]

    static let registerImmediateOffset: [Row] = [
        (80, "load_imm_jump", .jump),
        (81, "branch_eq_imm", .branchEqual), (82, "branch_ne_imm", .branchNotEqual),
        (83, "branch_lt_u_imm", .branchLessUnsigned),
        (85, "branch_ge_u_imm", .branchNotLessUnsigned),
        (87, "branch_lt_s_imm", .branchLessSigned),
        (89, "branch_ge_s_imm", .branchNotLessSigned),
    ]
    static let registerImmediateOffsetSwapped: [Row] = [
        (84, "branch_le_u_imm", .branchNotLessUnsigned),
        (86, "branch_gt_u_imm", .branchLessUnsigned),
        (88, "branch_le_s_imm", .branchNotLessSigned),
        (90, "branch_gt_s_imm", .branchLessSigned),
    ]

    static let twoRegisters: [Row] = [
        (100, "move_reg", .move), (101, "sbrk", .grow),
        (102, "count_set_bits_64", .countSetBits64), (103, "count_set_bits_32", .countSetBits32),
        (104, "leading_zero_bits_64", .leadingZeros64),
        (105, "leading_zero_bits_32", .leadingZeros32),
        (106, "trailing_zero_bits_64", .trailingZeros64),
        (107, "trailing_zero_bits_32", .trailingZeros32),
        (108, "sign_extend_8", .signExtend8), (109, "sign_extend_16", .signExtend16),
        (110, "zero_extend_16", .zeroExtend16), (111, "reverse_bytes", .reverseBytes),
    ]

    static let twoRegistersImmediate: [Row] = [
        (120, "store_ind_u8", .store8), (121, "store_ind_u16", .store16),
        (122, "store_ind_u32", .store32), (123, "store_ind_u64", .store64),
        (124, "load_ind_u8", .loadU8), (125, "load_ind_i8", .loadI8),
        (126, "load_ind_u16", .loadU16), (127, "load_ind_i16", .loadI16),
        (128, "load_ind_u32", .loadU32), (129, "load_ind_i32", .loadI32),
        (130, "load_ind_u64", .loadU64),
        (131, "add_imm_32", .add32), (132, "and_imm", .and), (133, "xor_imm", .xor),
        (134, "or_imm", .or), (135, "mul_imm_32", .mul32),
        (136, "set_lt_u_imm", .lessUnsigned), (137, "set_lt_s_imm", .lessSigned),
        (138, "shlo_l_imm_32", .shiftLeft32), (139, "shlo_r_imm_32", .shiftRight32),
        (140, "shar_r_imm_32", .shiftRightSigned32),
        (149, "add_imm_64", .add64), (150, "mul_imm_64", .mul64),
        (151, "shlo_l_imm_64", .shiftLeft64), (152, "shlo_r_imm_64", .shiftRight64),
        (153, "shar_r_imm_64", .shiftRightSigned64),
        (158, "rot_r_64_imm", .rotateRight64), (160, "rot_r_32_imm", .rotateRight32),
    ]
    static let twoRegistersImmediateSwapped: [Row] = [
        (141, "neg_add_imm_32", .sub32),
        (142, "set_gt_u_imm", .lessUnsigned), (143, "set_gt_s_imm", .lessSigned),
        (144, "shlo_l_imm_alt_32", .shiftLeft32), (145, "shlo_r_imm_alt_32", .shiftRight32),
        (146, "shar_r_imm_alt_32", .shiftRightSigned32),
        (147, "cmov_iz_imm", .moveIfZero), (148, "cmov_nz_imm", .moveIfNotZero),
        (154, "neg_add_imm_64", .sub64),
        (155, "shlo_l_imm_alt_64", .shiftLeft64), (156, "shlo_r_imm_alt_64", .shiftRight64),
        (157, "shar_r_imm_alt_64", .shiftRightSigned64),
        (159, "rot_r_64_imm_alt", .rotateRight64), (161, "rot_r_32_imm_alt", .rotateRight32),
    ]

    static let twoRegistersOffset: [Row] = [
        (170, "branch_eq", .branchEqual), (171, "branch_ne", .branchNotEqual),
        (172, "branch_lt_u", .branchLessUnsigned), (173, "branch_lt_s", .branchLessSigned),
        (174, "branch_ge_u", .branchNotLessUnsigned), (175, "branch_ge_s", .branchNotLessSigned),
    ]
    static let twoRegistersTwoImmediates: [Row] = [(180, "load_imm_jump_ind", .jumpIndirect)]

    static let threeRegisters: [Row] = [
        (190, "add_32", .add32), (191, "sub_32", .sub32), (192, "mul_32", .mul32),
        (193, "div_u_32", .divideUnsigned32), (194, "div_s_32", .divideSigned32),
        (195, "rem_u_32", .remainderUnsigned32), (196, "rem_s_32", .remainderSigned32),
        (197, "shlo_l_32", .shiftLeft32), (198, "shlo_r_32", .shiftRight32),
        (199, "shar_r_32", .shiftRightSigned32),
        (200, "add_64", .add64), (201, "sub_64", .sub64), (202, "mul_64", .mul64),
        (203, "div_u_64", .divideUnsigned64), (204, "div_s_64", .divideSigned64),
        (205, "rem_u_64", .remainderUnsigned64), (206, "rem_s_64", .remainderSigned64),
        (207, "shlo_l_64", .shiftLeft64), (208, "shlo_r_64", .shiftRight64),
        (209, "shar_r_64", .shiftRightSigned64),
        (210, "and", .and), (211, "xor", .xor), (212, "or", .or),
        (213, "mul_upper_s_s", .mulUpperSigned), (214, "mul_upper_u_u", .mulUpperUnsigned),
        (215, "mul_upper_s_u", .mulUpperSignedUnsigned),
        (216, "set_lt_u", .lessUnsigned), (217, "set_lt_s", .lessSigned),
        (218, "cmov_iz", .moveIfZero), (219, "cmov_nz", .moveIfNotZero),
        (220, "rot_l_64", .rotateLeft64), (221, "rot_l_32", .rotateLeft32),
        (222, "rot_r_64", .rotateRight64), (223, "rot_r_32", .rotateRight32),
        (224, "and_inv", .andInverted), (225, "or_inv", .orInverted), (226, "xnor", .xnor),
        (227, "max", .maximumSigned), (228, "max_u", .maximumUnsigned),
        (229, "min", .minimumSigned), (230, "min_u", .minimumUnsigned),
    ]
}
