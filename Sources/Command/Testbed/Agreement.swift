// Whether validators agree, digest by digest, and whether nothing that was acknowledged is missing.
import JSON
import Platform
import Primitives
import Records

/// What a comparison of all validators found.
struct Agreement {
    /// Certified checkpoints, the same on all of them.
    var checkpoints = 0
    var records: UInt64 = 0
    /// Batches of the ledger, in one order on all of them.
    var batches = 0
    /// What a client was told is recorded, and was looked up on every validator.
    var acknowledged = 0
    /// What `acknowledged` counts.
    var noun = "batches"
    /// Receipts that were verified, over all validators.
    var receipts = 0
    /// When all had certified the same, by the monotonic clock.
    var restedAt: UInt64 = 0
    /// Everything that is wrong; empty where they agree.
    var faults: [String] = []

    var holds: Bool { faults.isEmpty }

    var json: JSONValue {
        .object([
            JSONMember("agree", .bool(holds)), JSONMember("checkpoints", .integer(checkpoints)),
            JSONMember("records", .string("\(records)")), JSONMember("batches", .integer(batches)),
            JSONMember("acknowledged", .integer(acknowledged)),
            JSONMember("receipts", .integer(receipts)),
            JSONMember("faults", .array(faults.map { .string($0) })),
        ])
    }

    func text(validators: Int) -> String {
        guard holds else {
            return "The validators do NOT agree:\n"
                + faults.map { "  " + printable($0) }.joined(separator: "\n")
        }
        return """
            All \(validators) validators agree: \(Quantity.count(UInt64(checkpoints))) checkpoints \
            digest by digest, \(Quantity.count(UInt64(batches))) batches in one order, \
            \(Quantity.count(records)) records.
            Every one of \(Quantity.count(UInt64(acknowledged))) acknowledged \(noun) is on every \
            validator\(receipts > 0 ? "; \(receipts) receipts verified" : "").
            """
    }
}

/// Compares the validators of a chain over their REST interface.
struct AgreementCheck {
    let genesis: Genesis
    let clients: [NodeClient]
    private var found = Agreement()

    /// Of acknowledged batches, on each validator.
    private static let receiptSample = 10

    init(genesis: Genesis, addresses: [String]) throws(CommandFailure) {
        self.genesis = genesis
        var clients: [NodeClient] = []
        for address in addresses { clients.append(try NodeClient(address)) }
        self.clients = clients
    }

    /// Compares once all validators have come to rest.
    ///
    /// - Parameters:
    ///   - acknowledged: batches that a client was told are recorded.
    ///   - patience: nanoseconds to wait for rest.
    mutating func run(
        acknowledged: [Digest], patience: UInt64
    ) throws(CommandFailure) -> Agreement {
        found = Agreement()
        try rest(within: patience)
        try compareCheckpoints()
        let batches = try compareBatches()
        try lookUp(acknowledged, in: batches)
        return found
    }

    /// Compares once all validators have come to rest.
    ///
    /// - Parameter acknowledged: spans of each run that a client was told are recorded.
    mutating func run(
        acknowledged: [String: UInt64], patience: UInt64
    ) throws(CommandFailure) -> Agreement {
        _ = try run(acknowledged: [], patience: patience)
        for (run, spans) in acknowledged.sorted(by: { $0.key < $1.key }) {
            for (place, client) in clients.enumerated() {
                let shown = (try? client.get("/v1/runs/\(run)").number("records")) ?? 0
                if shown < spans {
                    found.faults.append(
                        "run \(run) has \(shown) records on validator \(place + 1), and "
                            + "\(spans) of its spans were acknowledged")
                }
            }
            found.acknowledged += Int(clamping: spans)
        }
        found.noun = "spans"
        return found
    }

    /// Waits until all have executed and certified the same.
    private mutating func rest(within patience: UInt64) throws(CommandFailure) {
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() &+ patience
        var shown: [String] = []
        while clock.monotonicNanoseconds() < deadline {
            shown = []
            for client in clients { shown.append(try standing(client)) }
            if Set(shown).count == 1, !shown[0].isEmpty {
                found.restedAt = clock.monotonicNanoseconds()
                return
            }
            Pause.milliseconds(50)
        }
        found.faults.append(
            "they do not come to rest at one place: " + shown.joined(separator: "; "))
    }

    /// Height, records and operations of a validator; "" while its last checkpoint lacks records.
    private func standing(_ client: NodeClient) throws(CommandFailure) -> String {
        let status = try client.get("/v1/status")
        let last = try client.get("/v1/checkpoints", query: [("limit", "1")]).list("items").first
        guard last?.number("records") ?? 0 == status.number("records") else { return "" }
        return ["height", "records", "batches", "operations"]
            .map { "\($0) \(status.number($0))" }.joined(separator: ", ")
    }

    private mutating func compareCheckpoints() throws(CommandFailure) {
        var first: [Digest] = []
        for (place, client) in clients.enumerated() {
            let checkpoints = try checkpoints(of: client)
            for checkpoint in checkpoints where !isCertified(checkpoint) {
                found.faults.append(
                    "validator \(place + 1) shows checkpoint \(checkpoint.header.height) without "
                        + "a valid certificate")
            }
            let digests = checkpoints.map(\.header.digest)
            if place == 0 {
                first = digests
                found.checkpoints = digests.count
                found.records = checkpoints.first?.header.records ?? 0
            } else if digests != first {
                let pairs = zip(digests.reversed(), first.reversed())
                let height =
                    pairs.enumerated().first { $0.element.0 != $0.element.1 }?.offset
                    ?? min(digests.count, first.count)
                found.faults.append(
                    "validator \(place + 1) has another checkpoint \(height + 1) than validator 1")
            }
        }
    }

    /// By the committee of the genesis: later ones are a light client's matter.
    private func isCertified(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.header.committee != genesis.committee.digest
            || genesis.committee.certifies(checkpoint.header, by: checkpoint.certificate)
    }

    /// The newest first.
    private func checkpoints(of client: NodeClient) throws(CommandFailure) -> [Checkpoint] {
        var found: [Checkpoint] = []
        var query = [("limit", "100")]
        while true {
            let bytes = try client.bytes("/v1/checkpoints", query: query)
            do {
                let document = try JSONDocument(bytes, limits: JSONLimits(depth: 16))
                for node in document.root["items"].map({ Array($0.elements) }) ?? [] {
                    found.append(try Checkpoint(json: node, chain: genesis.digest))
                }
                guard let next = document.root["next"]?.string else { return found }
                query = [("limit", "100"), ("cursor", next)]
            } catch {
                throw .failed("\(client.address) gives checkpoints that cannot be read: \(error)")
            }
        }
    }

    /// The place of each batch in the ledger's order.
    private mutating func compareBatches() throws(CommandFailure) -> [Digest: UInt64] {
        var places: [Digest: UInt64] = [:]
        var first: [String] = []
        for (place, client) in clients.enumerated() {
            let items = try client.items("/v1/batches", limit: .max)
            let lines = items.map { item in
                ["number", "digest", "submitter", "sequence"].map { item.text($0) }
                    .joined(separator: " ")
            }
            if place == 0 {
                first = lines
                found.batches = lines.count
                for item in items {
                    guard let digest = Digest(hex: item.text("digest")) else { continue }
                    if places.updateValue(item.number("number"), forKey: digest) != nil {
                        found.faults.append("batch \(digest.hex) stands twice in the ledger")
                    }
                }
            } else if lines != first {
                found.faults.append(
                    "validator \(place + 1) has other batches, or another order, than validator 1")
            }
        }
        return places
    }

    private mutating func lookUp(
        _ acknowledged: [Digest], in places: [Digest: UInt64]
    ) throws(CommandFailure) {
        for digest in acknowledged where places[digest] == nil {
            found.faults.append("batch \(digest.hex) was acknowledged and is missing")
        }
        found.acknowledged = acknowledged.count
        let step = max(1, acknowledged.count / Self.receiptSample)
        for index in stride(from: 0, to: acknowledged.count, by: step) {
            guard let number = places[acknowledged[index]] else { continue }
            for (place, client) in clients.enumerated() {
                let text = try client.bytes("/v1/records/\(number)-0/receipt")
                let report = ReceiptReport(
                    text: text, trust: .genesis(genesis.digest), payload: nil)
                if let refusal = report.refusal {
                    found.faults.append(
                        "the receipt of \(number)-0 of validator \(place + 1) is refused: "
                            + refusal.detail)
                }
                found.receipts += 1
            }
        }
    }
}
