// Inputs to start from that only our own encoders can make; the fuzzer's corpus holds them as
// files.
import Compression
import Cryptography
import Ledger
import Merkle
import Primitives
import Records
import Replica

/// One good input of a check.
public struct Sample: Sendable {
    /// The name of the check.
    public var check: String
    public var file: String
    public var bytes: [UInt8]

    init(_ check: String, _ file: String, _ bytes: [UInt8]) {
        self.check = check
        self.file = file
        self.bytes = bytes
    }
}

extension Sample {
    /// The samples of every check that has any; the same bytes in every run, key files aside.
    public static func all() throws -> [Sample] {
        try recordSamples() + stepSamples() + ledgerSamples() + logSamples() + compressionSamples()
            + textSamples() + peerSamples() + committeeSamples() + agentSamples()
            + executionSamples() + proofSamples() + lawSamples() + workSamples()
            + storageSamples()
    }

    static var ada: SigningKey { LedgerPlay.keys[0] }
    private static var submitter: SigningKey { LedgerPlay.keys[2] }
    static var owner: OwnerID { OwnerID(firstKey: ada.publicKey) }
    private static var agents: [AgentID] {
        ["scout", "idle"].map { AgentID(owner: owner, name: $0) }
    }

    /// Rows of two agents and two runs, each after the one before, the first after a stranger.
    private static func columns(_ rows: Int) -> RecordColumns {
        var columns = RecordColumns()
        for row in 0..<rows {
            var record = Record()
            record.agent = agents[row % 2]
            record.run = RunID([UInt8](repeating: UInt8(row / 2), count: 16)) ?? RunID()
            record.operation = OperationID([0, 0, 0, 0, 0, 0, 0, UInt8(row)]) ?? OperationID()
            record.kind = RecordKind.allCases[row % RecordKind.allCases.count]
            record.outcome = Outcome.allCases[row % Outcome.allCases.count]
            record.start = Instant(nanoseconds: LedgerPlay.time.nanoseconds - UInt64(row) * 7919)
            record.tokens.input = UInt64(row) * 300
            record.cost = Amount(nanoCredits: UInt128(row) << 60)
            record.payloadSize = UInt64(row) * 1000
            record.gas = Gas.record(payloadSize: record.payloadSize)
            let parent: ParentReference =
                row == 0 ? .digest(LedgerPlay.chain) : .row(UInt32(row - 1))
            columns.append(record, parents: [parent])
        }
        return columns
    }

    private static func batch(_ rows: Int) -> CheckedBatch {
        var header = BatchHeader()
        header.chain = LedgerPlay.chain
        header.submitter = SubmitterID(key: submitter.publicKey)
        header.sequence = 1
        header.closed = LedgerPlay.time
        return CheckedBatch(sealing: columns(rows), header: header, key: submitter)
    }

    private static func recordSamples() -> [Sample] {
        var samples = [1, 3, 9].flatMap { rows in
            [
                Sample("columns", "\(rows)-rows", columns(rows).encoded()),
                Sample("batch", "\(rows)-rows", batch(rows).batch.encoded),
            ]
        }
        let committee = Committee(LedgerPlay.keys.map(\.publicKey))
        let genesis = committee.flatMap {
            Genesis(name: "þing", created: LedgerPlay.time, committee: $0)
        }
        var header = CheckpointHeader()
        header.committee = committee?.digest ?? Digest()
        let certificate = LedgerPlay.keys.enumerated().map {
            CheckpointSignature(
                validator: UInt16($0.offset), signature: $0.element.sign(header.signedBytes))
        }
        let signal = KeptSignal(
            .logs, time: LedgerPlay.time, owner: owner, payload: Digest(), size: 12)
        var entries: [JournalEntry] = [
            .body(LedgerPlay.time, .batch(batch(2))), .signal(signal),
            .checkpoint(Checkpoint(header: header, certificate: certificate)),
        ]
        if let genesis { entries.append(.genesis(genesis)) }
        if let pruned = try? PrunedBatch(of: batch(2)) {
            entries.append(.pruned(LedgerPlay.time, pruned))
        }
        entries += operations().map { .body(LedgerPlay.time, .operation($0)) }
        for (index, entry) in entries.enumerated() {
            let bytes = [entry.kind.rawValue] + entry.encoded
            samples.append(Sample("journal-entry", "\(index)-\(entry.kind)", bytes))
        }
        return samples
    }

    /// A step, and states before and after it.
    private static func stepSamples() throws -> [Sample] {
        guard let committee = Committee(LedgerPlay.keys.map(\.publicKey)),
            let next = Committee([ada.publicKey])
        else { return [] }
        var header = CheckpointHeader()
        header.chain = LedgerPlay.chain
        (header.height, header.time) = (9, LedgerPlay.time)
        header.committee = committee.digest
        header.next = next.digest
        let certificate = LedgerPlay.keys.enumerated().map {
            CheckpointSignature(
                validator: UInt16($0.offset), signature: $0.element.sign(header.signedBytes))
        }
        let step = EpochStep(
            checkpoint: Checkpoint(header: header, certificate: certificate), committee: next)
        var client = LightClient(
            CommitteeTrail(chain: LedgerPlay.chain, epoch: 0, committee: committee))
        let fresh = client.encoded
        try client.accept(step.checkpoint)
        try client.follow(step)
        return [
            Sample("epoch-step", "first", step.encoded), Sample("light-state", "fresh", fresh),
            Sample("light-state", "one-step", client.encoded),
        ]
    }

    /// One operation of every kind, in an order in which all of them are accepted.
    private static func operations() -> [SignedOperation] {
        let (bo, stranger) = (LedgerPlay.keys[1].publicKey, LedgerPlay.keys[3].publicKey)
        let profile = AgentProfile(version: "1", capabilities: ["read", "write"])
        let commands: [Command] = [
            .owner(.register(name: "Ada")),
            .owner(.authorize(submitter: submitter.publicKey, rights: .all)),
            .agent(.register(name: "scout", profile: profile)),
            .agent(.register(name: "idle", profile: AgentProfile())),
            .agent(.update(agents[0], profile: AgentProfile(version: "2"))),
            .agent(.setKey(agents[0], bo, proof: Signature())),
            .owner(.addKey(bo, proof: Signature())),
            .owner(.rotateKey(old: bo, new: stranger, proof: Signature())),
            .owner(.revokeKey(stranger)),
            .agent(.setStatus(agents[0], .active)),
            .owner(.withdraw(submitter: submitter.publicKey)),
        ]
        return commands.enumerated().map {
            SignedOperation(
                chain: LedgerPlay.chain, owner: owner, sequence: UInt64($0.offset + 1),
                command: $0.element, key: ada)
        }
    }

    private static func proofSamples() throws -> [Sample] {
        [
            Sample("transition-series", "two", try ProofSample.series(2)),
            Sample("opening", "seven-variables", ProofSample.opening),
            Sample("run-proof", "one-step", ProofSample.run(steps: 1)),
            Sample("run-proof", "to-the-end", ProofSample.run(steps: 100)),
            Sample("proof-file", "one-segment", ProofSample.file(steps: 2)),
            Sample("proof-file", "two-segments", ProofSample.file(steps: 4)),
            Sample("proof-file", "two-runs", ProofSample.twoRuns(steps: 3)),
        ]
    }

    private static func executionSamples() -> [Sample] {
        [("halt", 1000), ("inside", 6), ("one", 1)].map {
            Sample("execution", $0.0, ExecutionSample.claim(steps: $0.1))
        }
    }

    private static func ledgerSamples() -> [Sample] {
        let signed = operations().map { [LedgerPlay.Verb.operation.rawValue] + $0.encoded }
        let sealed = [2, 5].map { [LedgerPlay.Verb.batch.rawValue] + columns($0).encoded() }
        let scripts = [
            "operations": signed, "first": Array(signed[..<1]),
            "batches": Array(signed[..<4]) + sealed,
            "withdrawn": Array(signed[..<4]) + [sealed[0], signed[10], sealed[1]],
        ]
        return scripts.sorted { $0.key < $1.key }.compactMap { name, entries in
            EntryBundle.encode(entries).map { Sample("ledger", name, $0) }
        }
    }

    private static func logSamples() throws -> [Sample] {
        let head = TreeHead(size: 20_852_163, root: LogHash.leaf([1]))
        let checkpoint = try CheckpointNote(origin: "example.com/log", head: head)
        var note = try checkpoint.signed(by: ada, name: "example.com/log")
        let one = note.bytes
        try note.sign(with: submitter, name: "witness")
        let key = try NoteKey(name: "example.com/log", publicKey: ada.publicKey)
        var proof = ByteWriter()
        proof.write(UInt64(5))
        proof.write(UInt64(13))
        for number in 0..<5 as Range<UInt8> { proof.write(LogHash.leaf([number])) }
        return [
            Sample("log-note", "one-signature", one), Sample("log-note", "two", note.bytes),
            Sample("log-bundle", "three", EntryBundle.encode([[1], [], [2, 3]]) ?? []),
            Sample("log-path", "key", Array(key.text.utf8)),
            Sample("log-path", "tile", Array("/tile/0/x001/x234/067.p/8".utf8)),
            Sample("log-path", "entries", Array("/tile/entries/000".utf8)),
            Sample("log-proof", "five-of-thirteen", proof.bytes),
        ]
    }

    private static func compressionSamples() throws -> [Sample] {
        let plain = Array("forty-two lanes, forty-two lanes, forty-two lanes".utf8)
        let zeros = [UInt8](repeating: 0, count: 100_000)
        var samples: [Sample] = []
        for (name, bytes) in [("text", plain), ("zeros", zeros), ("empty", [])] {
            samples += [
                Sample("compression", "gzip-" + name, [4] + (try Gzip.compress(bytes))),
                Sample("compression", "zlib-" + name, [5] + (try Zlib.compress(bytes))),
                Sample("compression", "zstd-" + name, [6] + (try Zstd.compress(bytes, level: 3))),
            ]
        }
        return samples
    }

    private static func textSamples() throws -> [Sample] {
        let file = try KeyFile.seal(seed: ada.seed, passphrase: [], strength: .development)
        let texts = [
            Hex.encode(ada.seed), Base64.encode(ada.seed, as: .standard),
            Base64.encode(ada.seed, as: .urlSafe), DIDKey.encode(ada.publicKey),
            "http://[::1]:4318/v1/",
        ]
        return [Sample("key-file", "development", file)]
            + texts.enumerated().map {
                Sample("text", "\($0.offset)", [UInt8($0.offset)] + Array($0.element.utf8))
            }
    }
}
