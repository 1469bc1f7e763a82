// One row a division or remainder: of absolute values, with the signs put back.

enum QuotientColumn: Int, CaseIterable {
    /// Code (12 bits), signs of dividend and divisor, whether the quotient and whether the chosen
    /// number is negative.
    case control
    case dividend, divisor, result
    /// High halves of the operands as they are extended: dividend low, divisor high.
    case halves
    case dividendCarries, divisorCarries
    /// Quotient of the absolute values, all ones for a division by zero, and its product with the
    /// divisor's absolute value.
    case quotient, multiple
    case remainderCarries
    /// Bit 63 tells that the remainder is less than the divisor, hence that this is not zero.
    case comparison
    case chosen, chosenCarries

    var form: LinearForm { .column(rawValue) }
}

/// The bits of the code of a division.
enum QuotientCode: Int {
    // The operands: 64 bits, 32 extended by zeros, 32 extended by the sign.
    case is64, unsigned32, signed32
    case signed
    /// The result is the remainder.
    case remainder

    var mask: UInt64 { 1 << UInt64(rawValue) }
}

struct QuotientTable {
    static let dividendSignBit = 12
    static let divisorSignBit = 13
    static let quotientSignBit = 14
    static let chosenSignBit = 15
    private let control = QuotientColumn.control.form
    private let low = LinearForm.mask(0, 32)
    private let dividend: LinearForm
    private let divisor: LinearForm
    private let absolutes: (dividend: Adder, divisor: Adder)
    private let remainder: Adder
    private let comparison: Adder

    init() {
        let halves = QuotientColumn.halves.form
        dividend = QuotientColumn.dividend.form & low ^ halves << 32
        divisor = QuotientColumn.divisor.form & low ^ halves & ~low
        let sign = { (bit: Int) in QuotientColumn.control.form.broadcast(bit, 1) }
        absolutes = (
            .negation(
                "dividend", dividend, sign: sign(Self.dividendSignBit),
                carries: QuotientColumn.dividendCarries.rawValue),
            .negation(
                "divisor", divisor, sign: sign(Self.divisorSignBit),
                carries: QuotientColumn.divisorCarries.rawValue)
        )
        // The last carry is one: the multiple is not more than the dividend.
        remainder = Adder(
            "remainder", absolutes.dividend.sum, QuotientColumn.multiple.form.complementIfActive,
            carryIn: .row(.active), carries: QuotientColumn.remainderCarries.rawValue,
            topCarry: .row(.active))
        comparison = Adder(
            "comparison", absolutes.divisor.sum, remainder.sum.complementIfActive,
            carries: QuotientColumn.comparison.rawValue)
    }

    private func code(_ code: QuotientCode, _ mask: UInt64 = .max) -> LinearForm {
        control.broadcast(code.rawValue, mask)
    }

    var table: Table {
        let code = control.field(0, Layout.codeBits)
        let request = [
            ElementForm(code, QuotientColumn.dividend.form),
            ElementForm(QuotientColumn.divisor.form, QuotientColumn.result.form),
        ]
        let exact = ProductCode.low64.mask | ProductCode.exact.mask
        let product = [
            ElementForm(.constant(exact), QuotientColumn.quotient.form),
            ElementForm(absolutes.divisor.sum, QuotientColumn.multiple.form),
        ]
        return Table(
            kind: .quotient, columns: QuotientColumn.allCases.map { "\($0)" },
            constraints: extensions + [signs] + numbers + output,
            flushes: [
                Flush("quotient", .pull, .quotient, if: .active, request),
                Flush("multiple", .push, .product, if: .active, product),
            ], boundaries: [])
    }

    private var extensions: [AndConstraint] {
        let halves = QuotientColumn.halves.form
        let (first, second) = (QuotientColumn.dividend.form, QuotientColumn.divisor.form)
        return [
            AndConstraint(
                "whole", where: code(.is64), isZero: halves ^ first >> 32 ^ second & ~low),
            AndConstraint("zero extended", where: code(.unsigned32), isZero: halves),
            AndConstraint(
                "sign extended", where: code(.signed32),
                isZero: halves ^ first.broadcast(31, low) ^ second.broadcast(31, ~low)),
        ]
    }

    private var signs: AndConstraint {
        var group = Lanes()
        func add(_ bit: Int, _ left: LinearForm, _ right: LinearForm, _ output: LinearForm) {
            group.add(left << bit, right << bit, output << bit)
        }
        func sign(_ bit: Int) -> LinearForm { control.field(bit, 1) }
        let (first, second) = (sign(Self.dividendSignBit), sign(Self.divisorSignBit))
        let (quotient, chosen) = (sign(Self.quotientSignBit), sign(Self.chosenSignBit))
        add(Self.dividendSignBit, code(.signed, 1), dividend.broadcast(63, 1), first)
        add(Self.divisorSignBit, code(.signed, 1), divisor.broadcast(63, 1), second)
        let isDivisor = QuotientColumn.comparison.form.broadcast(63, 1)
        add(Self.quotientSignBit, first ^ second, isDivisor, quotient)
        add(Self.chosenSignBit, code(.remainder, 1), first ^ quotient, chosen ^ quotient)
        let unused = LinearForm.unused(
            [
                (QuotientColumn.control.rawValue, LinearForm.mask(16, 48)),
                (QuotientColumn.remainderCarries.rawValue, LinearForm.mask(63, 1)),
            ], in: ~LinearForm.mask(12, 4))
        group.add(.zero, .zero, unused)
        return group.constraint("signs")
    }

    private var numbers: [AndConstraint] {
        let quotient = QuotientColumn.quotient.form
        let isZero = QuotientColumn.comparison.form.broadcast(63) ^ .row(.active)
        return [
            absolutes.dividend.constraint, absolutes.divisor.constraint, remainder.constraint,
            comparison.constraint,
            AndConstraint("zero divisor", where: isZero, isZero: divisor),
            AndConstraint("by zero", where: isZero, isZero: ~quotient),
            AndConstraint(
                "chosen", code(.remainder), quotient ^ remainder.sum,
                quotient ^ QuotientColumn.chosen.form),
        ]
    }

    private var output: [AndConstraint] {
        let result = QuotientColumn.result.form
        let signed = Adder.negation(
            "chosen sign", QuotientColumn.chosen.form,
            sign: control.broadcast(Self.chosenSignBit, 1),
            carries: QuotientColumn.chosenCarries.rawValue)
        return [
            signed.constraint,
            AndConstraint(
                "result", where: .constant(low) ^ code(.is64, ~low),
                isZero: result ^ signed.sum),
            AndConstraint(
                "half result", where: code(.unsigned32, ~low) ^ code(.signed32, ~low),
                isZero: result ^ signed.sum.broadcast(31)),
        ]
    }
}
