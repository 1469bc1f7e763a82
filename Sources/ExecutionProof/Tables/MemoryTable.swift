// One row an access to memory: one or two cells of eight bytes, at any alignment.

/// The columns of the table of accesses.
enum MemoryColumn: Int, CaseIterable {
    /// Address (32 bits), step (16 bits), code (12 bits).
    case access
    /// The register's value, or the value stored.
    case value
    /// As many of its bytes as the access is wide.
    case narrow
    /// `narrow`, rotated left by one byte, two, four, where the address says so.
    case turned1, turned2, turned4
    /// The bytes the access covers of 16, for none to all of the three turns: 16 bits each.
    case covers
    /// The two cells before.
    case cell0, cell1
    /// What is added to them.
    case change0, change1
    /// When they were used last, 20 bits each.
    case clocks
    case clockCarries
    /// Carries of the second cell's address (28 bits), sign by width (3), whether each cell is
    /// of the space that is only read (2).
    case lanes

    var form: LinearForm { .column(rawValue) }
}

/// The bits of the code of an access.
enum AccessCode {
    /// Loads of 1, 2, 4 and 8 bytes.
    static let load = 0
    /// Stores of 1, 2, 4 and 8 bytes.
    static let store = 4
    /// Loads of 1, 2 and 4 bytes that extend by the sign.
    static let signed = 8
    /// Where the code stands in the column `access`.
    static let place = 48
}

/// Builds the table of accesses.
struct MemoryTable {
    static let signPlace = 28
    static let readOnlyPlace = 31
    static let crossingBit = 40

    private let access = MemoryColumn.access.form
    private let covers = MemoryColumn.covers.form
    private let lanes = MemoryColumn.lanes.form
    private let row = MemoryColumn.access.form.field(32, Layout.rowBits)

    /// One bit of the code, in all places of `mask`.
    private func code(_ bit: Int, _ mask: UInt64) -> LinearForm {
        access.broadcast(AccessCode.place + bit, mask)
    }

    /// Of the widths 1, 2, 4 and 8 those from `least` (their logarithm) on.
    private func widths(_ first: Int, from least: Int, to most: Int, _ mask: UInt64) -> LinearForm {
        (least...most).reduce(.zero) { $0 ^ code(first + $1, mask) }
    }

    private func isStore(_ mask: UInt64) -> LinearForm {
        widths(AccessCode.store, from: 0, to: 3, mask)
    }

    private func isLoad(_ mask: UInt64) -> LinearForm {
        widths(AccessCode.load, from: 0, to: 3, mask)
    }

    /// Whether the access reaches into the second cell.
    private func crosses(_ mask: UInt64) -> LinearForm { covers.broadcast(Self.crossingBit, mask) }

    /// For each bit of a word whether the access is wider than that.
    private func width(_ unit: Int) -> LinearForm {
        (0...3).reduce(.zero) { form, least in
            let low = least == 0 ? 0 : unit << (least - 1)
            let mask = LinearForm.mask(low, (unit << least) - low)
            return form ^ widths(AccessCode.load, from: least, to: 3, mask)
                ^ widths(AccessCode.store, from: least, to: 3, mask)
        }
    }

    var table: Table {
        Table(
            kind: .memory, columns: MemoryColumn.allCases.map { "\($0)" },
            constraints: values + turns + cells + [clocks, details, silence], flushes: flushes,
            boundaries: [])
    }
}

extension MemoryTable {
    private var values: [AndConstraint] {
        let (value, narrow) = (MemoryColumn.value.form, MemoryColumn.narrow.form)
        // A load's bits above its width are copies of its sign, or zero.
        let above = (0...2).reduce(LinearForm.zero) { form, width in
            let mask = LinearForm.mask(8 << width, 8 << width)
            return form ^ widths(AccessCode.load, from: 0, to: width, mask)
        }
        let sign = (0...2).reduce(LinearForm.zero) {
            $0 ^ lanes.broadcast(Self.signPlace + $1)
        }
        return [
            AndConstraint("narrow", value, width(8), narrow),
            AndConstraint("extension", where: above, isZero: value ^ sign),
        ]
    }

    /// Three turns of the value, and the same shifts of the bytes it covers.
    private var turns: [AndConstraint] {
        let stages: [MemoryColumn] = [.narrow, .turned1, .turned2, .turned4]
        var constraints: [AndConstraint] = []
        var lanes = Lanes()
        for stage in 0..<3 {
            let (before, after) = (stages[stage].form, stages[stage + 1].form)
            let turned = before.rotatedRight(64 - (8 << stage))
            constraints.append(
                AndConstraint(
                    "turn \(1 << stage)", access.broadcast(stage), before ^ turned,
                    before ^ after))
            let place = 16 * stage
            let mask = LinearForm.mask(place, 16)
            let held = stage == 0 ? width(1) & 0xFF : covers.field(place - 16, 16)
            let moved = held << (1 << stage) & 0xFFFF
            lanes.add(
                access.broadcast(stage, mask), (held ^ moved) << place,
                held << place ^ covers & mask)
        }
        lanes.add(.zero, .zero, covers & LinearForm.mask(48, 16))
        return constraints + [lanes.constraint("covered bytes")]
    }

    private var cells: [AndConstraint] {
        let column = MemoryColumn.covers.rawValue
        let (low, high) = (
            LinearForm.mapped(column, .bytes(first: 32)),
            LinearForm.mapped(column, .bytes(first: 40))
        )
        let turned = MemoryColumn.turned4.form
        let (cell0, cell1) = (MemoryColumn.cell0.form, MemoryColumn.cell1.form)
        let (change0, change1) = (MemoryColumn.change0.form, MemoryColumn.change1.form)
        return [
            AndConstraint("first cell", where: low, isZero: turned ^ cell0 ^ change0),
            AndConstraint("second cell", where: high, isZero: turned ^ cell1 ^ change1),
            AndConstraint("first change", where: ~low, isZero: change0),
            AndConstraint("second change", where: ~high, isZero: change1),
            AndConstraint("loads change nothing", where: isLoad(.max), isZero: change0 ^ change1),
            AndConstraint("no second cell", where: ~crosses(.max), isZero: cell1),
        ]
    }

    private var clocks: AndConstraint {
        let later =
            LinearForm.clock(row, Slot.memory, to: 0)
            ^ .clock(row, Slot.memory, to: Layout.clockBits)
        return ClockLanes.constraint(
            "clocks", earlier: MemoryColumn.clocks.form & LinearForm.mask(0, 40), later: later,
            carries: MemoryColumn.clockCarries.rawValue, count: 2)
    }

    private var cellAddress: LinearForm { access.field(3, 29) }
    private var entering: LinearForm { lanes.field(0, 28) << 1 ^ .constant(1) }

    /// The second cell's address, signs, spaces; the second clock only where there is a cell.
    private var details: AndConstraint {
        var group = Lanes()
        let carries = LinearForm.mask(0, 28)
        group.add(cellAddress & carries, entering & carries, lanes & carries)
        for width in 0..<3 {
            let mask = 1 << UInt64(Self.signPlace + width) as UInt64
            group.add(
                code(AccessCode.signed + width, mask),
                MemoryColumn.narrow.form.broadcast((8 << width) - 1, mask), lanes & mask)
        }
        let (first, second) = (Self.readOnlyPlace, Self.readOnlyPlace + 1)
        group.add(isStore(1 << 31), lanes.field(first, 1, to: 31))
        group.add(isStore(1 << 32), lanes.field(second, 1, to: 32))
        group.add(~crosses(1 << 33) & 1 << 33, lanes.field(second, 1, to: 33))
        let clock = LinearForm.mask(34, 20)
        group.add(~crosses(clock) & clock, MemoryColumn.clocks.form.field(20, 20, to: 34))
        let tail = LinearForm.unused(
            [(MemoryColumn.lanes.rawValue, LinearForm.mask(33, 10))],
            in: LinearForm.mask(54, 10))
        group.add(.zero, .zero, tail)
        return group.constraint("details")
    }

    /// Rows after the last have no code, so cover no bytes and cross nothing; and unused bits.
    private var silence: AndConstraint {
        var group = Lanes()
        let codes = LinearForm.mask(AccessCode.place, Layout.codeBits)
        group.add(~LinearForm.row(.active) & codes, access & codes)
        let unused = LinearForm.unused(
            [
                (MemoryColumn.access.rawValue, LinearForm.mask(60, 4)),
                (MemoryColumn.lanes.rawValue, LinearForm.mask(43, 21)),
                (MemoryColumn.clocks.rawValue, LinearForm.mask(40, 24)),
                (MemoryColumn.clockCarries.rawValue, ClockLanes.tops(2)),
            ], in: ~codes)
        group.add(.zero, .zero, unused)
        return group.constraint("silence")
    }

    private var flushes: [Flush] {
        let second = Selector.bit(
            column: MemoryColumn.covers.rawValue, bit: Self.crossingBit)
        let clocks = MemoryColumn.clocks.form
        func cell(
            _ name: String, _ selector: Selector, _ index: Int, _ address: LinearForm
        ) -> [Flush] {
            let before = (index == 0 ? MemoryColumn.cell0 : .cell1).form
            let change = (index == 0 ? MemoryColumn.change0 : .change1).form
            let isReadOnly = Self.readOnlyPlace + index
            let space =
                lanes.broadcast(isReadOnly, 3) ^ .constant(Space.writable)
            func tuple(_ clock: LinearForm, _ value: LinearForm) -> [ElementForm] {
                [ElementForm(.cell(address, space: space, clock: clock), value)]
            }
            let earlier = clocks.field(20 * index, 20, to: Layout.clockPlace)
            let now = LinearForm.clock(row, Slot.memory, to: Layout.clockPlace)
            return [
                Flush("\(name) read", .pull, .cells, if: selector, tuple(earlier, before)),
                Flush(
                    "\(name) written", .push, .cells, if: selector, tuple(now, before ^ change)),
            ]
        }
        let request = [ElementForm(access, MemoryColumn.value.form)]
        return [Flush("access", .pull, .access, if: .active, request)]
            + cell("first cell", .active, 0, cellAddress)
            + cell("second cell", second, 1, cellAddress ^ entering)
    }
}
