// Rows of the table of steps.

extension Trace {
    /// The rows, and what they ask of other tables.
    func stepWitness(_ requests: inout Requests) -> Witness {
        var witness = Witness(runs: stepRuns, columnCount: StepColumn.allCases.count)
        var asked = Requests()
        witness.fill { writer in
            for row in steps.indices {
                let record = steps[row]
                guard let plan = program.plans[Int(record.position)] else { continue }
                let filling = StepFilling(record, plan)
                filling.write(writer, row)
                filling.ask(&asked)
            }
        }
        requests = asked
        return witness
    }
}

/// The words of one step.
private struct StepFilling {
    let record: StepRecord
    let plan: StepPlan
    let left: UInt64
    let right: UInt64

    @inline(__always)
    init(_ record: StepRecord, _ plan: StepPlan) {
        (self.record, self.plan) = (record, plan)
        left = (plan.has(.usesFirst) ? record.first : 0) ^ plan.leftImmediate
        right = record.second ^ plan.right
    }

    @inline(__always)
    private var addend: UInt64 { plan.has(.subtracts) ? ~right : right }
    @inline(__always)
    private var carryIn: UInt64 { plan.has(.subtracts) ? 1 : 0 }

    @inline(__always)
    func write(_ writer: RowWriter, _ row: Int) {
        func set(_ column: StepColumn, _ word: UInt64) { writer.set(column.rawValue, row, word) }
        set(.places, plan.places)
        set(.plan, plan.plan)
        set(.leftImmediate, plan.leftImmediate)
        set(.immediates, plan.immediates)
        let uses = UInt64(record.uses)
        set(
            .progress,
            uses | UInt64(record.next) << UInt64(StepTable.nextPlace)
                | Carries.ofCounter(uses) << UInt64(StepTable.carryPlace))
        let clocks = record.clocks
        set(
            .clocks,
            UInt64(clocks.first) | UInt64(clocks.second) << 20 | UInt64(clocks.result) << 40)
        let base = Layout.clockBase | UInt64(row) << 2
        set(
            .clockCarries,
            Carries.ofClocks(earlier: UInt64(clocks.first), later: base)
                | Carries.ofClocks(earlier: UInt64(clocks.second), later: base | 1) << 20
                | Carries.ofClocks(earlier: UInt64(clocks.result), later: base | 2) << 40)
        set(.first, record.first)
        set(.second, record.second)
        set(.old, record.old)
        set(.result, record.result)
        set(.left, left)
        let carries = Carries.of(left, addend, carryIn)
        set(.carries, carries)
        let differs = Carries.upward(left ^ right)
        set(.differs, differs)
        set(.conjunction, left & (plan.has(.inverts) ? ~right : right))
        set(.lanes, lanes(carries, differs))
    }

    @inline(__always)
    private func bit(_ flag: Flag) -> UInt64 { plan.plan >> UInt64(flag.bit) & 1 }

    @inline(__always)
    private func lanes(_ carries: UInt64, _ differs: UInt64) -> UInt64 {
        let below = ~carries >> 63
        let lessUnsigned = bit(.lessUnsigned) & below
        let lessSigned = bit(.lessSigned) & (below ^ (left ^ right) >> 63)
        let equal = bit(.equal) & (~differs >> 63)
        let condition = lessUnsigned ^ lessSigned ^ equal ^ bit(.negates)
        let sum = left &+ addend &+ carryIn
        var word = lessUnsigned | lessSigned << 1 | equal << 2
        word |= (bit(.selection) & condition) << 3 | (bit(.selection) & ~condition) << 4
        word |= (bit(.move) & condition) << 5 | (bit(.move) & ~condition) << 6
        word |= (bit(.branch) & condition) << 7 | (bit(.branch) & ~condition) << 8
        word |= (bit(.sum32) & sum >> 31) << 9 | (bit(.sign16) & left >> 15) << 10
        return word | (bit(.sign8) & left >> 7) << 11
    }

    @inline(__always)
    func ask(_ requests: inout Requests) {
        let calls: UInt64 =
            Flag.shift.mask | Flag.product.mask | Flag.quotient.mask | Flag.bits.mask
        guard plan.plan & calls != 0 else { return }
        let request = Requests.Binary(
            code: plan.code, left: left, right: right, result: record.result)
        if plan.has(.shift) {
            requests.shifts.append(request)
        } else if plan.has(.product) {
            requests.products.append(request)
        } else if plan.has(.quotient) {
            requests.quotients.append(request)
        } else {
            requests.bits.append(request)
        }
    }
}
