// What a node keeps of the agents that run on it, which keys it signs with for them, and what the
// ledger's refusals mean to them.
import Cryptography
import Foundation
import JSON
import Ledger
import Node
import Primitives
import Testing

@testable import Gateway

@Suite struct HostingTests {
    private let agent = AgentID(repeating: 1)

    @Test func whatIsKeptReplacesWhatWas() throws {
        let directory = NSTemporaryDirectory() + "althing-hosting-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = try AgentFiles(directory)
        #expect(try files.kept(of: agent, limit: 100) == nil)
        for bytes: [UInt8] in [[1, 2, 3], [4], []] {
            try files.keep(bytes, of: agent)
            #expect(try AgentFiles(directory).kept(of: agent, limit: 100) == bytes)
        }
        try files.keep([UInt8](repeating: 0, count: 101), of: agent)
        #expect(throws: (any Error).self) { try files.kept(of: agent, limit: 100) }
    }

    @Test func anInterruptedDraftIsWrittenOver() throws {
        let directory = NSTemporaryDirectory() + "althing-hosting-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = try AgentFiles(directory)
        try files.keep([1], of: agent)
        let draft = directory + "/\(agent.hex).draft"
        try Data([9, 9]).write(to: URL(fileURLWithPath: draft))
        #expect(try files.kept(of: agent, limit: 100) == [1])
        try files.keep([2], of: agent)
        #expect(try files.kept(of: agent, limit: 100) == [2])
    }

    @Test func everyAgentOfEveryOwnerHasAKeyOfItsOwn() throws {
        let node = try #require(SigningKey(seed: [UInt8](repeating: 4, count: 32)))
        let other = try #require(SigningKey(seed: [UInt8](repeating: 5, count: 32)))
        var keys: Set<PublicKey> = []
        for secret in [node, other] {
            for owner in [OwnerID(repeating: 1), OwnerID(repeating: 2)] {
                for agent in [AgentID(repeating: 1), AgentID(repeating: 2)] {
                    let key = try #require(secret.agentKey(agent, of: owner))
                    #expect(secret.agentKey(agent, of: owner)?.publicKey == key.publicKey)
                    #expect(keys.insert(key.publicKey).inserted)
                }
            }
        }
        #expect(keys.count == 8)
    }

    @Test func whatRefusalsMean() {
        let root = Digest(repeating: 7)
        let rows: [(LedgerOutcome, Resolution?)] = [
            (.undecided, nil), (.storageFailed, nil), (.overloaded, nil),
            (.refused(.wrongSequence(expected: 2, found: 1)), nil),
            (.refused(.transitions(.stale(sequence: 3, root: root))), nil),
            (.refused(.transitions(.callUnknown(agent))), .withoutWhatItRead),
            (.refused(.transitions(.wrongTime)), .again),
            (.refused(.transitions(.depositTooSmall(fee: 1))), .resend),
        ]
        for (outcome, expected) in rows {
            switch LedgerVerdict(outcome) {
            case .undecided: #expect(expected == nil, "\(outcome)")
            case .refused(_, let resolution): #expect(resolution == expected, "\(outcome)")
            case .accepted: Issue.record("\(outcome) is no acceptance")
            }
        }
    }

    @Test func aNodeThatRunsNoneSaysSo() throws {
        let rig = try Rig { $0.hosts = false }
        let client = try rig.client()
        for path in ["/v1/hosted", "/v1/agents/\(agent)/key?owner=\(Cast.ownerID)"] {
            #expect(try client.get(path).status == 503, "\(path)")
        }
    }

    @Test func theKeyIsProven() throws {
        let rig = try Rig()
        let answer = try rig.client().json("/v1/agents/\(agent)/key?owner=\(Cast.ownerID)")
        let key = try #require(PublicKey(hex: answer["key"]?.string ?? ""))
        let proof = try #require(Signature(hex: answer["proof"]?.string ?? ""))
        let message = KeyProof.message(
            for: .agent, chain: Cast.genesis.digest, owner: Cast.ownerID)
        #expect(Ed25519.isValid(proof, of: message, by: key))
    }
}
