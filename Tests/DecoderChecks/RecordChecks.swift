// Batches, checkpoints, journal entries and receipts: what is accepted has one form only.
import Cryptography
import JSON
import Primitives
import Records
import Replica

extension DecoderCheck {
    static let records = [
        DecoderCheck("batch") { bytes throws(BrokenRule) in try batch(bytes) },
        DecoderCheck("columns") { bytes throws(BrokenRule) in try columns(bytes) },
        DecoderCheck("epoch-step") { bytes throws(BrokenRule) in try step(bytes) },
        DecoderCheck("light-state", mostBytes: 6144) { bytes throws(BrokenRule) in
            try lightState(bytes)
        },
        DecoderCheck("journal-entry") { bytes throws(BrokenRule) in try entry(bytes) },
        DecoderCheck("receipt", mostBytes: 8192) { bytes throws(BrokenRule) in
            try receipt(bytes)
        },
        DecoderCheck("operation-receipt", mostBytes: 8192) { bytes throws(BrokenRule) in
            try operationReceipt(bytes)
        },
        DecoderCheck("any-receipt", mostBytes: 16_384) { bytes throws(BrokenRule) in
            try anyReceipt(bytes)
        },
    ]

    private static let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))

    private static func batch(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let batch = try? Batch(decoding: bytes) else { return false }
        try require(batch.encoded == bytes, "a batch has one encoding")
        guard let checked = try? CheckedBatch(checking: batch) else { return false }
        let body = checked.columns.unpacked().encoded()
        try require(body[...] == batch.body, "a body has one encoding")
        return true
    }

    /// Rows come back as records with the digests of the batch, and can be sealed and checked.
    private static func columns(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let columns = try? RecordColumns(decoding: bytes) else { return false }
        try require(columns.unpacked().encoded() == bytes, "a body has one encoding")
        let digests = columns.recordDigests()
        try require(digests.count == columns.count, "every row has a digest")
        for row in 0..<columns.count {
            let record = columns.record(at: row, digests: digests)
            try require(record.digest == digests[row], "row and record have one digest")
        }
        guard let key else { return true }
        let sealed = CheckedBatch(sealing: columns, header: BatchHeader(), key: key)
        let again = try must("a sealed batch is sound") { () throws(BatchFailure) in
            try CheckedBatch(checking: sealed.batch)
        }
        try require(again.digest == sealed.digest, "sealing and checking give one digest")
        try require(again.recordDigests == digests, "sealing and checking give the same digests")
        return true
    }

    private static func entry(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        let (choice, rest) = bytes.choice
        guard let kind = JournalEntry.Kind(rawValue: choice),
            let entry = try? JournalEntry(kind: kind, decoding: rest)
        else { return false }
        try require(entry.kind == kind, "an entry keeps its kind")
        try require(entry.encoded == rest, "an entry has one encoding")
        if case .checkpoint(let checkpoint) = entry, let key,
            let committee = Committee([key.publicKey])
        {
            _ = committee.certifies(checkpoint.header, by: checkpoint.certificate)
        }
        return true
    }

    /// Two trails judge a step alike, and one that holds leads one epoch on.
    private static func step(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let step = try? EpochStep(decoding: bytes) else { return false }
        try require(step.encoded == bytes, "a step has one encoding")
        guard let committee = Committee(LedgerPlay.keys.map(\.publicKey)) else { return false }
        let start = CommitteeTrail(chain: LedgerPlay.chain, epoch: 0, committee: committee)
        var (trail, client) = (start, LightClient(start))
        do throws(LightFault) { try trail.extend(by: step) } catch {
            try require(trail == start, "a refused step leaves no trace")
            try require((try? client.follow(step)) == nil, "a client refuses it too")
            return false
        }
        try require((try? client.follow(step)) == true, "a client takes it too")
        try require(client.trail == trail, "a client knows what its trail knows")
        try require(trail.epoch == step.epoch + 1, "a step leads one epoch on")
        return true
    }

    private static func lightState(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let client = try? LightClient(decoding: bytes) else { return false }
        try require(client.encoded == bytes, "a state has one encoding")
        try require(
            client.trail.committee(of: client.trail.epoch) == client.trail.committee,
            "the committee of the newest epoch is known")
        return true
    }

    /// A receipt survives its own text, with the same verdict.
    private static func receipt(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let receipt = try? Receipt(json: bytes) else { return false }
        for layout in [JSONLayout.compact, .pretty] {
            let text = receipt.json(layout)
            guard text.count <= Receipt.textBytes else { continue }
            let again = try must("a receipt's text is one") { () throws(ReceiptRefusal) in
                try Receipt(json: text)
            }
            try require(again.json(layout) == text, "a receipt has one text in each layout")
            try require(verdict(again) == verdict(receipt), "a text does not change the verdict")
        }
        return verdict(receipt) == nil
    }

    /// The same of an operation's receipt.
    private static func operationReceipt(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let receipt = try? OperationReceipt(json: bytes) else { return false }
        let text = receipt.json()
        guard text.count <= OperationReceipt.textBytes else { return false }
        let again = try must("a receipt's text is one") { () throws(ReceiptRefusal) in
            try OperationReceipt(json: text)
        }
        try require(again == receipt, "a text does not change a receipt")
        return verdict(receipt) == nil
    }

    /// A receipt of any kind is read as its own kind reads it; a task's survives its own text.
    private static func anyReceipt(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let receipt = try? AnyReceipt(json: bytes) else {
            try require(
                (try? Receipt(json: bytes)) == nil && (try? OperationReceipt(json: bytes)) == nil
                    && (try? TaskReceipt(json: bytes)) == nil
                    && (try? LicenceReceipt(json: bytes)) == nil,
                "what a kind of receipt reads is a receipt")
            return false
        }
        switch receipt {
        case .record(let record):
            try require((try? Receipt(json: bytes)) == record, "a record's receipt is told apart")
            return verdict(record) == nil
        case .operation(let operation):
            try require(
                (try? OperationReceipt(json: bytes)) == operation,
                "an operation's receipt is told apart")
            return verdict(operation) == nil
        case .task(let task):
            return try taskReceipt(task)
        case .licence(let licence):
            for layout in [JSONLayout.compact, .pretty] {
                let again = try must("a receipt's text is one") { () throws(ReceiptRefusal) in
                    try LicenceReceipt(json: licence.json(layout))
                }
                try require(again == licence, "a text does not change a receipt")
            }
            return verdict(licence) == nil
        }
    }

    private static func taskReceipt(_ task: TaskReceipt) throws(BrokenRule) -> Bool {
        for layout in [JSONLayout.compact, .pretty] {
            let again = try must("a receipt's text is one") { () throws(ReceiptRefusal) in
                try TaskReceipt(json: task.json(layout))
            }
            try require(again == task, "a text does not change a receipt")
        }
        return verdict(task) == nil
    }

    private static func verdict(_ receipt: some CertifiedReceipt) -> ReceiptPart? {
        do throws(ReceiptRefusal) {
            try receipt.verifyChain(trusted: nil)
            return nil
        } catch {
            return error.part
        }
    }
}
