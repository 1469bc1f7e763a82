// Routes that take signed operations and batches in their canonical encoding.
import JSON
import Ledger
import Node
import Platform
import Primitives
import Records

extension RouteTable {
    static let submissionRoutes: [Route] = [
        Route("POST", "/v1/operations", "Carries out a signed operation (docs/spec/ledger.md)",
            .json("OperationOutcome"), .take(takeOperation)
        ).body(octets).problems(
            .malformedBody, .ledgerRefused, .bodyTooLarge, .unsupportedMediaType, .overloaded,
            .notCertified, .undecided, .unavailable, .storageFailed),
        Route("GET", "/v1/operations/{digest}/receipt",
            "The receipt of an operation, checked offline", .json("Receipt"), .node(receipt)
        ).problems(.noSuchOperation, .notCheckpointed),
        Route("POST", "/v1/batches", "Takes a batch its submitter sealed (docs/spec/record.md)",
            .json("BatchOutcome"), .take(takeBatch)
        ).body(octets).problems(
            .malformedBody, .ledgerRefused, .bodyTooLarge, .unsupportedMediaType, .overloaded,
            .notCertified, .undecided, .unavailable, .storageFailed),
    ]

    @Sendable private static func receipt(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        guard let digest: Digest = try call.fixed("digest") else {
            throw .parameter("digest", "missing")
        }
        let found = try asking { () throws(NodeFailure) in
            try desk.node.receipt(operation: digest)
        }
        switch found {
        case .unknown:
            throw Problem(.noSuchOperation, "No operation \(digest) is recorded here.")
        case .notCheckpointed:
            throw Problem(
                .notCheckpointed,
                "The operation is recorded; its receipt follows the checkpoint that holds it.",
                retryAfterSeconds: 1)
        case .receipt(let receipt):
            return .later {
                HTTPResponse(status: 200, type: "application/json", body: receipt.json())
                    .cached(CacheControl.immutable)
            }
        }
    }

    private static let octets = "application/octet-stream"

    @Sendable private static func takeOperation(_ call: Call, _ body: [UInt8]) throws(Problem) {
        try checkType(call)
        let operation = try decoding { () throws(DecodingFailure) in
            try SignedOperation(decoding: body)
        }
        call.context.node.post { desk in
            desk.node.submit(operation) { answer(call, $0) }
        }
    }

    @Sendable private static func takeBatch(_ call: Call, _ body: [UInt8]) throws(Problem) {
        try checkType(call)
        let context = call.context
        guard context.admission.reserve(spans: 0, bytes: body.count) else {
            throw ExportGate(context: context).overload
        }
        let batch: Batch
        let size = body.count
        do throws(Problem) {
            batch = try decoding { () throws(DecodingFailure) in try Batch(decoding: body) }
        } catch {
            context.admission.release(spans: 0, bytes: size)
            throw error
        }
        // Checked on this thread, so that the node's has only what needs the state.
        let checked: CheckedBatch
        do throws(BatchFailure) {
            checked = try context.signatures.run { () throws(BatchFailure) in
                try CheckedBatch(checking: batch)
            }
        } catch {
            context.admission.release(spans: 0, bytes: size)
            return answer(call, .malformed(error))
        }
        context.node.post { desk in
            let node = desk.node
            node.submit(checked) { outcome in
                context.admission.release(spans: 0, bytes: size)
                if case .refused(let failure) = outcome, failure.isOfSingleRecords {
                    let rows = try? node.refusedRows(of: batch)
                    return call.fail(Problem(failure, rows: rows ?? []))
                }
                answer(call, outcome)
            }
        }
    }

    private static func checkType(_ call: Call) throws(Problem) {
        guard call.head.headers["content-type"]?.lowercased() == octets else {
            throw Problem(.unsupportedMediaType, "Send \(octets).")
        }
    }

    private static func decoding<Value>(
        _ body: () throws(DecodingFailure) -> Value
    ) throws(Problem) -> Value {
        do throws(DecodingFailure) {
            return try body()
        } catch {
            throw Problem(.malformedBody, "Not canonical: \(error.reason) at byte \(error.offset).")
        }
    }

    private static func answer(_ call: Call, _ outcome: LedgerOutcome) {
        switch outcome {
        case .accepted(.batch(let digest), _, let number):
            call.finish(
                .json { writer in
                    writer.object {
                        $0.member("number", quotedOrNull: number)
                        $0.member("digest", digest.hex)
                    }
                }.cached("no-store"))
        case .accepted(.operation(let digest), let effect, _),
            .accepted(.refused(let digest), let effect, _):
            call.finish(
                .json { writer in
                    writer.object { object in
                        object.member("digest", digest.hex)
                        object.key("effects")
                        object.array { $0.write(effect) }
                        object.key("checkpoint")
                        object.writeNull()
                    }
                }.cached("no-store"))
        case .refused(let failure): call.fail(Problem(failure))
        case .malformed(let failure):
            call.fail(Problem(.malformedBody, "The batch is not well made: \(failure)."))
        case .notCertified: call.fail(.notCertified)
        case .overloaded: call.fail(ExportGate(context: call.context).overload)
        case .notAValidator: call.fail(.notAValidator)
        case .undecided: call.fail(.undecided)
        case .storageFailed: call.fail(.storageFailed)
        }
    }
}

extension Problem {
    /// Rows that are spelt out, at most.
    private static let listedRows = 1_000

    /// A batch that would pass without these rows.
    init(_ failure: LedgerFailure, rows: [RefusedRow]) {
        self.init(failure)
        fields.append(JSONMember("refusedRows", .string(String(rows.count))))
        fields.append(
            JSONMember("refused", .array(rows.prefix(Self.listedRows).map(\.json))))
    }

    /// What the ledger refused; `reason` is the stable name of the rule.
    init(_ failure: LedgerFailure) {
        let text: String
        switch failure {
        case .identity(let inner): text = "identity.\(inner)"
        case .agents(let inner): text = "agents.\(inner)"
        case .recording(let inner): text = "recording.\(inner)"
        case .validators(let inner): text = "validators.\(inner)"
        case .law(let inner): text = inner.name
        case .transitions(.proof(let inner)): text = "transitions.proof(\(inner))"
        case .transitions(let inner): text = "transitions.\(inner)"
        case .wrongChain, .invalidSignature, .wrongSequence: text = "\(failure)"
        }
        let reason = String(text.prefix { $0 != "(" })
        self.init(.ledgerRefused, "The ledger refused it: \(text).")
        fields.append(JSONMember("reason", .string(reason)))
        if case .wrongSequence(let expected, _) = failure {
            fields.append(JSONMember("expected", .string(String(expected))))
        }
    }
}

extension JSONWriter {
    /// What came of an operation.
    mutating func write(_ effect: Effect) {
        let (kind, members): (String, [(String, String)]) =
            switch effect {
            case .ownerRegistered(let id): ("ownerRegistered", [("owner", id.hex)])
            case .ownerChanged(let id): ("ownerChanged", [("owner", id.hex)])
            case .submitterAuthorized(let id, let owner):
                ("submitterAuthorized", [("submitter", id.hex), ("owner", owner.hex)])
            case .submitterWithdrawn(let id, let owner):
                ("submitterWithdrawn", [("submitter", id.hex), ("owner", owner.hex)])
            case .agentRegistered(let id): ("agentRegistered", [("agent", id.hex)])
            case .agentChanged(let id): ("agentChanged", [("agent", id.hex)])
            case .batchAccepted(let digest, let submitter):
                ("batchAccepted", [("digest", digest.hex), ("submitter", submitter.hex)])
            case .seatVoted(_, let key): ("seatVoted", [("validator", key.hex)])
            case .seatChangeAdopted: ("seatChangeAdopted", [])
            case .addressChanged(let key): ("addressChanged", [("validator", key.hex)])
            case .law(let effect): (effect.name, effect.members)
            case .programRegistered(let digest): ("programRegistered", [("program", digest.hex)])
            case .agentSpawned(let id, let root):
                ("agentSpawned", [("agent", id.hex), ("root", root.hex)])
            case .deposited(let id, let amount):
                ("deposited", [("agent", id.hex), ("microCredits", String(amount))])
            case .transitionAccepted(let height, let root):
                (
                    "transitionAccepted",
                    [
                        ("agent", height.agent.hex), ("sequence", String(height.sequence)),
                        ("root", root.hex),
                    ]
                )
            case .callAbandoned(let id): ("callAbandoned", [("agent", id.hex)])
            case .stateShown(let height, let reader):
                (
                    "stateShown",
                    [
                        ("agent", height.agent.hex), ("sequence", String(height.sequence)),
                        ("reader", reader.hex),
                    ]
                )
            case .withdrawn(let id, let amount):
                ("withdrawn", [("agent", id.hex), ("microCredits", String(amount))])
            case .agentEnded(let id, let amount):
                ("agentEnded", [("agent", id.hex), ("microCredits", String(amount))])
            case .agentFaulty(let id, let owner):
                ("agentFaulty", [("agent", id.hex), ("reporter", owner.hex)])
            }
        object { object in
            object.member("kind", kind)
            for (name, value) in members { object.member(name, value) }
        }
    }
}
