// One row an indirect jump: a use of an entry of the program's jump table.

enum JumpColumn: Int, CaseIterable {
    /// Address (32 bits), position (20).
    case entry
    /// Earlier uses of the entry (17 bits), carries (16).
    case uses

    var form: LinearForm { .column(rawValue) }
}

struct JumpTable {
    static let carryPlace = Layout.counterBits

    var table: Table {
        let entry = JumpColumn.entry.form & LinearForm.mask(0, 52)
        let counter = JumpColumn.uses.form.field(0, Layout.counterBits)
        let carries = JumpColumn.uses.form.field(Self.carryPlace, Layout.counterBits - 1)
        var lanes = Lanes()
        Counter.add(counter, carries, to: &lanes)
        let unused = LinearForm.unused(
            [
                (JumpColumn.entry.rawValue, LinearForm.mask(52, 12)),
                (JumpColumn.uses.rawValue, LinearForm.mask(33, 31)),
            ], in: LinearForm.mask(Layout.counterBits, 47))
        lanes.add(.zero, .zero, unused)
        let later = Counter.next(counter, carries)
        return Table(
            kind: .jump, columns: JumpColumn.allCases.map { "\($0)" },
            constraints: [lanes.constraint("uses")],
            flushes: [
                Flush("jump", .pull, .jump, if: .active, [ElementForm(entry, .zero)]),
                Flush("entry", .pull, .jumpTable, if: .active, [ElementForm(entry, counter)]),
                Flush("entry used", .push, .jumpTable, if: .active, [ElementForm(entry, later)]),
            ], boundaries: [])
    }
}
