// What several tables have in common: carries, clocks, counters, and unused bits.

/// Places in words that several tables share.
enum Layout {
    /// Bits of the position of an instruction.
    static let positionBits = 20
    /// Bits of a clock; clocks are below 2^19.
    static let clockBits = 20
    /// Bits of a counter of uses; it counts to 2^16.
    static let counterBits = 17
    /// Bits of a row's number.
    static let rowBits = 16
    /// Bits of the field that says what a sub-table is to do.
    static let codeBits = 12
    /// Set in all clocks of rows, so that they come after the clock 0 of initial values.
    static let clockBase: UInt64 = 1 << 18
    /// What the clock of initial values keeps apart.
    enum Kind {
        case registers, memory
    }

    /// The clock of the initial values of a run that begins at the step `first`, not 0: after all
    /// clocks of the runs before and before its own. Registers are never used in the fourth moment
    /// of a step, memory never in the first, so that no row gives this clock to such a value.
    static func initialClock(_ first: UInt32, of kind: Kind) -> UInt64 {
        let begin = clockBase + 4 * UInt64(first)
        return kind == .memory ? begin : begin - 1
    }

    /// The clock's place in a tuple of cells.
    static let clockPlace = 32
    /// The number of the space's place in a tuple of cells.
    static let spacePlace = 29
}

/// The spaces that cells are in; an address has its own cell in each.
enum Space {
    static let registers: UInt64 = 0
    static let writable: UInt64 = 1
    static let readOnly: UInt64 = 2
}

/// The four moments of a step.
enum Slot {
    static let first: UInt64 = 0
    static let second: UInt64 = 1
    static let result: UInt64 = 2
    static let memory: UInt64 = 3
}

/// An addition: the form of its carries, its constraint, and its sum.
struct Adder {
    let sum: LinearForm
    let constraint: AndConstraint

    /// Adds two forms and the bit 0 of `carryIn`.
    ///
    /// - Parameters:
    ///   - carries: the column whose bit `i` is the carry out of bit `i`.
    ///   - topCarry: bit 63 of this form is the carry out of bit 63, where it is not the column's.
    init(
        _ name: String, _ left: LinearForm, _ right: LinearForm, carryIn: LinearForm = .zero,
        carries: Int, topCarry: LinearForm? = nil
    ) {
        let column = LinearForm.column(carries)
        let entering = column << 1 ^ carryIn & 1
        let top = LinearForm.mask(63, 1)
        let leaving = topCarry.map { column & ~top ^ $0 & top } ?? column
        sum = left ^ right ^ entering
        constraint = AndConstraint(
            name, left ^ entering, right ^ entering, leaving ^ entering)
    }

    /// `value` where bit 0 of `sign` is zero, else its negative modulo 2^64.
    static func negation(
        _ name: String, _ value: LinearForm, sign: LinearForm, carries: Int
    ) -> Adder {
        let flipped = value ^ sign.broadcast(0)
        let column = LinearForm.column(carries)
        let entering = column << 1 ^ sign & 1
        return Adder(
            sum: flipped ^ entering,
            constraint: AndConstraint(name, flipped, entering, column))
    }

    private init(sum: LinearForm, constraint: AndConstraint) {
        (self.sum, self.constraint) = (sum, constraint)
    }
}

/// The three forms of a constraint while it is put together from groups of bits.
struct Lanes {
    private(set) var left = LinearForm.zero
    private(set) var right = LinearForm.zero
    private(set) var output = LinearForm.zero

    /// Adds forms that reach no bit which others of the same kind reach.
    mutating func add(_ left: LinearForm, _ right: LinearForm, _ output: LinearForm = .zero) {
        self.left ^= left
        self.right ^= right
        self.output ^= output
    }

    func constraint(_ name: String) -> AndConstraint { AndConstraint(name, left, right, output) }
}

extension LinearForm {
    /// In active rows the complement, elsewhere the same: rows of zeros stay valid.
    var complementIfActive: LinearForm { self ^ .row(.active) }

    /// The clock of a slot of the step whose number is bits 0 to 15 of `row`, from `place` on.
    static func clock(_ row: LinearForm, _ slot: UInt64, to place: Int) -> LinearForm {
        let fixed = (Layout.clockBase | slot) << UInt64(place)
        return row.field(0, Layout.rowBits, to: place + 2) ^ .constant(fixed)
    }

    /// A tuple's first word of a cell: address, space, clock.
    static func cell(_ address: LinearForm, space: LinearForm, clock: LinearForm) -> LinearForm {
        address ^ space.field(0, 2, to: Layout.spacePlace) ^ clock
    }

    /// Bits that nothing uses, gathered in `lanes`: as the output of a constraint whose left side
    /// is zero there they must be zero.
    ///
    /// - Parameter unused: columns with masks; together no more bits than `lanes` has.
    static func unused(_ unused: [(column: Int, mask: UInt64)], in lanes: UInt64) -> LinearForm {
        var free = (0..<64).filter { lanes >> UInt64($0) & 1 == 1 }[...]
        var form = LinearForm.zero
        for (column, mask) in unused {
            var shifts: [(by: Int, mask: UInt64)] = []
            for bit in 0..<64 where mask >> UInt64(bit) & 1 == 1 {
                guard let lane = free.popFirst() else {
                    preconditionFailure("a lane for each unused bit")
                }
                if shifts.last?.by != lane - bit { shifts.append((lane - bit, 0)) }
                shifts[shifts.count - 1].mask |= 1 << UInt64(lane)
            }
            for shift in shifts {
                form ^= .mapped(column, .shifted(by: shift.by, mask: shift.mask))
            }
        }
        return form
    }
}

/// Comparisons of clocks: each of several in a lane of its own.
enum ClockLanes {
    /// Requires that each earlier clock is below the later one, in active rows.
    ///
    /// The later clock plus the complement of the earlier has a carry out of its lane; that carry
    /// is not committed but is one by the constraint's form.
    /// - Parameters:
    ///   - earlier: lanes of 20 bits, from bit 0 on.
    ///   - later: the same.
    ///   - carries: the column; its bits outside of the lanes must be zero.
    static func constraint(
        _ name: String, earlier: LinearForm, later: LinearForm, carries: Int, count: Int
    ) -> AndConstraint {
        let lanes = LinearForm.mask(0, count * Layout.clockBits)
        let tops = tops(count)
        let column = LinearForm.column(carries)
        let entering = (column & (lanes & ~tops)) << 1
        let active = LinearForm.row(.active)
        return AndConstraint(
            name, later ^ entering, earlier ^ active & lanes ^ entering,
            column & ~tops ^ active & tops ^ entering)
    }

    /// The highest bit of each lane: the carries column does not use it.
    static func tops(_ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | 1 << UInt64(($1 + 1) * Layout.clockBits - 1) }
    }
}

/// A counter and what it is one later.
enum Counter {
    /// Adds lanes that make `carries` those of adding one to the counter; it cannot wrap.
    ///
    /// - Parameters:
    ///   - counter: a form of 17 bits.
    ///   - carries: a form of 16 bits.
    static func add(_ counter: LinearForm, _ carries: LinearForm, to lanes: inout Lanes) {
        lanes.add(counter, entering(carries), carries)
    }

    static func next(_ counter: LinearForm, _ carries: LinearForm) -> LinearForm {
        counter ^ entering(carries)
    }

    private static func entering(_ carries: LinearForm) -> LinearForm {
        carries << 1 ^ .constant(1)
    }
}
