// The queue of an orchestrator on disk: a journal of entries, and a folder for new jobs.
import Orchestrator
import Platform
import Primitives
import Storage

/// Opened by one orchestrator at a time.
final class JobQueue {
    private let journal: Journal
    private let inbox: String
    /// Everything recorded before, in order.
    let entries: [QueueEntry]

    private static let kind: UInt8 = 1

    init(_ directory: String) throws(CommandFailure) {
        inbox = try Self.inbox(directory)
        let path = directory + "/queue"
        do throws(StorageFailure) {
            let found = try Journal.storeID(disk: OSDisk(), directory: path, purpose: .queue)
            journal = try Journal(
                disk: OSDisk(), directory: path,
                settings: JournalSettings(
                    storeID: found ?? StoreID(), purpose: .queue, segmentBytes: 16 << 20))
            var entries: [QueueEntry] = []
            var isSound = true
            try journal.replay { frame in
                guard frame.kind == Self.kind,
                    let entry = try? QueueEntry(decoding: Array(frame.payload))
                else {
                    isSound = false
                    return false
                }
                entries.append(entry)
                return true
            }
            guard isSound else { throw .indexUnusable }
            self.entries = entries
        } catch {
            throw .damaged(["the queue in \(path) cannot be opened: \(error)"])
        }
    }

    /// Adds entries and returns when they are durable.
    func record(_ entries: [QueueEntry]) throws(CommandFailure) {
        do throws(StorageFailure) {
            for entry in entries { try journal.append(kind: Self.kind, entry.encoded) }
            try journal.commit()
        } catch {
            throw .failed("the queue cannot be written: \(error)")
        }
    }

    func close() { journal.close() }

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
