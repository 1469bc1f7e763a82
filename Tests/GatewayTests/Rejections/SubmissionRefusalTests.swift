// Signed operations and batches over HTTP: what the ledger takes and what it refuses.
import Cryptography
import JSON
import Ledger
import Platform
import Primitives
import Records
import Testing

@Suite struct SubmissionRefusalTests {
    let rig: Rig
    let client: HTTPClient

    init() throws {
        rig = try Rig()
        client = try rig.client()
    }

    private func post(_ path: String, _ body: [UInt8]) throws -> HTTPResponse {
        try client.post(path, body, type: "application/octet-stream")
    }

    private var registration: Command {
        .agent(.register(name: "beta", profile: AgentProfile(version: "2")))
    }

    @Test func aSignedOperationIsCarriedOut() throws {
        #expect(try client.json("/v1/signers/\(Cast.owner.publicKey)")["next"]?.string == "3")
        let operation = Cast.operation(registration, sequence: 3)
        let answer = try post("/v1/operations", operation.encoded).json()
        #expect(answer["digest"]?.string == operation.digest.hex)
        #expect(answer["effects"]?[0]?["kind"]?.string == "agentRegistered")
        let id = AgentID(owner: Cast.ownerID, name: "beta")
        #expect(answer["effects"]?[0]?["agent"]?.string == id.hex)
        #expect(try client.json("/v1/agents/\(id)")["version"]?.string == "2")
        #expect(try client.json("/v1/status")["operations"]?.string == "3")
    }

    @Test func aSequenceOutOfOrderIsRefusedWithTheOneExpected() throws {
        let response = try post("/v1/operations", Cast.operation(registration, sequence: 9).encoded)
        #expect(response.status == 422)
        let problem = try response.json()
        #expect(problem["reason"]?.string == "wrongSequence")
        #expect(problem["expected"]?.string == "3")
    }

    @Test func aSpoiltSignatureIsRefused() throws {
        var bytes = Cast.operation(registration, sequence: 3).encoded
        bytes[bytes.count - 1] ^= 1
        let response = try post("/v1/operations", bytes)
        #expect(response.status == 422)
        #expect(try response.json()["reason"]?.string == "invalidSignature")
    }

    @Test func aRevokedKeyIsRefused() throws {
        let second = SigningKey(seed: [UInt8](repeating: 8, count: 32))!
        let proof = second.sign(
            KeyProof.message(for: .owner, chain: Cast.genesis.digest, owner: Cast.ownerID))
        let commands: [Command] = [
            .owner(.addKey(second.publicKey, proof: proof)),
            .owner(.revokeKey(second.publicKey)),
        ]
        for (index, command) in commands.enumerated() {
            let operation = Cast.operation(command, sequence: UInt64(3 + index))
            #expect(try post("/v1/operations", operation.encoded).status == 200)
        }
        let late = SignedOperation(
            chain: Cast.genesis.digest, owner: Cast.ownerID, sequence: 1, command: registration,
            key: second)
        let response = try post("/v1/operations", late.encoded)
        #expect(response.status == 422)
        #expect(try response.json()["reason"]?.string?.hasPrefix("agents.") == true)
    }

    @Test(arguments: [0, 1, 40, 100])
    func aTruncatedOperationIsMalformed(_ count: Int) throws {
        let bytes = Cast.operation(registration, sequence: 3).encoded
        let response = try post("/v1/operations", Array(bytes.prefix(count)))
        #expect(response.status == 400)
        #expect(response.problem == "malformed-body")
    }

    /// A batch of one record of an agent of the owner, sealed by a submitter of its own.
    private func batch(sequence: UInt64, previous: Digest, key: SigningKey) -> CheckedBatch {
        var record = Record()
        record.agent = AgentID(owner: Cast.ownerID, name: "beta")
        record.run = RunID(hex: SpanSample.trace(4))!
        record.operation = OperationID(word: sequence)
        record.start = Instant(nanoseconds: 1_800_000_000)
        record.payloadDigest = BLAKE3.hash([1])
        record.payloadSize = 1
        record.gas = Gas.record(payloadSize: 1)
        var columns = RecordColumns()
        columns.append(record, parents: [])
        var header = BatchHeader()
        header.chain = Cast.genesis.digest
        header.submitter = SubmitterID(key: key.publicKey)
        header.sequence = sequence
        header.previous = previous
        header.closed = SystemClock().now()
        return CheckedBatch(sealing: columns, header: header, key: key)
    }

    private func enroll(_ key: SigningKey) throws {
        let commands: [Command] = [
            registration, .owner(.authorize(submitter: key.publicKey, rights: .all)),
        ]
        for (index, command) in commands.enumerated() {
            let operation = Cast.operation(command, sequence: UInt64(3 + index))
            #expect(try post("/v1/operations", operation.encoded).status == 200)
        }
    }

    @Test func aBatchIsTakenOnceAndInOrder() throws {
        let key = SigningKey(seed: [UInt8](repeating: 6, count: 32))!
        try enroll(key)
        let first = batch(sequence: 1, previous: Digest(), key: key)
        let taken = try post("/v1/batches", first.batch.encoded)
        #expect(taken.status == 200, "\(taken.text)")
        #expect(try taken.json()["digest"]?.string == first.digest.hex)
        let again = try post("/v1/batches", first.batch.encoded)
        #expect(again.status == 422)
        #expect(try again.json()["reason"]?.string == "recording.replayed")
        let gap = batch(sequence: 3, previous: first.digest, key: key)
        #expect(
            try post("/v1/batches", gap.batch.encoded).json()["reason"]?.string == "recording.gap")
    }

    @Test func aBatchWithASpoiltSignatureIsMalformed() throws {
        let key = SigningKey(seed: [UInt8](repeating: 6, count: 32))!
        try enroll(key)
        var spoilt = batch(sequence: 1, previous: Digest(), key: key).batch
        spoilt.signature = key.sign([])
        let response = try post("/v1/batches", spoilt.encoded)
        #expect(response.status == 400)
        #expect(response.problem == "malformed-body")
    }

    @Test func receiptsOfForeignBatchesHaveNoPayload() throws {
        let key = SigningKey(seed: [UInt8](repeating: 6, count: 32))!
        try enroll(key)
        let sealed = batch(sequence: 1, previous: Digest(), key: key)
        let number = try post("/v1/batches", sealed.batch.encoded).json()["number"]?.string ?? ""
        #expect(try client.get("/v1/records/\(number)-0/payload").problem == "no-such-payload")
        let receipt = try Receipt(json: try client.receipt("\(number)-0"))
        try receipt.verify(trusted: Cast.genesis.digest)
        let record = try client.json("/v1/records/\(number)-0")
        #expect(record["name"]?.isNull == true)
    }
}
