// The verdict on one receipt, check by check.
import JSON
import Primitives
import Records

/// What the checks of a receipt came to.
struct ReceiptReport {
    enum Verdict: Equatable {
        case holds
        case failed(String)
        /// A check before it failed, or nothing was given to check against.
        case notChecked(String)
    }

    /// One verdict for each part, in the order of checking.
    private(set) var verdicts: [(part: ReceiptPart, verdict: Verdict)] = []
    private(set) var refusal: ReceiptRefusal?
    /// Nil where the text is not a receipt.
    private(set) var receipt: AnyReceipt?

    /// What the committee is known by.
    enum Trust {
        /// The steps of the receipt, from the genesis of this digest; nil accepts any chain.
        case genesis(Digest?)
        case followed(LightClient)
    }

    /// Checks the text of a receipt offline.
    ///
    /// - Parameters:
    ///   - payload: a record's payload where it is at hand; an operation's receipt has none.
    init(text: [UInt8], trust: Trust, payload: [UInt8]?) {
        do {
            let receipt = try AnyReceipt(json: text)
            self.receipt = receipt
            try Self.check(receipt, trust, payload)
        } catch { refusal = error }
        judge(isPayloadGiven: payload != nil)
    }

    private static func check(
        _ receipt: AnyReceipt, _ trust: Trust, _ payload: [UInt8]?
    ) throws(ReceiptRefusal) {
        switch (receipt, trust) {
        case (.record(let receipt), .genesis(let trusted)):
            try receipt.verify(trusted: trusted, payload: payload)
        case (.record(let receipt), .followed(let client)):
            try receipt.verify(by: client, payload: payload)
        case (.operation(let receipt), .genesis(let trusted)):
            try receipt.verify(trusted: trusted)
        case (.operation(let receipt), .followed(let client)):
            try receipt.verifyChain(by: client)
        case (.task(let receipt), .genesis(let trusted)):
            try receipt.verify(trusted: trusted)
        case (.task(let receipt), .followed(let client)):
            try receipt.verifyChain(by: client)
        case (.licence(let receipt), .genesis(let trusted)):
            try receipt.verify(trusted: trusted)
        case (.licence(let receipt), .followed(let client)):
            try receipt.verifyChain(by: client)
        }
    }

    private var parts: [ReceiptPart] {
        switch receipt {
        case .operation: OperationReceipt.parts
        case .task: TaskReceipt.parts
        case .licence: LicenceReceipt.parts
        case .record, nil: Receipt.parts
        }
    }

    private mutating func judge(isPayloadGiven: Bool) {
        var hasFailed = false
        for part in parts {
            if part == refusal?.part {
                verdicts.append((part, .failed(refusal?.detail ?? "")))
                hasFailed = true
            } else if hasFailed {
                verdicts.append((part, .notChecked("not looked at")))
            } else if part == .payload, !isPayloadGiven {
                verdicts.append((part, .notChecked("not given")))
            } else {
                verdicts.append((part, .holds))
            }
        }
    }

    /// One line for each part, and what it was about.
    func text(for console: Console, isChainTrusted: Bool) -> String {
        var table = Table(.text(""), .text(""), .text(""))
        for (part, verdict) in verdicts {
            switch verdict {
            case .holds: table.add(part.rawValue, "ok", meaning(part, isChainTrusted))
            case .failed(let detail): table.add(part.rawValue, "FAILED", detail, style: .red)
            case .notChecked(let why): table.add(part.rawValue, "-", why)
            }
        }
        return table.text(for: console)
    }

    private func meaning(_ part: ReceiptPart, _ isChainTrusted: Bool) -> String {
        switch receipt {
        case .record(let receipt):
            let batch = receipt.batch.header
            return switch part {
            case .format: "althing-receipt-v1"
            case .record: "record \(receipt.recordDigest.hex)"
            case .batchInclusion: "record \(receipt.batch.index + 1) of \(batch.count)"
            case .batchSignature:
                "batch \(batch.sequence) of submitter \(batch.submitter.hex)"
            case .payload: Quantity.bytes(receipt.record.payloadSize)
            default: meaning(part, of: receipt, isChainTrusted)
            }
        case .operation(let receipt):
            return switch part {
            case .format: "althing-operation-receipt-v1"
            case .operation: "\(receipt.outcome.rawValue): operation \(receipt.digest.hex)"
            case .operationSignature:
                "operation \(receipt.operation.sequence) of key \(receipt.operation.key.hex)"
            default: meaning(part, of: receipt, isChainTrusted)
            }
        case .task(let receipt):
            return TaskContents(receipt).meaning(part)
                ?? meaning(part, of: receipt, isChainTrusted)
        case .licence(let receipt):
            return LicenceContents(receipt).meaning(part)
                ?? meaning(part, of: receipt, isChainTrusted)
        case nil: return ""
        }
    }

    private func meaning(
        _ part: ReceiptPart, of receipt: some CertifiedReceipt, _ isChainTrusted: Bool
    ) -> String {
        let checkpoint = receipt.checkpoint
        switch part {
        case .genesis:
            return "chain \(receipt.chain.hex)"
                + (isChainTrusted ? ", which you trust" : "; compare it with one you trust")
        case .checkpointInclusion:
            return "item \(checkpoint.index + 1) of \(checkpoint.header.items) of checkpoint "
                + "\(checkpoint.header.height)"
        case .committee:
            let count = receipt.steps.count
            return "epoch \(checkpoint.header.epoch), "
                + (count == 0 ? "no change in the receipt" : "\(count) changes from the genesis")
        case .certificate:
            let committee = receipt.steps.last?.committee ?? receipt.genesis.committee
            // A light client may know a committee that the receipt does not tell of.
            let isKnown = committee.digest == checkpoint.header.committee
            let number = isKnown ? " of \(committee.validators.count)" : ""
            return "\(checkpoint.certificate.count)\(number) validators, "
                + "\(Quantity.time(checkpoint.header.time))"
        default: return ""
        }
    }

    /// The report as JSON, with what the operation says where there is one.
    func json(_ contents: OperationContents? = nil) -> JSONValue {
        let checks = verdicts.map { part, verdict in
            let word =
                switch verdict {
                case .holds: "ok"
                case .failed: "failed"
                case .notChecked: "notChecked"
                }
            return JSONValue.object([
                JSONMember("part", .string(part.rawValue)), JSONMember("result", .string(word)),
            ])
        }
        return .object([
            JSONMember("verified", .bool(refusal == nil)),
            JSONMember("part", refusal.map { .string($0.part.rawValue) } ?? .null),
            JSONMember("detail", refusal.map { .string($0.detail) } ?? .null),
            JSONMember("chain", chain.map { .string($0.hex) } ?? .null),
            JSONMember("record", record.map { .string($0.hex) } ?? .null),
            JSONMember("checks", .array(checks)),
        ] + ownMembers + (contents?.json ?? []))
    }

    private var chain: Digest? {
        switch receipt {
        case .record(let receipt): receipt.chain
        case .operation(let receipt): receipt.chain
        case .task(let receipt): receipt.chain
        case .licence(let receipt): receipt.chain
        case nil: nil
        }
    }

    private var record: Digest? {
        guard case .record(let receipt) = receipt else { return nil }
        return receipt.recordDigest
    }

    private var ownMembers: [JSONMember] {
        switch receipt {
        case .licence(let receipt): LicenceContents(receipt).json
        case .operation(let receipt):
            [
                JSONMember("operation", .string(receipt.digest.hex)),
                JSONMember("outcome", .string(receipt.outcome.rawValue)),
            ]
        case .task(let receipt) where refusal == nil: [TaskContents(receipt).json]
        case .task, .record, nil: []
        }
    }
}
