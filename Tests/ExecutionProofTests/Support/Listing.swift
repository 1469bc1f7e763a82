// All tables as text: what `docs/spec/proof.md` calls the listing, and the costs.
import PVM

@testable import ExecutionProof

extension Table {
    /// Columns, constraints, flushes and boundaries, one a line.
    var listing: String {
        var lines = ["table \(kind.rawValue) \(kind.name)"]
        for (index, name) in columns.enumerated() { lines.append("  column \(index) \(name)") }
        for constraint in constraints {
            lines.append("  and \(constraint.name)")
            lines.append("    left   \(text(constraint.left))")
            lines.append("    right  \(text(constraint.right))")
            lines.append("    output \(text(constraint.output))")
        }
        for flush in flushes {
            let direction = flush.direction == .push ? "push" : "pull"
            lines.append("  \(direction) \(flush.name): \(flush.channel), \(text(flush.selector))")
            for element in flush.elements {
                lines.append("    low    \(text(element.low))")
                lines.append("    high   \(text(element.high))")
            }
        }
        for boundary in boundaries {
            let place = boundary.place == .first ? "first" : "last"
            lines.append("  boundary \(boundary.name): \(place) row, \(boundary.expected)")
            lines.append("    form   \(text(boundary.form))")
        }
        return lines.joined(separator: "\n")
    }

    private func text(_ selector: Selector) -> String {
        switch selector {
        case .active: "active"
        case .activeGroupEnd: "active and end"
        case .bit(let column, let bit): "bit \(bit) of \(column)"
        }
    }

    private func text(_ form: LinearForm) -> String {
        let terms = form.terms.map { text($0.map, text($0.source)) }
        let constant = form.constant == 0 ? [] : ["0x" + String(form.constant, radix: 16)]
        let all = terms + constant
        return all.isEmpty ? "0" : all.joined(separator: " + ")
    }

    private func text(_ source: Source) -> String {
        switch source {
        case .column(let column): "\(column)"
        case .next(let column): "\(column)'"
        case .row(let word): "\(word)"
        }
    }

    private func text(_ map: WordMap, _ word: String) -> String {
        switch map {
        case .shifted(let by, let mask): shifted(word, by, mask)
        case .reversedBits(let by, let mask): shifted("rev(\(word))", by, mask)
        case .reversedBytes: "swap(\(word))"
        case .broadcast(let bit, let mask): "bit(\(word),\(bit))" + masked(mask)
        case .bytes(let first): "bytes(\(word),\(first))"
        case .parity(let mask, let to): "parity(\(word)\(masked(mask)))<<\(to)"
        }
    }

    private func shifted(_ word: String, _ by: Int, _ mask: UInt64) -> String {
        let arrow = by == 0 ? "" : by > 0 ? "<<\(by)" : ">>\(-by)"
        return word + arrow + masked(mask)
    }

    private func masked(_ mask: UInt64) -> String {
        mask == .max ? "" : "&0x" + String(mask, radix: 16)
    }
}

/// Words and constraints of tables and opcodes.
enum Costs {
    static var text: String {
        var lines = ["# table: columns, constraints, terms of their forms, flushes"]
        for table in ConstraintSystem.tables {
            let terms = table.constraints.reduce(0) {
                $0 + $1.left.terms.count + $1.right.terms.count + $1.output.terms.count
            }
            lines.append(
                "\(table.kind.name): \(table.columns.count) \(table.constraints.count) \(terms) "
                    + "\(table.flushes.count)")
        }
        lines.append("# opcode: committed words, constraints of one step, without padding")
        for specification in Revision.grayPaper071.instructions.all {
            guard let kinds = tables(of: specification.number) else { continue }
            var (words, constraints) = (0, 0)
            for (kind, rows) in kinds {
                let table = ConstraintSystem.tables[kind.rawValue]
                words += rows * table.columns.count
                constraints += rows * table.constraints.count
            }
            lines.append("\(specification.name): \(words) \(constraints)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The rows that a step of an opcode needs; nil where it has no proof.
    private static func tables(of number: UInt8) -> [(TableKind, Int)]? {
        let blob = ProgramBlob(
            jumpTable: [], code: [number] + [UInt8](repeating: 0, count: 9) + [0],
            starts: [true] + [Bool](repeating: false, count: 9) + [true])
        let program = Program(blob, revision: .grayPaper071)
        guard let provable = try? ProvableProgram(program, identity: program.identity),
            let plan = provable.plans[0]
        else { return nil }
        var rows = [(TableKind.steps, 1)]
        if plan.has(.memory) { rows.append((.memory, 1)) }
        if plan.has(.shift) { rows.append((.shift, 1)) }
        if plan.has(.bits) { rows.append((.bits, 1)) }
        if plan.has(.indirect) { rows.append((.jump, 1)) }
        if plan.has(.quotient) { rows.append((.quotient, 1)) }
        if plan.has(.product) || plan.has(.quotient) { rows += [(.product, 1), (.partial, 8)] }
        return rows
    }
}
