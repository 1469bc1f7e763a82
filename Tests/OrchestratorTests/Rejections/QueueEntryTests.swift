// Entries of the queue: one encoding each, and nothing else is read.
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Orchestrator

@Suite struct QueueEntryTests {
    static func entries(_ seed: UInt64) -> [QueueEntry] {
        var chance = SeededGenerator(seed: seed)
        var job = OrchestratorTests.job(Int(chance.next() % 60_000))
        job.words = String(repeating: "ö", count: Int(chance.next() % 100))
        job.key = chance.bytes(Int(chance.next() % 65))
        if chance.next() % 2 == 0 { job.filter.mostPrice = UInt128(chance.next()) }
        if chance.next() % 2 == 0 { job.filter.leastReputation = 5 }
        if chance.next() % 2 == 0 { job.filter.mostLoad = 6 }
        if chance.next() % 2 == 0 { job.filter.region = "eu" }
        switch chance.next() % 4 {
        case 0: job.milestones += [Amount(nanoCredits: 1), Amount(nanoCredits: 3)]
        case 1:
            job.verification = .redundant(
                quorum: 1, verifiers: World.verifiers, fee: Amount(nanoCredits: 2))
        case 2: job.verification = RunWork.verification
        default: break
        }
        let saga = Saga(
            id: MatchingTests.bytes(1),
            steps: [Saga.Step(job, undoneBy: OrchestratorTests.job(61_000))])
        return [
            .job(job), .saga(saga),
            .judged(
                job.id, milestone: UInt8(chance.next() % 16), isAccepted: chance.next() % 2 == 0),
            .ended(job.id, JobEnd.allCases[Int(chance.next() % 5)]),
        ]
    }

    @Test(arguments: propertySeeds) func whatIsWrittenIsRead(seed: UInt64) throws {
        for entry in Self.entries(seed) {
            #expect(try QueueEntry(decoding: entry.encoded) == entry, "seed \(seed)")
            #expect(throws: DecodingFailure.self) {
                try QueueEntry(decoding: entry.encoded + [0])
            }
            for length in 0..<min(entry.encoded.count, 200) {
                #expect(throws: DecodingFailure.self) {
                    try QueueEntry(decoding: Array(entry.encoded.prefix(length)))
                }
            }
        }
    }

    @Test(arguments: propertySeeds) func spoiledBytesAreRefusedOrReadAsThemselves(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for entry in Self.entries(seed) {
            var bytes = entry.encoded
            bytes[Int(chance.next() % UInt64(bytes.count))] ^= UInt8(1 + chance.next() % 255)
            guard let read = try? QueueEntry(decoding: bytes) else { continue }
            #expect(read.encoded == bytes, "seed \(seed)")
        }
    }
}
