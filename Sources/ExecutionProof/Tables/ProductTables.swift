// Products: eight rows that add up, eight bits each, and one that finishes the sum.

enum PartialColumn {
    static let left = 0, right = 1, low = 2, sum = 3, carry = 4
    /// Multiples of the left factor by one bit of the right one each.
    static let multiple = 5
    /// Carries after each bit.
    static let carries = 5 + ProductTables.bitsOfRow
    static let count = carries + ProductTables.bitsOfRow

    static var names: [String] {
        ["left", "right", "low", "sum", "carry"]
            + (0..<ProductTables.bitsOfRow).map { "multiple \($0)" }
            + (0..<ProductTables.bitsOfRow).map { "carries \($0)" }
    }
}

enum ProductColumn: Int, CaseIterable {
    /// Code (12 bits), sign of the left and of the right factor.
    case control
    case left, right, result
    /// The product: its low 64 bits, and two words whose sum is the high 64.
    case low, sum, carry
    case highCarries
    /// What negative factors take off the high word, each its sign times the other factor.
    case rightIfNegative, leftIfNegative
    case firstCarries, secondCarries

    var form: LinearForm { .column(rawValue) }
}

/// The bits of the code of a product.
enum ProductCode: Int {
    /// What the result is: the low word, its low half extended, the high word.
    case low64, low32, high
    /// That the high word is zero.
    case exact
    // Which factors have a sign.
    case leftSigned, rightSigned

    var mask: UInt64 { 1 << UInt64(rawValue) }
}

struct ProductTables {
    /// Bits of the right factor that one row multiplies by.
    static let bitsOfRow = 8
    /// Rows of a product.
    static let rowsOfProduct = 64 / bitsOfRow

    static let leftSignBit = 12
    static let rightSignBit = 13
    private let control = ProductColumn.control.form

    private func code(_ code: ProductCode, _ mask: UInt64 = .max) -> LinearForm {
        control.broadcast(code.rawValue, mask)
    }

    var product: Table {
        let (left, right) = (ProductColumn.left.form, ProductColumn.right.form)
        let (low, sum, carry) = (
            ProductColumn.low.form, ProductColumn.sum.form, ProductColumn.carry.form
        )
        let request = [
            ElementForm(control.field(0, Layout.codeBits), left),
            ElementForm(right, ProductColumn.result.form),
        ]
        let partial = [
            ElementForm(.zero, left), ElementForm(right, low), ElementForm(sum, carry),
        ]
        return Table(
            kind: .product, columns: ProductColumn.allCases.map { "\($0)" },
            constraints: signs + high(sum, carry),
            flushes: [
                Flush("product", .pull, .product, if: .active, request),
                Flush("partial", .pull, .partial, if: .active, partial),
            ], boundaries: [])
    }

    private var signs: [AndConstraint] {
        let (left, right) = (ProductColumn.left.form, ProductColumn.right.form)
        var group = Lanes()
        let (first, second) = (1 << 12 as UInt64, 1 << 13 as UInt64)
        group.add(code(.leftSigned, first), left.broadcast(63, first), control & first)
        group.add(code(.rightSigned, second), right.broadcast(63, second), control & second)
        group.add(.zero, .zero, control & LinearForm.mask(14, 50))
        return [
            group.constraint("signs"),
            AndConstraint(
                "right if negative", control.broadcast(Self.leftSignBit), right,
                ProductColumn.rightIfNegative.form),
            AndConstraint(
                "left if negative", control.broadcast(Self.rightSignBit), left,
                ProductColumn.leftIfNegative.form),
        ]
    }

    /// The high word, what is taken off it, and the result.
    private func high(_ sum: LinearForm, _ carry: LinearForm) -> [AndConstraint] {
        let one = LinearForm.row(.active)
        let high = Adder("high", sum, carry, carries: ProductColumn.highCarries.rawValue)
        let first = Adder(
            "less right", high.sum, ProductColumn.rightIfNegative.form.complementIfActive,
            carryIn: one, carries: ProductColumn.firstCarries.rawValue)
        let second = Adder(
            "less left", first.sum, ProductColumn.leftIfNegative.form.complementIfActive,
            carryIn: one, carries: ProductColumn.secondCarries.rawValue)
        let (result, low) = (ProductColumn.result.form, ProductColumn.low.form)
        let half = LinearForm.mask(0, 32)
        return [
            high.constraint, first.constraint, second.constraint,
            AndConstraint(
                "low result", where: code(.low64) ^ code(.low32, half), isZero: result ^ low),
            AndConstraint(
                "low half", where: code(.low32, ~half), isZero: result ^ low.broadcast(31)),
            AndConstraint("high result", where: code(.high), isZero: result ^ second.sum),
            AndConstraint("exact", where: code(.exact), isZero: high.sum),
        ]
    }
}

extension ProductTables {
    /// After `b` bits of the right factor, the left one times these is the low word's top `b` bits
    /// plus `2^b (sum + carry)`: each bit adds a multiple in a row of full adders, and the lowest
    /// bit of their sums is final.
    var partial: Table {
        let left = LinearForm.column(PartialColumn.left)
        let right = LinearForm.column(PartialColumn.right)
        var constraints: [AndConstraint] = []
        var (sum, carry) = (
            LinearForm.column(PartialColumn.sum), LinearForm.column(PartialColumn.carry)
        )
        var low = LinearForm.column(PartialColumn.low) >> Self.bitsOfRow
        for bit in 0..<Self.bitsOfRow {
            let multiple = LinearForm.column(PartialColumn.multiple + bit)
            let leaving = LinearForm.column(PartialColumn.carries + bit)
            constraints += [
                AndConstraint("multiple \(bit)", right.broadcast(bit), left, multiple),
                AndConstraint(
                    "carries \(bit)", sum ^ multiple, carry ^ multiple, leaving ^ multiple),
            ]
            let added = sum ^ carry ^ multiple
            low ^= added.field(0, 1, to: 64 - Self.bitsOfRow + bit)
            (sum, carry) = (added >> 1, leaving)
        }
        let turned = right.rotatedRight(Self.bitsOfRow)
        let goesOn = ~LinearForm.row(.groupEnd)
        func next(_ name: String, _ column: Int, _ value: LinearForm) -> AndConstraint {
            AndConstraint(name, goesOn, value, .next(column))
        }
        constraints += [
            next("next sum", PartialColumn.sum, sum),
            next("next carry", PartialColumn.carry, carry),
            next("next low", PartialColumn.low, low),
            AndConstraint("next left", where: goesOn, isZero: left ^ .next(PartialColumn.left)),
            AndConstraint(
                "next right", where: goesOn, isZero: turned ^ .next(PartialColumn.right)),
        ]
        let tuple = [
            ElementForm(.zero, left), ElementForm(turned, low), ElementForm(sum, carry),
        ]
        return Table(
            kind: .partial, columns: PartialColumn.names, constraints: constraints,
            flushes: [Flush("partial", .push, .partial, if: .activeGroupEnd, tuple)],
            boundaries: [
                begin("sum", PartialColumn.sum), begin("carry", PartialColumn.carry),
                begin("low", PartialColumn.low),
            ])
    }

    private func begin(_ name: String, _ column: Int) -> Boundary {
        Boundary(name: name, place: .first, form: .column(column), expected: .zero)
    }
}
