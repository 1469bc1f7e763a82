// Native batches over HTTP that must be refused: each with its reason, and nothing is left of it.
import Cryptography
import JSON
import Ledger
import Platform
import Primitives
import Records
import Testing

@Suite struct BatchRefusalTests {
    let rig: Rig
    let client: HTTPClient
    let submitter = NativeSubmitter()
    /// Batch 1 of the submitter, accepted.
    let first: CheckedBatch

    init() throws {
        rig = try Rig()
        client = try rig.client()
        first = submitter.batch(1)
        for command in submitter.enrollment {
            #expect(try carryOut(command).status == 200)
        }
        #expect(try post(first.batch.encoded).status == 200)
    }

    /// As the owner's next operation.
    private func carryOut(_ command: Command) throws -> HTTPResponse {
        let signer = try client.json("/v1/signers/\(Cast.owner.publicKey)")
        let sequence = UInt64(signer["next"]?.string ?? "") ?? 0
        return try client.post(
            "/v1/operations", Cast.operation(command, sequence: sequence).encoded,
            type: "application/octet-stream")
    }

    private func post(_ body: [UInt8]) throws -> HTTPResponse {
        try client.post("/v1/batches", body, type: "application/octet-stream")
    }

    /// Refused with `reason`; afterwards the true second batch still finds its place.
    private func expectRefusal(
        _ batch: Batch, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try client.json("/v1/status")
        let response = try post(batch.encoded)
        #expect(response.status == 422, "\(response.text)", sourceLocation: sourceLocation)
        #expect(response.problem == "ledger-refused", sourceLocation: sourceLocation)
        #expect(
            try response.json()["reason"]?.string == reason, sourceLocation: sourceLocation)
        let after = try client.json("/v1/status")
        for member in ["records", "batches", "operations", "agents"] {
            #expect(after[member] == before[member], "\(member)", sourceLocation: sourceLocation)
        }
    }

    private func expectTheTrueOneIsTaken(
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let response = try post(submitter.batch(2, after: first.digest).batch.encoded)
        #expect(response.status == 200, "\(response.text)", sourceLocation: sourceLocation)
    }

    // MARK: Its place in the submitter's chain

    @Test func aReplayedBatch() throws {
        try expectRefusal(first.batch, "recording.replayed")
        try expectTheTrueOneIsTaken()
    }

    @Test func anotherBatchOfASequenceThatIsTaken() throws {
        let other = submitter.batch(1, [NativeSubmitter.record(77)])
        try expectRefusal(other.batch, "recording.replayed")
        try expectTheTrueOneIsTaken()
    }

    @Test(arguments: [3, 4, UInt64.max])
    func aGap(_ sequence: UInt64) throws {
        try expectRefusal(submitter.batch(sequence, after: first.digest).batch, "recording.gap")
        try expectTheTrueOneIsTaken()
    }

    @Test func aWrongPrevious() throws {
        for previous in [Digest(), BLAKE3.hash([9])] {
            try expectRefusal(
                submitter.batch(2, after: previous).batch, "recording.wrongPrevious")
        }
        try expectTheTrueOneIsTaken()
    }

    @Test func anotherChain() throws {
        let batch = submitter.batch(2, after: first.digest) { $0.chain = BLAKE3.hash([1]) }
        try expectRefusal(batch.batch, "recording.wrongChain")
        try expectTheTrueOneIsTaken()
    }

    @Test func aCloseInTheFuture() throws {
        let batch = submitter.batch(2, after: first.digest) {
            $0.closed = SystemClock().now().advanced(byNanoseconds: 2 * clockTolerance)
        }
        try expectRefusal(batch.batch, "recording.closedInFuture")
        try expectTheTrueOneIsTaken()
    }

    // MARK: Who signed

    @Test func aSignatureOfSomethingElse() throws {
        var spoilt = submitter.batch(2, after: first.digest).batch
        spoilt.signature = submitter.key.sign([])
        let response = try post(spoilt.encoded)
        #expect(response.status == 400)
        #expect(response.problem == "malformed-body")
        #expect(response.text.contains("signature"))
        try expectTheTrueOneIsTaken()
    }

    @Test func aKeyThatIsNotTheSubmitters() throws {
        let thief = NativeSubmitter(key: SigningKey(seed: [UInt8](repeating: 7, count: 32))!)
        let batch = thief.batch(2, after: first.digest) {
            $0.submitter = SubmitterID(key: submitter.key.publicKey)
        }
        try expectRefusal(batch.batch, "recording.wrongKey")
        try expectTheTrueOneIsTaken()
    }

    @Test func aSubmitterThatNobodyLetIn() throws {
        let stranger = NativeSubmitter(key: SigningKey(seed: [UInt8](repeating: 7, count: 32))!)
        try expectRefusal(stranger.batch(1).batch, "recording.submitterUnknown")
    }

    @Test func aWithdrawnSubmitter() throws {
        let withdrawal = Command.owner(.withdraw(submitter: submitter.key.publicKey))
        #expect(try carryOut(withdrawal).status == 200)
        let second = submitter.batch(2, after: first.digest)
        try expectRefusal(second.batch, "recording.notAuthorized")
        let again = Command.owner(.authorize(submitter: submitter.key.publicKey, rights: .all))
        #expect(try carryOut(again).status == 200)
        try expectTheTrueOneIsTaken()
    }

    // MARK: For whom

    @Test func anAgentThatNobodyRegistered() throws {
        let record = NativeSubmitter.record(2, of: "delta")
        let batch = submitter.batch(2, after: first.digest, [record])
        try expectRefusal(batch.batch, "recording.agentUnknown")
        try expectTheTrueOneIsTaken()
    }

    @Test(arguments: [AgentStatus.suspended, .retired])
    func anAgentOutOfService(_ status: AgentStatus) throws {
        let gamma = NativeSubmitter.agent("gamma")
        #expect(try carryOut(.agent(.setStatus(gamma, status))).status == 200)
        let records = [NativeSubmitter.record(2), NativeSubmitter.record(3, of: "gamma")]
        let batch = submitter.batch(2, after: first.digest, records)
        try expectRefusal(batch.batch, "recording.agentNotActive")
        try expectTheTrueOneIsTaken()
    }

    // MARK: What it holds

    static let rows: [(fault: String, change: @Sendable (inout Record) -> Void)] = [
        ("wrongGas", { $0.gas += 1 }),
        ("startInFuture", { $0.start = Instant(nanoseconds: .max) }),
        ("payloadTooLarge", { $0.payloadSize = .max }),
        ("quantityTooLarge", { $0.tokens.input = .max }),
        ("quantityTooLarge", { $0.cost = Amount(nanoCredits: .max) }),
    ]

    @Test(arguments: rows.indices)
    func aRowOutsideTheRules(_ index: Int) throws {
        var record = NativeSubmitter.record(2)
        Self.rows[index].change(&record)
        let batch = submitter.batch(2, after: first.digest, [NativeSubmitter.record(3), record])
        try expectRefusal(batch.batch, "recording.\(Self.rows[index].fault)")
        try expectTheTrueOneIsTaken()
    }

    /// Whoever signed the batch is told which rows to leave out, and passes without them.
    @Test func rowsOverAQuota() throws {
        var quota = Quota()
        quota.hour.records = 2
        let beta = AccountID(NativeSubmitter.agent("beta"))
        #expect(try carryOut(.law(.limit(beta, quota))).status == 200)
        let records = (2...6).map {
            NativeSubmitter.record(UInt64($0), of: $0 % 2 == 0 ? "beta" : "gamma")
        }
        let response = try post(submitter.batch(2, after: first.digest, records).batch.encoded)
        #expect(response.status == 422)
        let problem = try response.json()
        #expect(problem["reason"]?.string == "recording.overQuota")
        #expect(problem["refusedRows"]?.string == "2")
        let refused = try #require(problem["refused"]?.array)
        #expect(refused.map { $0["row"]?.string } == ["2", "4"])
        for row in refused {
            #expect(row["reason"]?.string == "quotas.reached")
            #expect(row["account"]?.string == beta.hex)
            #expect(row["span"]?.string == "hour" && row["quantity"]?.string == "records")
            #expect(row["limit"]?.string == "2" && row["opens"]?.string != nil)
        }
        let rest = [0, 1, 3].map { records[$0] }
        #expect(try post(submitter.batch(2, after: first.digest, rest).batch.encoded).status == 200)
    }

    // MARK: Bytes

    @Test func aBatchCutAtAnyByte() throws {
        let bytes = submitter.batch(2, after: first.digest).batch.encoded
        #expect(bytes.count < 2_000)
        for count in bytes.indices {
            let response = try post(Array(bytes.prefix(count)))
            #expect(response.status == 400, "\(count) bytes")
            #expect(response.problem == "malformed-body", "\(count) bytes")
        }
        try expectTheTrueOneIsTaken()
    }

    @Test func aBatchWithABitTurnedAnywhere() throws {
        let bytes = submitter.batch(2, after: first.digest).batch.encoded
        for place in bytes.indices {
            var spoilt = bytes
            spoilt[place] ^= 1
            let response = try post(spoilt)
            #expect([400, 422].contains(response.status), "byte \(place): \(response.text)")
        }
        #expect(try post(bytes + [0]).problem == "malformed-body")
        try expectTheTrueOneIsTaken()
    }
}
