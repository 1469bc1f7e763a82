// Real work as tasks: what is paid in the end is what a script counts without the ledger.
import Cryptography
import Foundation
import JSON
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Orchestrator

@Suite struct RecordedWorkTests {
    /// Nil where the data are not on this machine.
    private static func file(_ name: String) -> String? {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let override = ProcessInfo.processInfo.environment["ALTHING_SHARED_DATA"]
        let data = override.map { URL(filePath: $0) } ?? root.appending(path: "../shared/data")
        let path = data.appending(path: name).standardized.path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    private static let azure = file("azure-llm/AzureLLMInferenceTrace_code.csv")
    private static let tau = file("tau-bench/gpt-4o-airline-trials-0-1.json")

    /// Tasks, tasks paid, nano-credits paid and fees, as `Tests/Vectors/work/recount.py` has them.
    private func expected(_ name: String) throws -> [UInt128] {
        let bytes = try #require(VectorFiles.read("work/totals.txt"))
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name + " ") })
        return line.split(separator: " ").dropFirst().compactMap { UInt128($0) }
    }

    private func check(_ replay: Replay, _ name: String) throws {
        let totals = try expected(name)
        let good = UInt128(replay.ends[.complete] ?? 0)
        let bad = UInt128(replay.ends[.rejected] ?? 0)
        #expect([good + bad, good] == Array(totals.prefix(2)))
        let left = replay.state.balance(of: replay.poster).nanoCredits
        #expect(Supply.total.nanoCredits - left == totals[2])
        let earned = replay.workers.map { replay.state.balance(of: $0).nanoCredits }
        #expect(earned.reduce(0, +) == totals[2] - totals[3])
        #expect(replay.state.balance(of: .fees).nanoCredits == totals[3])
    }

    /// In debug builds the first 500 requests, else all 8,819.
    @Test(.enabled(if: azure != nil, "../shared/data/azure-llm is absent"))
    func requestsAreTasksOfTheirTokens() throws {
        let path = try #require(Self.azure)
        let bytes = try #require(VectorFiles.contents(of: path))
        var work: [RecordedWork] = []
        var first: UInt64?
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .dropFirst()
        {
            let fields = line.split(separator: ",")
            let clock = fields[0].split(separator: " ")[1].split(whereSeparator: { ":.".contains($0) })
                .compactMap { UInt64($0) }
            let (context, generated) = (
                try #require(UInt64(fields[1])), try #require(UInt64(fields[2]))
            )
            // The fraction has seven digits.
            let time = ((clock[0] * 60 + clock[1]) * 60 + clock[2]) * 1_000_000_000 + clock[3] * 100
            first = first ?? time
            work.append(
                RecordedWork(
                    start: time - (first ?? 0),
                    duration: (context / 20 + generated * 20) * Nanoseconds.perMillisecond,
                    price: Amount(nanoCredits: UInt128(1_000 * context + 3_000 * generated)),
                    result: BLAKE3.hash(Array(line.utf8)), isGood: true))
        }
        #expect(work.count == 8_819)
        var replay = try Replay(work, workers: 16, capacity: 4)
        try replay.run()
        try check(replay, "azure-llm")
    }

    @Test(.enabled(if: tau != nil, "../shared/data/tau-bench is absent"))
    func rewardsDecideWhatIsPaid() throws {
        let path = try #require(Self.tau)
        let bytes = try #require(VectorFiles.contents(of: path))
        let document = try JSONValue(parsing: bytes)
        let runs = try #require(document.array)
        let work = try runs.enumerated().map { place, run in
            let messages = try #require(run["traj"]?.array).count
            // 0.0 or 1.0.
            let reward = try #require(run["reward"]).text()
            return RecordedWork(
                start: UInt64(place) * Nanoseconds.perSecond,
                duration: UInt64(messages) * Nanoseconds.perSecond,
                price: Amount(nanoCredits: UInt128(1_000_001 * messages)),
                result: BLAKE3.hash(run.text()), isGood: reward == Array("1.0".utf8))
        }
        var replay = try Replay(work, workers: 4, capacity: 2)
        try replay.run()
        try check(replay, "tau-bench")
    }
}
