// Entries of an orchestrator's queue, and texts of services: read as written, and never a trap.
import Discovery
import Ledger
import Orchestrator
import Platform
import Primitives

extension DecoderCheck {
    static let work = [
        DecoderCheck("discovery", mostBytes: 4_096) { bytes throws(BrokenRule) in
            let row = Embedding(String(decoding: bytes, as: UTF8.self)).row
            let squares = row.reduce(0) { $0 + Int($1) * Int($1) }
            try require(row.count == Embedding.width, "a text has a row")
            try require(squares == 0 || (14_000...18_500).contains(squares), "of one length")
            return squares > 0
        },
        DecoderCheck("nats", mostBytes: 4_096) { bytes throws(BrokenRule) in
            var (whole, cut) = (NATSParser(), NATSParser())
            whole.feed(bytes)
            var events: [NATSEvent] = []
            while let event = try? whole.next() { events.append(event) }
            var others: [NATSEvent] = []
            for byte in bytes {
                cut.feed([byte])
                while let event = try? cut.next() { others.append(event) }
            }
            try require(others.starts(with: events), "where bytes are cut does not matter")
            return !events.isEmpty
        },
        DecoderCheck("queue", mostBytes: 8_192) { bytes throws(BrokenRule) in
            guard let entry = try? QueueEntry(decoding: bytes) else { return false }
            try require(entry.encoded == bytes, "an entry has one encoding")
            var machine = Orchestrator(
                poster: AccountID(), settings: OrchestratorSettings(), seed: 1, entries: [entry],
                at: LedgerPlay.time)
            var actions: [OrchestratorAction] = []
            machine.step(.start, at: LedgerPlay.time, into: &actions)
            return true
        },
    ]
}

extension Sample {
    private static func job(_ number: UInt8) -> Job {
        var job = Job(
            id: JobID([UInt8](repeating: number, count: 32)) ?? JobID(),
            specification: LedgerPlay.chain, price: Amount(nanoCredits: 5))
        job.words = "translate contracts"
        job.filter.mostPrice = 4
        job.filter.region = "eu"
        job.key = [1, 2, 3]
        return job
    }

    private static let session = "INFO {}\r\n+OK\r\nPING\r\nMSG a.b 1 5\r\nhello\r\n"
        + "HMSG a 1 r 16 18\r\nNATS/1.0 503\r\n\r\n\r\n\r\n-ERR 'x'\r\nPONG\r\n"

    static func workSamples() -> [Sample] {
        let saga = Saga(
            id: JobID(), steps: [Saga.Step(job(1), undoneBy: job(2)), Saga.Step(job(3))])
        var parts = job(4)
        parts.milestones += [Amount(nanoCredits: 6)]
        parts.verification = .redundant(
            quorum: 1, verifiers: [AccountID(LedgerPlay.chain)], fee: Amount(nanoCredits: 1))
        let entries: [(String, QueueEntry)] = [
            ("job", .job(job(1))), ("saga", .saga(saga)),
            ("parts", .job(parts)), ("judged", .judged(JobID(), milestone: 0, isAccepted: true)),
            ("judgedPart", .judged(JobID(), milestone: 3, isAccepted: false)),
            ("ended", .ended(JobID(), .failed)),
        ]
        let text = Array("Translates German contracts, fast".utf8)
        return entries.map { Sample("queue", $0.0, $0.1.encoded) }
            + [Sample("discovery", "words", text), Sample("nats", "session", Array(session.utf8))]
    }
}
