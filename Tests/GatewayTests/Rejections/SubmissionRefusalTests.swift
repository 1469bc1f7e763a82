// Signed operations over HTTP: what is taken and what refused; receipts of foreign batches.
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

    @Test func anOperationCutAtAnyByteIsMalformed() throws {
        let bytes = Cast.operation(registration, sequence: 3).encoded
        #expect(bytes.count < 1_000)
        for count in bytes.indices {
            let response = try post("/v1/operations", Array(bytes.prefix(count)))
            #expect(response.status == 400, "\(count) bytes")
            #expect(response.problem == "malformed-body", "\(count) bytes")
        }
        #expect(try post("/v1/operations", bytes).status == 200)
    }

    @Test func receiptsOfForeignBatchesHaveNoPayload() throws {
        let submitter = NativeSubmitter()
        for (index, command) in submitter.enrollment.enumerated() {
            let operation = Cast.operation(command, sequence: UInt64(3 + index))
            #expect(try post("/v1/operations", operation.encoded).status == 200)
        }
        let sealed = submitter.batch(1)
        let taken = try post("/v1/batches", sealed.batch.encoded).json()
        #expect(taken["digest"]?.string == sealed.digest.hex)
        let number = taken["number"]?.string ?? ""
        #expect(try client.get("/v1/records/\(number)-0/payload").problem == "no-such-payload")
        let receipt = try Receipt(json: try client.receipt("\(number)-0"))
        try receipt.verify(trusted: Cast.genesis.digest)
        let record = try client.json("/v1/records/\(number)-0")
        #expect(record["name"]?.isNull == true)
    }
}
