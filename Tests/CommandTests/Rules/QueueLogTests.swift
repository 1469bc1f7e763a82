// The queue's entries in a journal and in a stream of a real NATS server: the same promises.
import Foundation
import JSON
import Ledger
import Orchestrator
import Platform
import Primitives
import Testing

@testable import Command

@Suite struct QueueLogTests {
    /// Debian's nats-server; nil where it is not on this machine. `ALTHING_NATS_SERVER` names one
    /// that lies elsewhere.
    static let server: String? = {
        let named = ProcessInfo.processInfo.environment["ALTHING_NATS_SERVER"].map { [$0] } ?? []
        return (named + ["/usr/sbin/nats-server", "/usr/bin/nats-server"])
            .first(where: LocalFiles.exists)
    }()

    /// A server of its own with JetStream, on a port that it chose.
    final class Server {
        let process: ChildProcess
        private let directory: TemporaryDirectory

        init(_ program: String, _ more: [String] = []) throws {
            directory = try TemporaryDirectory()
            process = try ChildProcess(
                [
                    program, "-a", "127.0.0.1", "-p", "-1", "-sd", directory.file("store"),
                    "--ports_file_dir", directory.path,
                ] + more,
                log: directory.file("log"))
        }

        /// Waits until the server has said where it listens.
        func address() throws -> String {
            let name = "nats-server_\(process.identifier).ports"
            let turns = Gate()
            for _ in 0..<6_000 {
                guard let bytes = try? LocalFiles.read(directory.file(name), limit: 10_000),
                    let text = try? JSONValue(parsing: bytes).list("nats").first?.string
                else {
                    // Nobody opens it: a busy machine gives the server this long, 6,000 times.
                    _ = turns.wait(nanoseconds: 10 * Nanoseconds.perMillisecond)
                    continue
                }
                return text.replacingOccurrences(of: "nats://", with: "")
            }
            throw CommandFailure.failed("the server did not start")
        }
    }

    private static func job(_ number: UInt8) -> Job {
        var job = Job(
            id: JobID([UInt8](repeating: number, count: 32)) ?? JobID(), specification: Digest(),
            price: Amount(nanoCredits: 5))
        job.words = "count words"
        return job
    }

    private static let entries: [QueueEntry] = [
        .job(job(1)), .judged(job(1).id, milestone: 0, isAccepted: false),
        .ended(job(1).id, .rejected),
        .job(job(2)),
    ]

    @Test func aJournalKeepsItsEntries() throws {
        let directory = try TemporaryDirectory()
        let first = try JournalLog(directory.file("queue"))
        #expect(first.entries.isEmpty)
        try first.record(Array(Self.entries.prefix(3)))
        try first.record([Self.entries[3]])
        #expect(throws: CommandFailure.self) { try JournalLog(directory.file("queue")) }
        first.close()
        let second = try JournalLog(directory.file("queue"))
        #expect(second.entries == Self.entries)
        second.close()
    }

    @Test(.enabled(if: server != nil, "there is no nats-server"))
    func aStreamKeepsItsEntriesAndHasOneWriter() throws {
        let server = try Server(try #require(Self.server), ["-js"])
        let address = try server.address()
        let first = try StreamLog(address, stream: "queue-1")
        #expect(first.entries.isEmpty)
        try first.record(Array(Self.entries.prefix(3)))
        let second = try StreamLog(address, stream: "queue-1")
        #expect(second.entries == Array(Self.entries.prefix(3)))
        try second.record([Self.entries[3]])
        #expect(throws: CommandFailure.self) { try first.record([Self.entries[3]]) }
        #expect(try StreamLog(address, stream: "queue-1").entries == Self.entries)
        #expect(try StreamLog(address, stream: "queue-2").entries.isEmpty)
        server.process.kill()
        #expect(throws: CommandFailure.self) { try second.record([Self.entries[3]]) }
    }

    @Test(.enabled(if: server != nil, "there is no nats-server"))
    func withoutJetStreamItSaysSo() throws {
        let server = try Server(try #require(Self.server))
        let address = try server.address()
        do {
            _ = try StreamLog(address, stream: "queue")
            Issue.record("it was opened")
        } catch {
            #expect(error.sentence.contains("-js"), "\(error.sentence)")
        }
        server.process.kill()
    }

    @Test(.enabled(if: server != nil, "there is no nats-server"))
    func anOrchestratorGoesOnFromAStream() throws {
        let server = try Server(try #require(Self.server), ["-js"])
        let address = try server.address()
        let story = try WorkStoryTests.Story()
        story.give("offer add --name counting --price 2", by: "bob")
        try story.submit("words", "one two three")
        let run = [
            "orchestrator", "run", "--data", story.queue, "--accept", "--nats", address,
        ]
        let first = try story.start("first", run + story.signing("ada"))
        try story.eventually("the job is a task") {
            try !story.json("task list").list("items").isEmpty
        }
        first.kill()
        let worker = try story.start(
            "bob", ["worker", "run", "--exec", "wc -w"] + story.signing("bob"))
        let ending = althing(run + ["--until-idle"] + story.signing("ada"))
        #expect(ending.code == .ok, "\(ending.error)")
        #expect(ending.out.contains(" complete"))
        #expect(try story.balance("bob") == 2_000_000_000_000 + 4_995_000_000)
        worker.kill()
        server.process.kill()
        story.node.stop()
    }
}
