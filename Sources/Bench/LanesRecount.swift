// What holds after `bench lanes`: every span that was acknowledged stands in the journal, once, and
// at the price that it has when nobody else is there.
import Ledger
import Platform
import Primitives
import Replica
import Storage

enum LanesRecount {
    struct Sum {
        var records: Double
        /// Of those that were acknowledged; what is not among the records is lost.
        var acknowledged: Int
        var lost: Int { max(0, acknowledged - Int(records)) }
        var gasPerSpan: Double
    }

    /// Counts the rows of all batches.
    ///
    /// - Parameters:
    ///   - acknowledged: requests answered with 200.
    ///   - uncertain: requests that were not answered at all, which may stand there or not.
    static func count(_ path: String, acknowledged: Int, uncertain: Int) throws -> Sum {
        let directory = path + "/journal"
        guard
            let id = try Journal.storeID(disk: OSDisk(), directory: directory, purpose: .records)
        else { throw BenchFailure.failed("there is no journal") }
        let journal = try Journal(
            disk: OSDisk(), directory: directory,
            settings: JournalSettings(storeID: id, purpose: .records))
        defer { journal.close() }
        var (records, gas) = (0, UInt64(0))
        var isPriced = true
        try journal.replay { frame in
            guard let kind = JournalEntry.Kind(rawValue: frame.kind), kind == .batch,
                case .body(_, .batch(let batch))? = try? JournalEntry(
                    kind: kind, decoding: Array(frame.payload))
            else { return true }
            records += batch.columns.count
            for row in 0..<batch.columns.count {
                let price = Gas.record(payloadSize: batch.columns.value(.payloadSize, row))
                isPriced = isPriced && batch.columns.value(.gas, row) == price
                gas += price
            }
            return true
        }
        guard isPriced else { throw BenchFailure.failed("a span has another price") }
        let least = acknowledged * SpanWorkload.spansPerRequest
        let most = least + uncertain * SpanWorkload.spansPerRequest
        guard (least...most).contains(records) else {
            throw BenchFailure.failed("\(records) spans in the journal, \(least) acknowledged")
        }
        return Sum(
            records: Double(records), acknowledged: least,
            gasPerSpan: Double(gas) / Double(records))
    }
}
