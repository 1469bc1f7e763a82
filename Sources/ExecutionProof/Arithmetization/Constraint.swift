// What must hold in each row of a table, and what at its ends.

/// `left & right = output` in every row of the table, active or not.
package struct AndConstraint: Sendable {
    package let name: String
    package let left: LinearForm
    package let right: LinearForm
    package let output: LinearForm

    init(_ name: String, _ left: LinearForm, _ right: LinearForm, _ output: LinearForm) {
        (self.name, self.left, self.right, self.output) = (name, left, right, output)
    }

    /// `right` is zero wherever `left` has a one.
    init(_ name: String, where left: LinearForm, isZero right: LinearForm) {
        self.init(name, left, right, .zero)
    }
}

/// A form whose word at one end of each run of active rows is public.
package struct Boundary: Sendable {
    package enum Place: Sendable {
        /// The first row of each run.
        case first
        /// The last row of each run.
        case last
    }

    /// What the word must be.
    package enum Expected: Sendable {
        case zero
        /// Position of the first instruction.
        case entry
        /// Position after the last step in the low 20 bits, of its instruction in the next 20.
        case exit
    }

    package let name: String
    package let place: Place
    /// Refers to no next row.
    package let form: LinearForm
    package let expected: Expected
}
