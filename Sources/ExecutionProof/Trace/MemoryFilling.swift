// Rows of the table of accesses.

enum MemoryFilling {
    static func witness(_ accesses: [AccessRecord]) -> Witness {
        var witness = Witness(active: accesses.count, columnCount: MemoryColumn.allCases.count)
        witness.fill { writer in
            for row in accesses.indices { write(accesses[row], writer, row) }
        }
        return witness
    }

    @inline(__always)
    private static func write(_ record: AccessRecord, _ writer: RowWriter, _ row: Int) {
        func set(_ column: MemoryColumn, _ word: UInt64) {
            writer.set(column.rawValue, row, word)
        }
        let (address, code) = (UInt64(record.address), record.code)
        let isStore = code >> UInt64(AccessCode.store) & 0xF != 0
        let width = 1 << UInt64(((code | code >> 4) & 0xF).trailingZeroBitCount)
        let mask = width == 8 ? UInt64.max : (1 << UInt64(8 * width)) - 1
        let narrow = record.value & mask
        set(.access, address | UInt64(record.step) << 32 | code << 48)
        set(.value, record.value)
        set(.narrow, narrow)
        var (turned, covers, all): (UInt64, UInt64, UInt64) = (
            narrow, (1 << UInt64(width)) - 1, 0
        )
        for stage in 0..<3 {
            if address >> UInt64(stage) & 1 == 1 {
                let count = UInt64(8 << stage)
                turned = turned << count | turned >> (64 - count)
                covers <<= UInt64(1 << stage)
            }
            set(stage == 0 ? .turned1 : stage == 1 ? .turned2 : .turned4, turned)
            all |= covers << UInt64(16 * stage)
        }
        set(.covers, all)
        let (low, high) = (WordMap.spread(covers & 0xFF), WordMap.spread(covers >> 8))
        set(.cell0, record.cell0.value)
        set(.cell1, record.cell1.value)
        set(.change0, isStore ? (record.cell0.value ^ turned) & low : 0)
        set(.change1, isStore ? (record.cell1.value ^ turned) & high : 0)
        let now = Layout.clockBase | UInt64(record.step) << 2 | Slot.memory
        let (first, second) = (UInt64(record.cell0.clock), UInt64(record.cell1.clock))
        set(.clocks, first | second << 20)
        set(
            .clockCarries,
            Carries.ofClocks(earlier: first, later: now)
                | Carries.ofClocks(earlier: second, later: now) << 20)
        var lanes = Carries.ofCounter(address >> 3) & 0xFFF_FFFF
        for size in 0..<3 where code >> UInt64(AccessCode.signed + size) & 1 == 1 {
            lanes |= (narrow >> UInt64((8 << size) - 1) & 1) << UInt64(MemoryTable.signPlace + size)
        }
        if record.cell0.isReadOnly { lanes |= 1 << UInt64(MemoryTable.readOnlyPlace) }
        if record.cell1.isReadOnly { lanes |= 1 << UInt64(MemoryTable.readOnlyPlace + 1) }
        set(.lanes, lanes)
    }
}
