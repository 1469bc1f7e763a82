// Random records and columns for the property tests of this module.
import Primitives
import Records
import TestSupport

extension SeededGenerator {
    /// A number of a random width: 0 to 8 bytes.
    mutating func number() -> UInt64 {
        let bytes = UInt64.random(in: 0...8, using: &self)
        return bytes == 0 ? 0 : next() >> (64 - 8 * bytes)
    }

    /// A record without parents; identifiers repeat, so that tables are shorter than the batch.
    mutating func record() -> Record {
        var record = Record()
        record.agent = AgentID(repeating: UInt8.random(in: 0..<5, using: &self))
        record.run = RunID(repeating: UInt8.random(in: 0..<7, using: &self))
        record.task = TaskID(repeating: UInt8.random(in: 0..<2, using: &self))
        record.operation = .random(using: &self)
        record.caller = Bool.random(using: &self) ? OperationID() : .random(using: &self)
        record.kind = RecordKind.allCases.randomElement(using: &self) ?? .other
        record.outcome = Outcome.allCases.randomElement(using: &self) ?? .partial
        record.start = Instant(nanoseconds: number())
        record.duration = number()
        record.tokens = TokenCounts(
            input: number(), output: number(), cached: number(), reasoning: number())
        record.compute = number()
        record.memory = number()
        record.cost = Amount(nanoCredits: UInt128(number()) << 64 | UInt128(number()))
        record.gas = number()
        record.payloadSize = number()
        record.payloadDigest = .random(using: &self)
        return record
    }

    /// Up to three parents for the row `row`, inside the batch and outside it.
    mutating func parents(row: Int) -> [ParentReference] {
        (0..<Int.random(in: 0...3, using: &self)).map { _ in
            if row > 0, Bool.random(using: &self) {
                return .row(UInt32.random(in: 0..<UInt32(row), using: &self))
            }
            return .digest(.random(using: &self))
        }
    }
}

/// Columns with the records they were filled from, parents still as references.
struct RandomColumns {
    var columns = RecordColumns()
    var records: [Record] = []
    var parents: [[ParentReference]] = []

    init(rows: Int, using generator: inout SeededGenerator) {
        for row in 0..<rows {
            let record = generator.record()
            let references = generator.parents(row: row)
            columns.append(record, parents: references)
            records.append(record)
            parents.append(references)
        }
    }

    /// The digest of each record by itself, one after the other, parents filled in.
    func digestsOneByOne() -> [Digest] {
        var digests: [Digest] = []
        for (record, references) in zip(records, parents) {
            var record = record
            record.parents = references.map { reference in
                switch reference {
                case .row(let row): digests[Int(row)]
                case .digest(let digest): digest
                }
            }
            digests.append(record.digest)
        }
        return digests
    }
}
