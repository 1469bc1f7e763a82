// One row a count of bits: of those that are set, or of the zeros at either end.

enum BitsColumn: Int, CaseIterable {
    /// Code (12 bits).
    case control
    case operand
    /// The word whose bits, or whose zeros at the top, are counted.
    case word
    /// Ones at the zeros above its highest one.
    case zeros
    case counted
    /// Sums of the bits in groups of 2, 4, 8, 16, 32.
    case sum2, sum4, sum8, sum16, sum32
    case result

    var form: LinearForm { .column(rawValue) }
}

/// The bits of the code: how the word is made of the operand, one of five, and what is counted.
enum BitsCode: Int, CaseIterable {
    case whole, low32, leading32, trailing64, trailing32
    /// Bits that are set are counted, not zeros.
    case set

    var mask: UInt64 { 1 << UInt64(rawValue) }
}

struct BitsTable {
    private let control = BitsColumn.control.form

    var table: Table {
        let request = [
            ElementForm(control, BitsColumn.operand.form),
            ElementForm(BitsColumn.result.form, control >> Channel.place),
        ]
        return Table(
            kind: .bits, columns: BitsColumn.allCases.map { "\($0)" },
            constraints: words + zeros + sums,
            flushes: [Flush("bits", .pull, .bits, if: .active, request)], boundaries: [])
    }

    /// A marker below the 32 bits ends the zeros there.
    private var words: [AndConstraint] {
        let operand = BitsColumn.operand.form
        let (low, marker) = (LinearForm.mask(0, 32), LinearForm.constant(1 << 31))
        let forms: [(BitsCode, LinearForm)] = [
            (.whole, operand), (.low32, operand & low), (.leading32, operand << 32 ^ marker),
            (.trailing64, operand.reversedBits),
            (.trailing32, operand.reversedBits & ~low ^ marker),
        ]
        return forms.map { code, form in
            AndConstraint(
                "\(code)", where: control.broadcast(code.rawValue),
                isZero: BitsColumn.word.form ^ form)
        }
    }

    /// `zeros` is a run from the top, over zeros only, and up to a one.
    private var zeros: [AndConstraint] {
        let (zeros, word) = (BitsColumn.zeros.form, BitsColumn.word.form)
        let top = LinearForm.row(.active) & LinearForm.mask(63, 1)
        return [
            AndConstraint("run", where: zeros << 1, isZero: ~zeros & ~1),
            AndConstraint("zeros", where: zeros, isZero: word),
            AndConstraint("end", where: zeros ^ zeros >> 1 ^ top, isZero: ~word),
            AndConstraint(
                "counted", control.broadcast(BitsCode.set.rawValue), word ^ zeros,
                BitsColumn.counted.form ^ zeros),
        ]
    }

    /// Each sum of two neighbours; the carries are what the sum differs by from the addends.
    private var sums: [AndConstraint] {
        let stages: [BitsColumn] = [
            .counted, .sum2, .sum4, .sum8, .sum16, .sum32, .result,
        ]
        return (0..<6).map { stage in
            let (group, half) = (2 << stage, 1 << stage)
            var (heads, tails, halves): (UInt64, UInt64, UInt64) = (0, 0, 0)
            for place in stride(from: 0, to: 64, by: group) {
                heads |= 1 << UInt64(place)
                tails |= 1 << UInt64(place + group - 1)
                halves |= LinearForm.mask(place, half)
            }
            let before = stages[stage].form
            let (even, odd) = (before & halves, before >> half & halves)
            let sum = stages[stage + 1].form
            let entering = sum ^ even ^ odd
            let (carries, leaving) = (entering & ~heads, (entering & ~heads) >> 1)
            return AndConstraint(
                "sum \(group)", (even ^ carries) & ~tails, (odd ^ carries) & ~tails,
                leaving ^ carries & ~tails ^ (entering & heads) << (group - 1))
        }
    }
}
