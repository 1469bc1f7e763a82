// From a trace to the words of all tables.
import PVM

/// What sub-tables are asked for, in the order in which the steps ask.
struct Requests {
    struct Binary {
        var code: UInt64
        var left: UInt64
        var right: UInt64
        var result: UInt64
    }

    var shifts: [Binary] = []
    var products: [Binary] = []
    var quotients: [Binary] = []
    var bits: [Binary] = []
}

extension Trace {
    /// The words of all tables, in the order of `TableKind`. Time and memory in proportion to the
    /// steps, and eight rows for each product.
    package func witnesses() -> [Witness] {
        var requests = Requests()
        let steps = stepWitness(&requests)
        let quotients = QuotientFilling.witness(requests.quotients, products: &requests.products)
        return TableKind.allCases.map { kind in
            switch kind {
            case .steps: steps
            case .memory: MemoryFilling.witness(accesses)
            case .shift: ShiftFilling.witness(requests.shifts)
            case .product: ProductFilling.product(requests.products)
            case .partial: ProductFilling.partial(requests.products)
            case .quotient: quotients
            case .bits: BitsFilling.witness(requests.bits)
            case .jump: jumpWitness()
            }
        }
    }

    private func jumpWitness() -> Witness {
        var witness = Witness(active: jumps.count, columnCount: JumpColumn.allCases.count)
        for (row, jump) in jumps.enumerated() {
            let uses = UInt64(jump.uses)
            witness[JumpColumn.entry.rawValue, row] =
                UInt64(jump.address) | UInt64(jump.target) << 32
            witness[JumpColumn.uses.rawValue, row] =
                uses | Carries.ofCounter(uses) << UInt64(JumpTable.carryPlace)
        }
        return witness
    }
}

extension Witness {
    /// - Parameter body: gets a function that writes a word at a row of a column.
    mutating func fill(_ body: (RowWriter) -> Void) {
        let logarithm = logarithm
        words.withUnsafeMutableBufferPointer { words in
            guard let base = words.baseAddress else { return }
            body(RowWriter(words: base, logarithm: logarithm))
        }
    }
}

/// Writes words of a witness, without checks: rows and columns are those of our own fillings.
struct RowWriter {
    let words: UnsafeMutablePointer<UInt64>
    let logarithm: Int

    @inline(__always)
    func set(_ column: Int, _ row: Int, _ word: UInt64) {
        words[column << logarithm | row] = word
    }
}
