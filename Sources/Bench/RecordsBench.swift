// `bench records`: what one process does for each record, from the bytes of a batch to its durable
// journal frame; then receipts and a recount from that journal.
import Platform
import Primitives
import Records

enum RecordsBench {
    private static let batches = 64
    /// Batches checked ahead of the one that is applied.
    private static let window = 10

    static func run(_ context: BenchContext) throws -> [Metric] {
        context.progress("making \(batches) batches of \(RecordWorkload.recordsPerBatch) records")
        var workload = try RecordWorkload()
        let encoded = (0..<batches).map { _ in workload.nextBatch().batch.encoded }
        let records = Double(batches * RecordWorkload.recordsPerBatch)
        let wireBytes = Double(encoded.reduce(0) { $0 + $1.count })
        var (rates, cpu, disk): ([Double], [Double], [Double]) = ([], [], [])
        var groups: [Double] = []
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let path = context.directory + "/records-\(round)"
            let run = try RecordsRun(path, workload: workload)
            let result = try run.take(encoded, window: window)
            rates.append(records / result.seconds)
            cpu.append(result.cpuSeconds / records * 1_000_000)
            disk.append(Double(result.journalBytes) / records)
            groups.append(Double(encoded.count) / Double(result.commits))
            if round == context.rounds {
                context.progress("drawing receipts, counting again from the journal")
                try RecordsProof.check(run, workload: workload)
            }
            run.close()
            try Scratch.remove(path)
        }
        context.progress("stage by stage")
        return [
            Metric("records_per_second", unit: "records/s", samples: rates),
            Metric("cpu_seconds_per_million_records", unit: "s", samples: cpu),
            Metric("wire_bytes_per_record", unit: "bytes", samples: [wireBytes / records]),
            Metric("journal_bytes_per_record", unit: "bytes", samples: disk),
            Metric("batches_per_sync", unit: "batches", samples: groups),
            Metric(
                "receipts_verified", unit: "receipts", samples: [Double(RecordsProof.receipts)]),
        ] + (try RecordStages.run(context))
    }
}
