// Every setting of a node: the one list behind the file, the flags and `config show`.
import Primitives
import Records

enum Settings {
    static let all: [Setting] = places + chain + node + replica + http + gateway
        + agents + telemetry

    private static let places: [Setting] = [
        Setting("data", \.data, "Directory of keys and store; seen from the file's folder."),
        Setting("passphraseFile", \.passphraseFile, "File with the passphrase of the keys."),
        Setting(
            "mode", \.mode, choices: ["development", "production"],
            "Whether the keys protect anything."),
        Setting("listen", \.listen, "Address and port for clients."),
        Setting(
            "peerListen", \.peerListen, "Address and port for other validators; none without."),
        Setting("peers", \.peers, "The validators: KEY@HOST:PORT,KEY@HOST:PORT."),
    ]

    /// A chain that exists keeps its own.
    private static let chain: [Setting] = [
        Setting("chainName", \.chainName, "Name of a chain that is made at the first start."),
        Setting(
            "chain.intervalNanoseconds", \.chain.interval, ChainSettings.intervalRange, "ns",
            "Of a chain that is made: between checkpoints while there is something to certify."),
        Setting(
            "chain.idleIntervalNanoseconds", \.chain.idleInterval, ChainSettings.intervalRange,
            "ns", "Of a chain that is made: between checkpoints while there is nothing."),
        Setting(
            "chain.epochNanoseconds", \.chain.epoch, ChainSettings.epochRange, "ns",
            "Of a chain that is made: how long an epoch lasts before it begins to close."),
    ]

    private static let day = Nanoseconds.perDay

    private static let node: [Setting] = [
        Setting(
            "node.batchAgeNanoseconds", \.node.batchAgeNanoseconds, 0...Nanoseconds.perSecond, "ns",
            "A batch is closed when its first record is this old."),
        Setting(
            "node.answerTimeoutNanoseconds", \.node.answerTimeoutNanoseconds,
            Nanoseconds.perMillisecond...day, "ns",
            "What is submitted is answered after this time even where no quorum answered."),
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
        Setting(
            "node.compactionBytesPerSecond", \.node.compactionBytesPerSecond, 0...1 << 34,
            "bytes/s",
            "Rate at which sealed segments are compressed, what the journals write taken off; "
                + "0 leaves them to store compact."),
    ]

    private static let replica: [Setting] = [
        Setting(
            "replica.windowNanoseconds", \.node.replica.windowNanoseconds,
            0...Nanoseconds.perSecond, "ns", "How long updates are collected for one proposal."),
        Setting(
            "replica.roundNanoseconds", \.node.replica.roundNanoseconds,
            0...Nanoseconds.perSecond, "ns",
            "From one own block to the next, at least, while there is an operation to order."),
        Setting(
            "replica.calmNanoseconds", \.node.replica.calmNanoseconds,
            0...Nanoseconds.perSecond, "ns", "The same while there are only batches to order."),
        Setting(
            "replica.leaderNanoseconds", \.node.replica.leaderNanoseconds,
            Nanoseconds.perMillisecond...10 * Nanoseconds.perSecond, "ns",
            "How long to wait for the leaders of a round."),
        Setting(
            "replica.retryNanoseconds", \.node.replica.retryNanoseconds,
            Nanoseconds.perMillisecond...60 * Nanoseconds.perSecond, "ns",
            "After so long without an answer things are said again."),
        Setting(
            "replica.restNanoseconds", \.node.replica.restNanoseconds,
            Nanoseconds.perMillisecond...Nanoseconds.perHour, "ns",
            "From one own block to the next while there is nothing to order."),
        Setting(
            "replica.patienceNanoseconds", \.node.replica.patienceNanoseconds,
            0...60 * Nanoseconds.perSecond, "ns",
            "How long a vote is held back for what the ledger may yet allow."),
        Setting(
            "replica.holdNanoseconds", \.node.replica.holdNanoseconds,
            0...60 * Nanoseconds.perSecond, "ns",
            "How long an own submission is held for what the ledger may yet allow."),
        Setting(
            "replica.statusNanoseconds", \.node.replica.statusNanoseconds,
            10 * Nanoseconds.perMillisecond...Nanoseconds.perHour, "ns",
            "Between two statuses to the other validators."),
        Setting(
            "replica.poolBytes", \.node.replica.poolBytes, 1 << 26...1 << 40, "bytes",
            "Bodies held in memory until they are carried out."),
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
            "http.bodyGraceNanoseconds", \.http.bodyGraceNanoseconds, 0...day, "ns",
            "Time during which that rate is not judged."),
        Setting(
            "http.writeNanoseconds", \.http.writeNanoseconds, Nanoseconds.perMillisecond...day,
            "ns", "Time after which a peer that reads nothing is dropped."),
        Setting(
            "http.lingerNanoseconds", \.http.lingerNanoseconds, 0...day, "ns",
            "Time a refused peer may go on sending while it reads the refusal."),
        Setting(
            "http.pipelinedBytes", \.http.pipelinedBytes, 1 << 12...1 << 26, "bytes",
            "Requests read ahead of the one that is answered, for one connection."),
        Setting(
            "http.outputBytes", \.http.outputBytes, 1 << 12...1 << 28, "bytes",
            "Answers waiting for a slow reader before no more of its requests are read."),
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

    private static let gateway: [Setting] = [
        Setting(
            "gateway.decompressedBytes", \.gateway.decompressedBytes, 1 << 16...1 << 30, "bytes",
            "What a compressed body may become."),
        Setting(
            "gateway.pendingSpans", \.gateway.pendingSpans, 1...1 << 24, "spans",
            "Spans between their arrival and the disk; more are refused for the moment."),
        Setting(
            "gateway.pendingBytes", \.gateway.pendingBytes, 1 << 20...1 << 34, "bytes",
            "Bytes of those spans."),
        Setting(
            "gateway.urgentPercent", \.gateway.urgentPercent, 0...90, "percent",
            "Share of both, and of what is taken in, that is kept for urgent requests."),
        Setting(
            "gateway.turnSpans", \.gateway.turnSpans, 1...1 << 24, "spans",
            "Spans taken in before they are committed."),
        Setting(
            "gateway.retryAfterSeconds", \.gateway.retryAfterSeconds, 1...3_600, "s",
            "What a sender is told to wait when too much is pending."),
        Setting(
            "gateway.eventClients", \.gateway.eventClients, 0...1 << 16, "clients",
            "Streams of events at one time."),
        Setting(
            "gateway.eventsKept", \.gateway.eventsKept, 0...1 << 20, "events",
            "Kept for streams that come back."),
        Setting(
            "gateway.heartbeatNanoseconds", \.gateway.heartbeatNanoseconds,
            Nanoseconds.perMillisecond...day, "ns", "Time between comments on a silent stream."),
        Setting(
            "gateway.logLevel", \.gateway.logLevel,
            "What is logged: error, warning, or info for a line for each request."),
    ]

    private static let agents: [Setting] = [
        Setting(
            "agents.count", \.gateway.hosting.count, 0...1_000_000, "agents",
            "Agents that run on this node."),
        Setting(
            "agents.gasPerSecond", \.gateway.hosting.gasPerSecond, 1_000...10_000_000_000, "gas/s",
            "What one agent may use, on average."),
        Setting(
            "agents.imageBytes", \.gateway.hosting.imageBytes, 1 << 20...1 << 40, "bytes",
            "Memory of all agents that run here."),
        Setting(
            "agents.threads", \.gateway.hosting.threads, 1...256, "threads",
            "Threads that run agents; each has an equal share of the other limits."),
        Setting(
            "agents.waiting", \.gateway.hosting.waiting, 1...1_024, "messages",
            "Messages from outside that wait for one agent."),
        Setting(
            "agents.answerNanoseconds", \.gateway.hosting.answerNanoseconds,
            Nanoseconds.perMillisecond...day, "ns",
            "Time after which a message that was not answered is given up."),
    ]

    private static let telemetry: [Setting] = [
        Setting(
            "telemetry.spansPerRequest", \.gateway.telemetry.spansPerRequest, 1...1 << 20, "spans",
            "Spans in one request."),
        Setting(
            "telemetry.payloadBytes", \.gateway.telemetry.payloadBytes,
            1 << 10...UInt64(Limits.payloadBytes), "bytes",
            "One span with its resource and scope."),
        Setting(
            "telemetry.payloadBytesPerRequest", \.gateway.telemetry.payloadBytesPerRequest,
            1 << 16...1 << 32, "bytes", "All spans of a request, each with resource and scope."),
        Setting(
            "telemetry.originBytes", \.gateway.telemetry.originBytes, 1 << 10...1 << 22, "bytes",
            "A resource or a scope."),
        Setting(
            "telemetry.attributeBytes", \.gateway.telemetry.attributeBytes, 1 << 10...1 << 22,
            "bytes", "Key and value of one attribute."),
        Setting(
            "telemetry.futureNanoseconds", \.gateway.telemetry.futureNanoseconds, 0...day, "ns",
            "How far ahead of the clock a span may lie."),
    ]
}
