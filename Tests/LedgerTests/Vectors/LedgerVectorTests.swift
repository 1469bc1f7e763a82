// Identifiers, operations, entries and state roots against Tests/Vectors/ledger, made in Python.
import Cryptography
import Merkle
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerVectorTests {
    /// The words of every line that starts with `kind`, that word left out.
    private func lines(_ kind: String) throws -> [[String]] {
        let bytes = try #require(VectorFiles.read("ledger/ledger.txt"))
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            .filter { $0[0] == kind }.map { Array($0.dropFirst()) }
    }

    @Test func identifiers() throws {
        #expect(try lines("owner") == [[World.ada.hex]])
        #expect(try lines("submitter") == [[World.submitter.hex]])
        #expect(try lines("agent") == [[World.scout.hex]])
    }

    private var commands: [(String, Command)] {
        let new = TestKey.key(8)
        let (first, proof) = (TestKey.ada.publicKey, Request.proof(new))
        let (submitter, seatProof) = (TestKey.submitter.publicKey, Request.seatProof(new))
        let profile = AgentProfile(
            version: "1.0", capabilities: ["search", "þing"], metadata: Digest(repeating: 5))
        return [
            ("registerOwner", .owner(.register(name: "Ada"))),
            ("addKey", .owner(.addKey(new.publicKey, proof: proof))),
            ("rotateKey", .owner(.rotateKey(old: first, new: new.publicKey, proof: proof))),
            ("revokeKey", .owner(.revokeKey(new.publicKey))),
            ("authorize", .owner(.authorize(submitter: submitter, rights: .registerAgents))),
            ("withdraw", .owner(.withdraw(submitter: submitter))),
            ("registerAgent", .agent(.register(name: "scout", profile: profile))),
            ("updateAgent", .agent(.update(World.scout, profile: AgentProfile()))),
            ("setAgentStatus", .agent(.setStatus(World.scout, .suspended))),
            ("setAgentKey", .agent(.setKey(
                    World.scout, new.publicKey, proof: Request.proof(new, for: .agent)))),
            ("voteAdd", .validator(
                .vote(.add(new.publicKey, address: "host:1"), proof: seatProof))),
            ("voteRemove", .validator(.vote(.remove(new.publicKey), proof: Signature()))),
            ("voteReplace", .validator(
                .vote(.replace(first, by: new.publicKey, address: "þ:2"), proof: seatProof))),
            ("setAddress", .validator(.setAddress("host:3"))),
        ]
    }

    @Test func operations() throws {
        let vectors = try lines("operation")
        #expect(vectors.map(\.[0]) == commands.map(\.0))
        for (vector, command) in zip(vectors, commands) {
            let operation = SignedOperation(
                chain: World.chain, owner: World.ada, sequence: 7, command: command.1,
                key: TestKey.ada)
            #expect(operation.encoded == Hex.decode(vector[1]), "\(vector[0])")
            #expect(operation.digest.hex == vector[2], "\(vector[0])")
            #expect(try SignedOperation(decoding: operation.encoded) == operation)
        }
    }

    @Test func entriesAndRoots() throws {
        var state = LedgerState(chain: World.chain)
        var tree = StateTree()
        let roots = try lines("root").map(\.[0])
        let entries = try lines("entry")
        #expect(entries.count == 13 && roots.count == 14)
        #expect(tree.root.hex == roots[0])
        for (index, entry) in entries.enumerated() {
            let name = try #require(Hex.decode(entry[0]))
            let value = try #require(Hex.decode(entry[1]))
            let key = try #require(StateKey(decoding: name))
            try state.restore(key, from: value)
            #expect(state.encodedEntry(key) == value, "entry \(index)")
            tree.update([key.change(to: value)])
            #expect(tree.root.hex == roots[index + 1], "entry \(index)")
        }
        let removed = StateKey.unlock(Digest(repeating: 4)).change(to: [])
        tree.update([removed])
        #expect(try lines("removed") == [[tree.root.hex]])
        #expect(state.committee.epoch == 3 && state.committee.members.count == 2)
        #expect(state.fault(TestKey.submitter.publicKey)?.kind == .twinVotes)
        #expect(state.consensus(5) == Array(0..<40))
        let owner = try #require(state.owner(World.ada))
        #expect(!owner.holds(TestKey.ada.publicKey))
        #expect(owner.holds(TestKey.key(8).publicKey))
        #expect(state.agent(World.scout)?.status == .active)
        let meter = try #require(state.meter(World.adaAccount))
        #expect(meter.hour.total(at: World.time).cost == 35)
        #expect(meter.total.gas == 4)
        #expect(state.usage(World.scout)?.cost == Amount(nanoCredits: 1 << 70))
    }
}
