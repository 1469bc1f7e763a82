// `bench receipt`: how fast one thread verifies receipts, from their text, and how large they are.
import Merkle
import Platform
import Primitives
import Records
import Replica

enum ReceiptBench {
    private static let receipts = 2_000

    static func run(_ context: BenchContext) throws -> [Metric] {
        context.progress("making \(receipts) receipts")
        let texts = try makeReceipts()
        let bytes = Double(texts.reduce(0) { $0 + $1.count }) / Double(texts.count)
        let largest = Double(texts.map(\.count).max() ?? 0)
        let clock = SystemClock()
        var rates: [Double] = []
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let start = clock.monotonicNanoseconds()
            for text in texts { try Receipt(json: text).verify() }
            rates.append(
                Double(texts.count) * 1e9 / Double(clock.monotonicNanoseconds() - start))
        }
        return [
            Metric("verifications_per_second", unit: "receipts/s", samples: rates),
            Metric("receipt_bytes", unit: "bytes", samples: [bytes]),
            Metric("receipt_bytes_largest", unit: "bytes", samples: [largest]),
        ]
    }

    /// Receipts of records drawn from a full batch, in a checkpoint of eight batches.
    private static func makeReceipts() throws -> [[UInt8]] {
        var workload = try RecordWorkload()
        var replica = try workload.replica()
        let batches = (0..<8).map { _ in workload.nextBatch() }
        var actions: [Replica.Action] = []
        for batch in batches {
            replica.step(.submit(.batch(batch)), at: RecordWorkload.time, into: &actions)
        }
        let later = RecordWorkload.time.advanced(byNanoseconds: Nanoseconds.perHour)
        replica.step(.tick, at: later, into: &actions)
        for case .certified(let sealed) in actions {
            return try receipts(of: batches, in: sealed, genesis: workload.genesis)
        }
        throw BenchFailure.failed("no checkpoint")
    }

    private static func receipts(
        of batches: [CheckedBatch], in sealed: SealedCheckpoint, genesis: Genesis
    ) throws -> [[UInt8]] {
        let trees = batches.map { BatchTree(leaves: $0.recordDigests) }
        let leaves = sealed.items.map(\.leaf)
        var generator = SeededGenerator(seed: 2)
        return try (0..<receipts).map { _ in
            let number = Int(generator.next() % UInt64(batches.count))
            let row = Int(generator.next() % UInt64(RecordWorkload.recordsPerBatch))
            let batch = batches[number]
            guard let path = trees[number].path(at: row),
                let place = sealed.items.firstIndex(of: .batch(batch.digest)),
                let itemPath = BatchTree.path(leaves: leaves, index: place)
            else { throw BenchFailure.failed("no path") }
            return Receipt(
                genesis: genesis,
                record: batch.columns.record(at: row, digests: batch.recordDigests),
                batch: Receipt.BatchPart(
                    header: batch.batch.header, signature: batch.batch.signature, index: row,
                    path: path.siblings),
                checkpoint: CheckpointPart(
                    header: sealed.checkpoint.header, index: place, path: itemPath.siblings,
                    certificate: sealed.checkpoint.certificate)
            ).json()
        }
    }
}
