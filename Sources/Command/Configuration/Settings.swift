// Every setting of a node, with its range and unit: the one list behind the file, the flags and `config show`.
import Primitives
import Storage

enum Settings {
    static let all: [Setting] = [
        Setting("listen", \.listen, "Address and port of the one listening socket."),
        Setting("chainName", \.chainName, "Name of a chain that is made at the first start."),
    ] + node + replica + http

    private static let day = Nanoseconds.perDay

    private static let node: [Setting] = [
        Setting(
            "node.batchAgeNanoseconds", \.node.batchAgeNanoseconds, 0...Nanoseconds.perSecond, "ns",
            "A batch is closed when its first record is this old."),
        Setting(
            "node.batchRecords", \.node.batchRecords, 1...UInt64(Limits.recordsPerBatch), "records",
            "A batch is closed when it holds this many."),
        Setting(
            "node.reopenIntervalNanoseconds", \.node.reopenIntervalNanoseconds,
            Nanoseconds.perMillisecond...day, "ns",
            "Time between attempts to open the store after the disk failed."),
        Setting(
            "node.segmentBytes", \.node.segmentBytes, 1 << 20...1 << 32, "bytes",
            "Size of one segment of the journal."),
        Setting(
            "node.compressionLevel", \.node.compressionLevel, 1...19, "level",
            "Level of zstd for payloads."),
    ]

    private static let replica: [Setting] = [
        Setting(
            "replica.intervalNanoseconds", \.node.replica.intervalNanoseconds,
            Nanoseconds.perMillisecond...day, "ns",
            "Time between checkpoints while there is something to certify."),
        Setting(
            "replica.idleIntervalNanoseconds", \.node.replica.idleIntervalNanoseconds,
            Nanoseconds.perMillisecond...day, "ns",
            "Time between checkpoints while there is nothing."),
    ]

    private static let http: [Setting] = [
        Setting(
            "http.connections", \.http.connections, 1...1 << 20, "connections",
            "Open at one time; more are refused."),
        Setting(
            "http.bodyBytes", \.http.bodyBytes, 1 << 10...1 << 30, "bytes",
            "Largest body of a request, as it comes over the wire."),
        Setting(
            "http.pendingBytes", \.http.pendingBytes, 1 << 20...1 << 34, "bytes",
            "Bodies held at one time over all connections."),
        Setting(
            "http.requestLineBytes", \.http.requestLineBytes, 256...1 << 20, "bytes",
            "Longest request line."),
        Setting(
            "http.headerBytes", \.http.headerBytes, 1 << 10...1 << 20, "bytes",
            "Header fields of one request together."),
        Setting(
            "http.headerCount", \.http.headerCount, 8...1_000, "fields",
            "Header fields of one request."),
        Setting(
            "http.idleNanoseconds", \.http.idleNanoseconds, Nanoseconds.perMillisecond...day, "ns",
            "Time a connection may stay without a request."),
        Setting(
            "http.headerNanoseconds", \.http.headerNanoseconds, Nanoseconds.perMillisecond...day,
            "ns", "Time for the head of a request."),
        Setting(
            "http.bodyNanoseconds", \.http.bodyNanoseconds, Nanoseconds.perMillisecond...day, "ns",
            "Time for the body of a request."),
        Setting(
            "http.minimumBodyBytesPerSecond", \.http.minimumBodyBytesPerSecond, 0...1 << 30,
            "bytes/s", "Rate a body must keep after the first seconds."),
        Setting(
            "http.streamBytes", \.http.streamBytes, 1 << 12...1 << 30, "bytes",
            "What a stream of events may hold for a slow reader."),
        Setting(
            "http.stopNanoseconds", \.http.stopNanoseconds, 0...day, "ns",
            "Time for requests under way when the node stops."),
        Setting(
            "http.retryAfterSeconds", \.http.retryAfterSeconds, 1...3_600, "s",
            "What a sender is told to wait when the node is at a limit."),
    ]
}
