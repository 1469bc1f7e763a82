// Where an orchestrator's entries are kept: a journal of our own, or a stream of NATS JetStream.
import JSON
import Orchestrator
import Platform
import Primitives
import Storage

/// Entries in order, for one writer at a time.
protocol QueueLog: AnyObject {
    /// Everything recorded before it was opened, in order.
    var entries: [QueueEntry] { get }

    /// Adds entries and returns when they are kept.
    func record(_ entries: [QueueEntry]) throws(CommandFailure)

    func close()
}

/// On this machine's disk, synced before `record` returns.
final class JournalLog: QueueLog {
    private let journal: Journal
    let entries: [QueueEntry]

    private static let kind: UInt8 = 1

    init(_ path: String) throws(CommandFailure) {
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

    func record(_ entries: [QueueEntry]) throws(CommandFailure) {
        do throws(StorageFailure) {
            for entry in entries { try journal.append(kind: Self.kind, entry.encoded) }
            try journal.commit()
        } catch {
            throw .failed("the queue cannot be written: \(error)")
        }
    }

    func close() { journal.close() }
}

/// In a stream of a NATS server with JetStream: each entry is a message, acknowledged by the
/// server, which refuses it where another writer was there before. How soon it is on the server's
/// disk is the server's setting.
final class StreamLog: QueueLog {
    private let client: NATSClient
    private let stream: String
    private var last: UInt64 = 0
    private(set) var entries: [QueueEntry] = []

    /// - Parameters:
    ///   - address: `host:port` of the server.
    ///   - stream: letters, digits and dashes; made where it is not there.
    init(_ address: String, stream: String) throws(CommandFailure) {
        self.stream = stream
        do throws(NATSFailure) {
            client = try NATSClient(address)
        } catch { throw Self.failed(error) }
        let settings = JSONValue.object([
            JSONMember("name", .string(stream)),
            JSONMember("subjects", .array([.string(subject)])),
            JSONMember("retention", .string("limits")), JSONMember("storage", .string("file")),
            JSONMember("discard", .string("new")),
        ])
        _ = try ask("STREAM.CREATE", settings.text())
        try readAll()
    }

    private var subject: String { "althing.queue." + stream }

    private func readAll() throws(CommandFailure) {
        let info = try ask("STREAM.INFO", [])
        let first = info["state"]?["first_seq"]?.integer() ?? UInt64(0)
        last = info["state"]?["last_seq"]?.integer() ?? 0
        guard last > 0, first > 0 else { return }
        guard first == 1 else {
            throw .damaged(["the stream \(stream) has lost its first messages"])
        }
        for sequence in first...last {
            let answer = try ask("STREAM.MSG.GET", Array("{\"seq\":\(sequence)}".utf8))
            guard let text = answer["message"]?["data"]?.string,
                let bytes = Base64.decode(text, as: .standard),
                let entry = try? QueueEntry(decoding: bytes)
            else { throw .damaged(["message \(sequence) of the stream \(stream) is no entry"]) }
            entries.append(entry)
        }
    }

    func record(_ entries: [QueueEntry]) throws(CommandFailure) {
        for entry in entries {
            let headers = [("Nats-Expected-Last-Sequence", String(last))]
            let answer = try request(subject, entry.encoded, headers)
            guard let sequence: UInt64 = answer["seq"]?.integer(), sequence == last + 1 else {
                throw .failed("the stream \(stream) went on without us: is there another writer?")
            }
            last = sequence
        }
    }

    func close() {}

    private func ask(_ verb: String, _ body: [UInt8]) throws(CommandFailure) -> JSONValue {
        try request("$JS.API.\(verb).\(stream)", body, [])
    }

    private func request(
        _ subject: String, _ body: [UInt8], _ headers: [(String, String)]
    ) throws(CommandFailure) -> JSONValue {
        let bytes: [UInt8]
        do throws(NATSFailure) {
            bytes = try client.request(subject, body, headers: headers)
        } catch { throw Self.failed(error) }
        guard let answer = try? JSONValue(parsing: bytes) else {
            throw .failed("the answer of the NATS server is not JSON")
        }
        if let text = answer["error"]?["description"]?.string {
            throw .failed("the NATS server refused: \(printable(text))")
        }
        return answer
    }

    private static func failed(_ failure: NATSFailure) -> CommandFailure {
        switch failure {
        case .noResponders: .failed("the NATS server has no JetStream: start it with -js")
        default: .failed("the NATS server: \(failure)")
        }
    }
}
