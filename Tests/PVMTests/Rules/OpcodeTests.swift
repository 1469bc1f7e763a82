// What single instructions make of values at the edges, as the Gray Paper 0.7.1 defines them.
import PVM
import Testing

@Suite struct OpcodeTests {
    private static let ones = UInt64.max
    private static let least = UInt64(1) << 63
    private static let least32: UInt64 = 0xFFFF_FFFF_8000_0000

    /// Runs `name d=r3, a=r1, b=r2` and gives r3.
    private func three(_ name: String, _ a: UInt64, _ b: UInt64) throws -> UInt64 {
        try result("\(name) r3, r1, r2", [0, a, b, 7])
    }

    /// Runs one line and gives r3; the end of the code is a trap.
    private func result(_ line: String, _ registers: [UInt64]) throws -> UInt64 {
        let assembly = try Assembly(line, revision: .grayPaper071)
        let program = Program(assembly.blob, revision: .grayPaper071)
        var machine = Machine(
            program, memory: Memory(), registers: registers, pc: 0, gas: 10)
        #expect(machine.run() == .panic)
        return machine[register: 3]
    }

    @Test(arguments: [
        ("add_32", 0x7FFF_FFFF, 1, least32), ("add_32", ones, 1, 0),
        ("sub_32", 0, 1, ones), ("sub_32", least32, 1, 0x7FFF_FFFF),
        ("mul_32", 0x1_0000, 0x8000, least32),
        ("add_64", ones, 1, 0), ("sub_64", 0, 1, ones), ("mul_64", least, 2, 0),
        ("div_u_32", 1 << 40, 0, ones), ("div_u_32", ones, 1, ones),
        ("div_s_32", least32, ones, least32), ("div_s_32", ones, 2, 0),
        ("rem_u_32", least32, 0, least32), ("rem_s_32", least32, ones, 0),
        ("rem_s_32", 0 &- 7, 3, ones),
        ("div_u_64", 5, 0, ones), ("div_s_64", least, ones, least), ("div_s_64", 5, 0, ones),
        ("rem_u_64", 5, 0, 5), ("rem_s_64", least, ones, 0), ("rem_s_64", 0 &- 7, 3, ones),
        ("shlo_l_32", 1, 31, least32), ("shlo_l_32", 1, 32, 1),
        ("shlo_r_32", ones, 1, 0x7FFF_FFFF), ("shlo_r_32", ones, 0, ones),
        ("shar_r_32", 0x8000_0000, 31, ones), ("shlo_l_64", 1, 64, 1),
        ("shlo_r_64", least, 63, 1), ("shar_r_64", least, 63, ones),
        ("mul_upper_s_s", ones, ones, 0), ("mul_upper_u_u", ones, ones, ones - 1),
        ("mul_upper_s_u", ones, ones, ones), ("mul_upper_s_u", least, 2, ones),
        ("set_lt_u", ones, 0, 0), ("set_lt_s", ones, 0, 1),
        ("cmov_iz", 9, 0, 9), ("cmov_iz", 9, 1, 7), ("cmov_nz", 9, 0, 7), ("cmov_nz", 9, 1, 9),
        ("rot_l_64", least, 1, 1), ("rot_r_64", 1, 1, least), ("rot_l_64", 5, 64, 5),
        ("rot_l_32", 0x8000_0000, 1, 1), ("rot_r_32", 1, 1, least32), ("rot_r_32", 5, 32, 5),
        ("and_inv", ones, 1, ones - 1), ("or_inv", 0, ones, 0), ("xnor", ones, ones, ones),
        ("max", ones, 1, 1), ("max_u", ones, 1, ones), ("min", ones, 1, ones),
        ("min_u", ones, 1, 1),
    ] as [(String, UInt64, UInt64, UInt64)])
    func threeRegisters(name: String, a: UInt64, b: UInt64, expected: UInt64) throws {
        #expect(try three(name, a, b) == expected)
    }

    @Test(arguments: [
        ("add_imm_32", 0x7FFF_FFFF, 1, least32), ("neg_add_imm_32", 1, 0, ones),
        ("neg_add_imm_64", 1, 0, ones), ("and_imm", ones, -1, ones), ("or_imm", 0, -1, ones),
        ("xor_imm", ones, -1, 0), ("mul_imm_32", 0x8000_0000, 2, 0), ("mul_imm_64", least, 2, 0),
        ("set_lt_u_imm", 1, -1, 1), ("set_lt_s_imm", 1, -1, 0), ("set_gt_u_imm", 1, -1, 0),
        ("set_gt_s_imm", 1, -1, 1), ("shlo_l_imm_32", 1, 31, least32),
        ("shlo_r_imm_alt_32", 1, -1, 0x7FFF_FFFF), ("shar_r_imm_alt_32", 31, -2, ones),
        ("shlo_l_imm_alt_32", 31, 1, least32), ("shlo_l_imm_alt_64", 63, 1, least),
        ("shlo_r_imm_alt_64", 63, -1, 1), ("shar_r_imm_alt_64", 63, -1, ones),
        ("rot_r_64_imm", 1, 1, least), ("rot_r_64_imm_alt", 1, 1, least),
        ("rot_r_32_imm", 1, 1, least32), ("rot_r_32_imm_alt", 1, 1, least32),
        ("cmov_iz_imm", 0, -1, ones), ("cmov_iz_imm", 1, -1, 7), ("cmov_nz_imm", 1, -1, ones),
        ("cmov_nz_imm", 0, -1, 7),
    ] as [(String, UInt64, Int, UInt64)])
    func withImmediate(name: String, b: UInt64, x: Int, expected: UInt64) throws {
        #expect(try result("\(name) r3, r2, \(x)", [0, 0, b, 7]) == expected)
    }

    @Test(arguments: [
        ("move_reg", ones, ones), ("count_set_bits_64", ones, 64), ("count_set_bits_32", ones, 32),
        ("leading_zero_bits_64", 0, 64), ("leading_zero_bits_32", 1 << 40, 32),
        ("trailing_zero_bits_64", 0, 64), ("trailing_zero_bits_32", 1 << 40, 32),
        ("sign_extend_8", 0x80, 0 &- 128), ("sign_extend_16", 0x8000, 0 &- 32_768),
        ("zero_extend_16", ones, 0xFFFF), ("reverse_bytes", 1, 1 << 56),
    ] as [(String, UInt64, UInt64)])
    func twoRegisters(name: String, a: UInt64, expected: UInt64) throws {
        #expect(try result("\(name) r3, r1", [0, a, 0, 7]) == expected)
    }

    @Test func thereAreAsManyAsThePaperHas() {
        let all = Revision.grayPaper071.instructions.all
        #expect(all.count == 139)
        #expect(Set(all.map(\.number)).count == 139)
        #expect(Set(all.map(\.name)).count == 139)
        #expect(Set(all.map(\.number)) == SlowMachine.known)
    }
}
