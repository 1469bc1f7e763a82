// The queue of an orchestrator: a log of entries, and a folder for new jobs.
import Orchestrator
import Platform
import Primitives

/// Opened by one orchestrator at a time.
final class JobQueue {
    private let log: any QueueLog
    private let inbox: String

    /// - Parameters:
    ///   - directory: where new jobs come, and the log is, where it is none of NATS.
    ///   - nats: `host:port` of a server, and the stream.
    init(_ directory: String, nats: (String, String)? = nil) throws(CommandFailure) {
        inbox = try Self.inbox(directory)
        if let (address, stream) = nats {
            log = try StreamLog(address, stream: stream)
        } else {
            log = try JournalLog(directory + "/queue")
        }
    }

    /// Everything recorded before, in order.
    var entries: [QueueEntry] { log.entries }

    /// Adds entries and returns when they are kept.
    func record(_ entries: [QueueEntry]) throws(CommandFailure) { try log.record(entries) }

    func close() { log.close() }

    // MARK: New jobs

    private static func inbox(_ directory: String) throws(CommandFailure) -> String {
        let path = directory + "/inbox"
        try LocalFiles.makeDirectory(path, isSecret: true)
        return path
    }

    /// Puts a job where the orchestrator of this directory finds it, now or when it runs again.
    static func put(_ job: Job, in directory: String) throws(CommandFailure) {
        let path = try inbox(directory) + "/" + job.id.hex
        try LocalFiles.write(QueueEntry.job(job).encoded, to: path, isSecret: true)
    }

    /// Jobs that were put there, with their files. Files that are no job are left alone.
    func arrivals() -> [(file: String, job: Job)] {
        let names = (try? OSDisk().list(inbox)) ?? []
        return names.filter { JobID(hex: $0) != nil }.compactMap { name in
            let file = inbox + "/" + name
            guard let bytes = try? LocalFiles.read(file, limit: QueueEntry.mostBytes),
                case .job(let job)? = try? QueueEntry(decoding: bytes), job.id.hex == name
            else { return nil }
            return (file, job)
        }
    }

    /// A job is recorded: its file is of no use any more.
    func forget(_ file: String) { try? OSDisk().remove(file) }
}
