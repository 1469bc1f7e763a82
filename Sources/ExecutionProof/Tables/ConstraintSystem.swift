// All tables, built once.

/// The arithmetization of the machine: see `docs/spec/proof.md`.
package enum ConstraintSystem {
    /// One table of each kind, in the order of the kinds.
    package static let tables: [Table] = TableKind.allCases.map { kind in
        switch kind {
        case .steps: StepTable().table
        case .memory: MemoryTable().table
        case .shift: ShiftTable().table
        case .product: ProductTables().product
        case .partial: ProductTables().partial
        case .quotient: QuotientTable().table
        case .bits: BitsTable().table
        case .jump: JumpTable().table
        }
    }
}
