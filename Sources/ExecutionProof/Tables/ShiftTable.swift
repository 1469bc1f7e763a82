// One row a shift or rotation: six turns to the right, and what fills the bits that came around.

enum ShiftColumn: Int, CaseIterable {
    /// Code (12 bits), distance (6), fill, bit 5 of the distance where it counts.
    case control
    case operand, result
    /// High halves: of the extended operand in the low, of the output in the high 32 bits.
    case halves
    /// The operand extended, and in reverse order for shifts to the left; then after each turn.
    case turned0, turned32, turned16, turned8, turned4, turned2, turned1
    case filled
    /// Ones at the bits that came around: as many as the distance, from the top.
    case around

    var form: LinearForm { .column(rawValue) }
}

/// The bits of the code of a shift.
enum ShiftCode: Int {
    /// Bits that come around are filled, by 0 or the sign.
    case shifts
    /// The same for 64 bits.
    case shifts64
    /// To the left.
    case reverses
    case is64
    // How 32 bits are extended: by zeros, by the sign, by themselves.
    case zero32, sign32, twice32
    /// Filled with the sign.
    case fillsSign

    var mask: UInt64 { 1 << UInt64(rawValue) }
}

struct ShiftTable {
    static let distancePlace = 12
    static let fillBit = 18
    static let distance5Bit = 19
    private let control = ShiftColumn.control.form
    private let low = LinearForm.mask(0, 32)

    private func code(_ code: ShiftCode, _ mask: UInt64 = .max) -> LinearForm {
        control.broadcast(code.rawValue, mask)
    }

    var table: Table {
        let code = control.field(0, 18)
        let request = [
            ElementForm(code, ShiftColumn.operand.form),
            ElementForm(ShiftColumn.result.form, .zero),
        ]
        return Table(
            kind: .shift, columns: ShiftColumn.allCases.map { "\($0)" },
            constraints: input + turns + [details] + output,
            flushes: [Flush("shift", .pull, .shift, if: .active, request)], boundaries: [])
    }

    private var input: [AndConstraint] {
        let (operand, halves) = (ShiftColumn.operand.form, ShiftColumn.halves.form & low)
        let extended = operand & low ^ halves << 32
        let (whole, zero) = (code(.is64, low), code(.zero32, ~low))
        let (sign, twice) = (code(.sign32, low), code(.twice32, ~low))
        return [
            AndConstraint(
                "half", where: whole ^ zero, isZero: halves ^ operand >> 32 ^ halves << 32),
            AndConstraint(
                "half of 32", where: sign ^ twice,
                isZero: halves ^ operand.broadcast(31, low) ^ halves << 32 ^ operand << 32),
            AndConstraint(
                "reverse", code(.reverses), extended ^ extended.reversedBits,
                extended ^ ShiftColumn.turned0.form),
        ]
    }

    private var turns: [AndConstraint] {
        let stages: [ShiftColumn] = [
            .turned0, .turned32, .turned16, .turned8, .turned4, .turned2, .turned1,
        ]
        return (0..<6).map { stage in
            let (before, after) = (stages[stage].form, stages[stage + 1].form)
            let exponent = 5 - stage
            let bit = exponent == 5 ? Self.distance5Bit : Self.distancePlace + exponent
            return AndConstraint(
                "turn \(1 << exponent)", control.broadcast(bit),
                before ^ before.rotatedRight(1 << exponent), before ^ after)
        }
    }

    /// That `around` has the right length: its lowest one is at 64 less the distance, and the
    /// parity of its bits at suitable places is a bit of that; the sign; unused bits.
    private var details: AndConstraint {
        var group = Lanes()
        for exponent in 0..<6 {
            let mask = 1 << UInt64(exponent) as UInt64
            group.add(
                code(exponent == 5 ? .shifts64 : .shifts, mask),
                control.field(Self.distancePlace + exponent, 1, to: exponent),
                .mapped(
                    ShiftColumn.around.rawValue,
                    .parity(mask: Self.parity(exponent), to: exponent)))
        }
        let (fill, last) = (1 << 6 as UInt64, 1 << 7 as UInt64)
        group.add(
            code(.fillsSign, fill), ShiftColumn.turned0.form.broadcast(63, fill),
            control.field(Self.fillBit, 1, to: 6))
        group.add(
            code(.is64, last), control.field(Self.distancePlace + 5, 1, to: 7),
            control.field(Self.distance5Bit, 1, to: 7))
        let unused = LinearForm.unused(
            [(ShiftColumn.control.rawValue, LinearForm.mask(20, 44))],
            in: LinearForm.mask(8, 56))
        group.add(.zero, .zero, unused)
        return group.constraint("details")
    }

    /// The bits of `around` whose sum is bit `exponent` of the distance: the sum over each place
    /// and the one below it tells the lowest one, at 64 less the distance.
    static func parity(_ exponent: Int) -> UInt64 {
        var mask: UInt64 = 0
        for place in 1..<64 where (64 - place) >> exponent & 1 == 1 {
            mask ^= 1 << UInt64(place) ^ 1 << UInt64(place - 1)
        }
        return mask
    }

    private var output: [AndConstraint] {
        let (around, turned) = (ShiftColumn.around.form, ShiftColumn.turned1.form)
        let (filled, result) = (ShiftColumn.filled.form, ShiftColumn.result.form)
        let upper = ShiftColumn.halves.form & ~low
        return [
            // Bit 0 never comes around: the form has no left side there.
            AndConstraint("run", around << 1, ~around & ~1, around & 1),
            AndConstraint(
                "fill", around, turned ^ control.broadcast(Self.fillBit), turned ^ filled),
            AndConstraint(
                "reverse back", code(.reverses), filled ^ filled.reversedBits,
                filled ^ result & low ^ upper),
            AndConstraint(
                "upper half",
                where: code(.is64, ~low) ^ code(.zero32, low) ^ code(.sign32, low)
                    ^ code(.twice32, low),
                isZero: result & ~low ^ upper ^ result >> 32 ^ result.broadcast(31, low)),
        ]
    }
}
