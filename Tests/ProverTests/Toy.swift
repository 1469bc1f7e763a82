// Two small tables that use every part of the protocol, for tests of the protocol alone.
import BinaryFields
import Ligerito
import Primitives
import Prover

@testable import ExecutionProof

/// The first table turns a word at each step and sends what it sees to the second, which also takes
/// one public tuple and gives one back.
struct Toy {
    var problem: ProofProblem
    var witnesses: [Witness]

    static let steps = Table(
        kind: .steps, columns: ["x", "y", "z", "flags", "forms"],
        constraints: [
            AndConstraint("and", .column(0), .column(1), .column(2)),
            AndConstraint(
                "turned", where: .row(.followed),
                isZero: .next(0) ^ LinearForm.column(0).rotatedRight(1)),
            AndConstraint("silent", where: ~LinearForm.row(.active), isZero: .column(3)),
            AndConstraint(
                "forms", LinearForm.column(2).reversedBits ^ .row(.groupEnd),
                .mapped(1, .bytes(first: 3)) ^ .mapped(0, .parity(mask: 0xF0F0, to: 9)),
                .column(4)),
        ],
        flushes: [
            Flush(
                "seen", .push, .shift, if: .active,
                [
                    ElementForm(.row(.index), .column(0)),
                    ElementForm(.column(1), .column(2).signExtended(20)),
                ]),
            Flush(
                "flagged", .push, .cells, if: .bit(column: 3, bit: 7),
                [ElementForm(.column(1), .column(0) ^ .constant(77))]),
            Flush(
                "group", .pull, .cells, if: .activeGroupEnd,
                [ElementForm(.column(1), .column(0) ^ .constant(77))]),
        ],
        boundaries: [
            Boundary(name: "entry", place: .first, form: .column(0), expected: .entry),
            Boundary(name: "exit", place: .last, form: .column(0), expected: .exit),
        ])

    static let second = Table(
        kind: .shift, columns: ["index", "x", "y", "z", "active"],
        constraints: [
            AndConstraint("silent", where: ~LinearForm.row(.active), isZero: .column(4))
        ],
        flushes: [
            Flush(
                "taken", .pull, .shift, if: .bit(column: 4, bit: 0),
                [
                    ElementForm(.column(0), .column(1)),
                    ElementForm(.column(2), .column(3).signExtended(20)),
                ])
        ],
        boundaries: [])

    /// `active` steps, at least 1.
    init(active: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var first = Witness(active: active, columnCount: 5)
        var second = Witness(active: active + 1, columnCount: 5)
        var x = generator.next()
        let entry = x
        for row in 0..<active {
            let y = generator.next()
            first[0, row] = x
            first[1, row] = y
            first[2, row] = x & y
            first[3, row] = row % 8 == 7 ? 1 << 7 : 0
            // The second table holds the tuples in another order, behind the public one.
            let place = active - row
            second[0, place] = UInt64(row)
            second[1, place] = x
            second[2, place] = y
            second[3, place] = x & y
            second[4, place] = 1
            x = x >> 1 | x << 63
        }
        for row in 0..<first.rowCount {
            first[4, row] = first.withRow(row) { view in
                view.value(Self.steps.constraints[3].left)
                    & view.value(Self.steps.constraints[3].right)
            }
        }
        second[0, 0] = 12345
        second[1, 0] = 1
        second[4, 0] = 1
        let exit = first[0, active - 1]
        problem = ProofProblem(
            statement: Array("toy".utf8),
            parts: [
                .init(table: Self.steps, runs: RowRuns(active: active)),
                .init(table: Self.second, runs: RowRuns(active: active + 1)),
            ],
            pushes: [Tuple(.shift, [12345, 1, 0, 0])], pulls: [],
            ends: [RunWords(entry: entry, exit: exit)], margin: 0)
        witnesses = [first, second]
    }

    func proof(threads: Int = 1) -> [UInt8]? {
        ExecutionProver(workers: Workers(count: threads)).proof(of: problem, witnesses)
    }

    /// Whether the tables satisfy everything, looked at row by row and tuple by tuple.
    var isSatisfied: Bool {
        var balance: [Tuple: Int] = [:]
        for tuple in problem.pushes { balance[tuple, default: 0] += 1 }
        for tuple in problem.pulls { balance[tuple, default: 0] -= 1 }
        for (part, witness) in zip(problem.parts, witnesses) {
            for row in 0..<witness.rowCount {
                let holds = witness.withRow(row) { view in
                    for flush in part.table.flushes where view.isSelected(flush.selector) {
                        let change = flush.direction == .push ? 1 : -1
                        balance[view.tuple(flush), default: 0] += change
                    }
                    return part.table.constraints.allSatisfy { view.holds($0) }
                }
                guard holds else { return false }
            }
            for boundary in part.table.boundaries {
                for (run, row) in part.runs.rows(boundary.place).enumerated() {
                    let word = witness.withRow(row) { $0.value(boundary.form) }
                    guard word == problem.expected(boundary, run: run) else { return false }
                }
            }
        }
        return balance.values.allSatisfy { $0 == 0 }
    }

    /// What the verifier says to the proof that an honest program makes of these tables.
    var isAccepted: Bool {
        guard let proof = proof() else { return false }
        do throws(ProofFailure) {
            try ProofCheck.verify(proof, of: problem)
            return true
        } catch {
            return false
        }
    }
}
