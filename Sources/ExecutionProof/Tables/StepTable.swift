// One row a step: its instruction, its operands and result, and where it leads.

/// The columns of the table of steps.
enum StepColumn: Int, CaseIterable {
    /// Position of the instruction, of the next, and of the target: 20 bits each.
    case places
    /// Registers first, second, result (4 bits each), code (12 bits), then the flags.
    case plan
    /// Immediate of the left operand.
    case leftImmediate
    /// Immediate of the right operand in the low, the third in the high 32 bits.
    case immediates
    /// Earlier uses of the instruction (17 bits), position after the step (20), carries (16).
    case progress
    /// When the three registers were used last, 20 bits each.
    case clocks
    case clockCarries
    /// The registers' values: first, second, result before and after.
    case first, second, old, result
    /// The left operand.
    case left
    case carries
    /// Bit `i` is one where operands differ at or below it.
    case differs
    case conjunction
    /// Single bits: see `Lane`.
    case lanes

    var form: LinearForm { .column(rawValue) }
}

/// The bits of `plan` after the code, from bit 24 on.
enum Flag: Int, CaseIterable {
    /// The left operand takes the first register.
    case usesFirst
    /// The adder subtracts.
    case subtracts
    /// The right operand of logic is complemented.
    case inverts
    // What the result is.
    case sum64, sum32, and, xor, or, comparison, left, selection, move, link, old
    case sign8, sign16, zero16, reversed
    // What is compared.
    case lessUnsigned, lessSigned, equal, negates
    // Where it goes on.
    case branch, jump, sequence
    // Which table does the work.
    case memory, shift, product, quotient, bits, indirect, host

    static let place = 24
    var bit: Int { Self.place + rawValue }
    var mask: UInt64 { 1 << UInt64(bit) }

    /// The flag in all places of `mask`.
    func form(_ mask: UInt64 = .max) -> LinearForm {
        StepColumn.plan.form.broadcast(bit, mask)
    }

    static func any(_ flags: [Flag], _ mask: UInt64) -> LinearForm {
        flags.reduce(.zero) { $0 ^ $1.form(mask) }
    }
}

/// The bits of the column `lanes`.
enum Lane: Int, CaseIterable {
    case lessUnsigned, lessSigned, equal
    case selectsLeft, selectsRight, moves, keeps, jumps, falls
    case sign32, sign16, sign8

    func form(_ mask: UInt64 = .max) -> LinearForm {
        StepColumn.lanes.form.broadcast(rawValue, mask)
    }
}

/// Builds the table of steps.
struct StepTable {
    static let placeMask = LinearForm.mask(0, Layout.positionBits)
    static let carryBits = Layout.counterBits - 1
    static let nextPlace = Layout.counterBits
    /// Where the last instruction's position stands in the word of the boundary.
    static let lastPlace = 20
    static let carryPlace = nextPlace + Layout.positionBits

    let plan = StepColumn.plan.form
    let left = StepColumn.left.form
    let result = StepColumn.result.form
    let row = LinearForm.row(.index)
    let right: LinearForm
    let logicRight: LinearForm
    let third: LinearForm
    let adder: Adder
    let differs: LinearForm
    let condition: LinearForm

    init() {
        let immediates = StepColumn.immediates.form
        right = StepColumn.second.form ^ immediates.signExtended(32)
        third = (immediates >> 32).signExtended(32)
        logicRight = right ^ Flag.inverts.form()
        adder = Adder(
            "sum", left, right ^ Flag.subtracts.form(), carryIn: Flag.subtracts.form(1),
            carries: StepColumn.carries.rawValue)
        differs = StepColumn.differs.form
        condition =
            Lane.lessUnsigned.form(1) ^ Lane.lessSigned.form(1) ^ Lane.equal.form(1)
            ^ Flag.negates.form(1)
    }

    var table: Table {
        Table(
            kind: .steps, columns: StepColumn.allCases.map { "\($0)" },
            constraints: operands + [lanes, clocks, progress, order, silence] + results,
            flushes: uses + registers + calls,
            boundaries: [
                Boundary(
                    name: "entry", place: .first,
                    form: StepColumn.places.form & Self.placeMask, expected: .entry),
                Boundary(
                    name: "exit", place: .last,
                    form: next ^ StepColumn.places.form.field(0, 20, to: Self.lastPlace),
                    expected: .exit),
            ])
    }

    /// Position after the step.
    private var next: LinearForm {
        StepColumn.progress.form.field(Self.nextPlace, Layout.positionBits)
    }
}

extension StepTable {
    /// The left operand, carries, where operands differ, and the conjunction.
    private var operands: [AndConstraint] {
        let (first, immediate) = (StepColumn.first.form, StepColumn.leftImmediate.form)
        return [
            AndConstraint("left", Flag.usesFirst.form(), first, left ^ immediate),
            adder.constraint,
            AndConstraint("differs", ~(left ^ right), ~(differs << 1), ~differs),
            AndConstraint("conjunction", left, logicRight, StepColumn.conjunction.form),
        ]
    }

    /// Single bits by single bits, and bytes of results for which there was no other place.
    private var lanes: AndConstraint {
        var lanes = Lanes()
        func add(_ lane: Lane, _ left: LinearForm, _ right: LinearForm) {
            let place = lane.rawValue
            lanes.add(left << place, right << place, lane.form(1 << UInt64(place)))
        }
        let below = ~StepColumn.carries.form.broadcast(63, 1) & 1
        let signs = left.broadcast(63, 1) ^ right.broadcast(63, 1)
        let otherwise = (condition ^ .constant(1))
        add(.lessUnsigned, Flag.lessUnsigned.form(1), below)
        add(.lessSigned, Flag.lessSigned.form(1), below ^ signs)
        add(.equal, Flag.equal.form(1), ~differs.broadcast(63, 1) & 1)
        add(.selectsLeft, Flag.selection.form(1), condition)
        add(.selectsRight, Flag.selection.form(1), otherwise)
        add(.moves, Flag.move.form(1), condition)
        add(.keeps, Flag.move.form(1), otherwise)
        add(.jumps, Flag.branch.form(1), condition)
        add(.falls, Flag.branch.form(1), otherwise)
        add(.sign32, Flag.sum32.form(1), adder.sum.broadcast(31, 1))
        add(.sign16, Flag.sign16.form(1), left.broadcast(15, 1))
        add(.sign8, Flag.sign8.form(1), left.broadcast(7, 1))
        let byte = LinearForm.mask(0, 8)
        lanes.add(Flag.comparison.form(byte << 16), (result ^ condition).field(0, 8, to: 16))
        lanes.add(
            Flag.any([.sign16, .zero16], byte << 24), (result ^ left).field(8, 8, to: 24))
        let rest = LinearForm.mask(Lane.allCases.count, 4) | LinearForm.mask(32, 32)
        lanes.add(.zero, .zero, StepColumn.lanes.form & rest)
        return lanes.constraint("lanes")
    }

    private var clocks: AndConstraint {
        let later = [Slot.first, Slot.second, Slot.result].enumerated().reduce(LinearForm.zero) {
            $0 ^ .clock(row, $1.element, to: $1.offset * Layout.clockBits)
        }
        return ClockLanes.constraint(
            "clocks", earlier: StepColumn.clocks.form & LinearForm.mask(0, 60), later: later,
            carries: StepColumn.clockCarries.rawValue, count: 3)
    }

    private var counter: LinearForm { StepColumn.progress.form.field(0, Layout.counterBits) }
    private var counterCarries: LinearForm {
        StepColumn.progress.form.field(Self.carryPlace, Self.carryBits)
    }

    /// The counter, and the next position where a flag or the condition decides it.
    private var progress: AndConstraint {
        var lanes = Lanes()
        Counter.add(counter, counterCarries, to: &lanes)
        let (target, sequence) = (Self.placeMask << 20, Self.placeMask << 40)
        let places = StepColumn.places.form
        lanes.add(
            Flag.jump.form(target) ^ Lane.jumps.form(target),
            next << 20 ^ places.field(40, 20, to: 20))
        lanes.add(
            Flag.sequence.form(sequence) ^ Lane.falls.form(sequence),
            next << 40 ^ places.field(20, 20, to: 40))
        return lanes.constraint("progress")
    }

    /// Each step begins where the one before leads; bits that nothing uses are zero.
    private var order: AndConstraint {
        var lanes = Lanes()
        let begin = LinearForm.next(StepColumn.places.rawValue) & Self.placeMask
        lanes.add(.row(.followed) & Self.placeMask, next ^ begin)
        let unused = LinearForm.unused(
            [
                (StepColumn.places.rawValue, LinearForm.mask(60, 4)),
                (StepColumn.clocks.rawValue, LinearForm.mask(60, 4)),
                (StepColumn.progress.rawValue, LinearForm.mask(53, 11)),
                (StepColumn.lanes.rawValue, LinearForm.mask(16, 16)),
                (StepColumn.clockCarries.rawValue, ClockLanes.tops(3)),
            ], in: ~Self.placeMask)
        lanes.add(.zero, .zero, unused)
        return lanes.constraint("order")
    }

    /// Rows after the last step have no flags, and so flush nothing.
    private var silence: AndConstraint {
        AndConstraint("silence", where: ~LinearForm.row(.active), isZero: plan)
    }

    /// The result under each flag. Of `wide` and `narrow` a bit has as many flags as it may.
    private var results: [AndConstraint] {
        let (low, high) = (LinearForm.mask(0, 32), LinearForm.mask(32, 32))
        let (byte, second) = (LinearForm.mask(0, 8), LinearForm.mask(8, 8))
        let (upper, rest) = (LinearForm.mask(16, 16), ~LinearForm.mask(0, 8))
        let fill = Lane.sign32.form(rest) ^ Lane.sign16.form(rest) ^ Lane.sign8.form(rest)
        let narrow =
            Flag.any([.sign8, .sign16, .zero16], byte) ^ Flag.any([.sign8, .comparison], second)
            ^ Flag.any([.sign8, .sign16, .zero16, .comparison], upper)
            ^ Flag.any([.sum32, .sign8, .sign16, .zero16, .comparison], high)
        func guarded(_ name: String, _ flag: LinearForm, _ value: LinearForm) -> AndConstraint {
            AndConstraint(name, where: flag, isZero: result ^ value)
        }
        let conjunction = StepColumn.conjunction.form
        return [
            guarded("wide", Flag.any([.sum64, .sum32], low) ^ Flag.sum64.form(high), adder.sum),
            guarded("narrow", narrow, left & byte ^ fill),
            guarded("and", Flag.and.form(), conjunction),
            guarded("xor", Flag.xor.form(), left ^ logicRight),
            guarded("or", Flag.or.form(), left ^ logicRight ^ conjunction),
            guarded("left result", Flag.left.form() ^ Lane.selectsLeft.form(), left),
            guarded("right result", Lane.selectsRight.form(), right),
            guarded(
                "moved", Flag.link.form() ^ Lane.moves.form(), StepColumn.first.form ^ third),
            guarded("old", Flag.old.form() ^ Lane.keeps.form(), StepColumn.old.form),
            guarded(
                "reversed", Flag.reversed.form(),
                .mapped(StepColumn.left.rawValue, .reversedBytes)),
        ]
    }
}

extension StepTable {
    /// The instruction with the number of its uses, before and after.
    private var uses: [Flush] {
        func tuple(_ counter: LinearForm) -> [ElementForm] {
            [
                ElementForm(StepColumn.places.form, plan),
                ElementForm(StepColumn.leftImmediate.form, StepColumn.immediates.form),
                ElementForm(counter, .zero),
            ]
        }
        let later = Counter.next(counter, counterCarries)
        return [
            Flush("instruction", .pull, .program, if: .active, tuple(counter)),
            Flush("instruction used", .push, .program, if: .active, tuple(later)),
        ]
    }

    /// The three registers: read and written back, the third with the result.
    private var registers: [Flush] {
        let clocks = StepColumn.clocks.form
        func access(
            _ name: String, _ slot: UInt64, _ before: StepColumn, _ after: StepColumn
        ) -> [Flush] {
            let address = plan.field(4 * Int(slot), 4)
            let place = Int(slot) * Layout.clockBits
            let earlier = clocks.field(place, Layout.clockBits, to: Layout.clockPlace)
            let now = LinearForm.clock(row, slot, to: Layout.clockPlace)
            func cell(_ clock: LinearForm, _ value: StepColumn) -> [ElementForm] {
                let low = LinearForm.cell(address, space: .zero, clock: clock)
                return [ElementForm(low, value.form)]
            }
            return [
                Flush("\(name) read", .pull, .cells, if: .active, cell(earlier, before)),
                Flush("\(name) written", .push, .cells, if: .active, cell(now, after)),
            ]
        }
        return access("first", Slot.first, .first, .first)
            + access("second", Slot.second, .second, .second)
            + access("result", Slot.result, .old, .result)
    }

    /// What other tables and the host do, each under its flag.
    private var calls: [Flush] {
        let code = plan.field(12, Layout.codeBits)
        func call(
            _ name: String, _ flag: Flag, _ channel: Channel, _ words: [LinearForm]
        ) -> Flush {
            let selector = Selector.bit(column: StepColumn.plan.rawValue, bit: flag.bit)
            let elements = stride(from: 0, to: words.count, by: 2).map {
                ElementForm(words[$0], words[$0 + 1])
            }
            return Flush(name, .push, channel, if: selector, elements)
        }
        let access =
            adder.sum.field(0, 32) ^ row.field(0, 16, to: 32) ^ code.field(0, 12, to: 48)
        let host = row.field(0, 16) ^ third.field(0, 32, to: 16)
        return [
            call("access", .memory, .access, [access, result ^ third]),
            call(
                "shift", .shift, .shift,
                [code ^ right.field(0, 6, to: 12), left, result, .zero]),
            call("product", .product, .product, [code, left, right, result]),
            call("quotient", .quotient, .quotient, [code, left, right, result]),
            call("bits", .bits, .bits, [code, left, result, .zero]),
            call("jump", .indirect, .jump, [adder.sum.field(0, 32) ^ next << 32, .zero]),
            call("host", .host, .host, [host, StepColumn.first.form, result, .zero]),
        ]
    }
}
