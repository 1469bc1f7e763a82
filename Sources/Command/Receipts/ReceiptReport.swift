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
    private(set) var receipt: Receipt?

    /// Checks the text of a receipt offline.
    ///
    /// - Parameters:
    ///   - trusted: digest of the genesis the user trusts; nil accepts any chain.
    ///   - payload: the payload's bytes where they are at hand.
    init(text: [UInt8], trusted: Digest?, payload: [UInt8]?) {
        self.init(text: text, isPayloadGiven: payload != nil) { receipt throws(ReceiptRefusal) in
            try receipt.verify(trusted: trusted, payload: payload)
        }
    }

    /// Checks the text of a receipt with a check of the caller's.
    init(
        text: [UInt8], isPayloadGiven: Bool, by check: (Receipt) throws(ReceiptRefusal) -> Void
    ) {
        do {
            let receipt = try Receipt(json: text)
            self.receipt = receipt
            try check(receipt)
        } catch { refusal = error }
        judge(isPayloadGiven: isPayloadGiven)
    }

    private mutating func judge(isPayloadGiven: Bool) {
        var hasFailed = false
        for part in ReceiptPart.allCases {
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
        guard let receipt else { return "" }
        let batch = receipt.batch.header
        let checkpoint = receipt.checkpoint
        switch part {
        case .format: return "althing-receipt-v1"
        case .genesis:
            return "chain \(receipt.chain.hex)"
                + (isChainTrusted ? ", which you trust" : "; compare it with one you trust")
        case .record: return "record \(receipt.recordDigest.hex)"
        case .batchInclusion: return "record \(receipt.batch.index + 1) of \(batch.count)"
        case .batchSignature: return "batch \(batch.sequence) of submitter \(batch.submitter.hex)"
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
        case .payload: return Quantity.bytes(receipt.record.payloadSize)
        }
    }

    var json: JSONValue {
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
            JSONMember("chain", receipt.map { .string($0.chain.hex) } ?? .null),
            JSONMember("record", receipt.map { .string($0.recordDigest.hex) } ?? .null),
            JSONMember("checks", .array(checks)),
        ])
    }
}
