// The identity chapter: every command with its effect, and its refusals in their order.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct IdentityTests {
    private let new = TestKey.key(8)

    /// The last rungs of every command but `register`.
    private func stranger() -> [Rung<Request>] {
        [
            Rung(.identity(.notOwnersKey)) { $0.key = TestKey.bo },
            Rung(.identity(.ownerUnknown)) { $0.owner = OwnerID(repeating: 7) },
        ] + .beforeChapters(expecting: 3)
    }

    /// Gives Ada keys until she has the most there may be; every other one is revoked.
    private func fill(_ request: inout Request) throws {
        var owner = try #require(request.state.owner(World.ada))
        while owner.keys.count < Limits.keysPerOwner {
            let count = owner.keys.count
            let revoked = Instant(nanoseconds: UInt64(count % 2))
            let key = PublicKey(LedgerDomains.owner.hash([UInt8(truncatingIfNeeded: count)]))
            owner.keys.append(OwnerKey(key: key, added: World.time, revoked: revoked))
        }
        try request.state.restore(.owner(World.ada), from: owner.encoded)
    }

    /// Gives Ada one more key.
    private func addSecondKey(_ request: inout Request) throws {
        var owner = try #require(request.state.owner(World.ada))
        owner.keys.append(
            OwnerKey(key: new.publicKey, added: World.time, revoked: Instant(nanoseconds: 0)))
        try request.state.restore(.owner(World.ada), from: owner.encoded)
    }

    @Test func register() throws {
        var request = try Request(.owner(.register(name: "Cy")))
        request.key = TestKey.stranger
        request.owner = OwnerID(firstKey: TestKey.stranger.publicKey)
        let rungs: [Rung<Request>] =
            [
                Rung(.identity(.notOwnersKey)) { $0.owner = OwnerID(repeating: 7) },
                Rung(.identity(.ownerExists)) { $0.owner = World.bo },
                Rung(.identity(.invalidName)) { $0.command = .owner(.register(name: "")) },
            ] + .beforeChapters(expecting: 1)
        climb(request, to: .ownerRegistered(request.owner), rungs)
        _ = try request.run()
        let owner = try #require(request.state.owner(request.owner))
        #expect(owner.name == "Cy" && owner.registered == World.time)
        #expect(owner.holds(TestKey.stranger.publicKey) && owner.keys.count == 1)
    }

    @Test func addKey() throws {
        let key = new.publicKey
        let request = try Request(.owner(.addKey(key, proof: Request.proof(new))))
        var full = request
        try fill(&full)
        let owner = full.state
        let known = TestKey.ada.publicKey
        climb(
            request, to: .ownerChanged(World.ada),
            [
                Rung(.identity(.tooManyKeys)) { $0.state = owner },
                Rung(.identity(.invalidProof)) {
                    $0.command = .owner(.addKey(key, proof: Request.proof(TestKey.bo)))
                },
                Rung(.identity(.keyKnown)) {
                    $0.command = .owner(.addKey(known, proof: Signature()))
                },
                Rung(.identity(.notOwnersKey)) { $0.key = TestKey.bo },
                Rung(.identity(.ownerUnknown)) { $0.owner = OwnerID(repeating: 7) },
            ] + .beforeChapters(expecting: 3))
    }

    @Test func proofIsBoundToPurposeChainAndOwner() throws {
        let key = new.publicKey
        let wrong = [
            Request.proof(new, owner: World.bo),
            new.sign(KeyProof.message(for: .owner, chain: Digest(), owner: World.ada)),
            Request.proof(new, for: .agent),
            new.sign([]), Signature(),
        ]
        for (index, proof) in wrong.enumerated() {
            var request = try Request(.owner(.addKey(key, proof: proof)))
            let found = outcome(&request)
            #expect(found == .failure(.identity(.invalidProof)), "proof \(index)")
        }
    }

    @Test func rotateKey() throws {
        let old = TestKey.ada.publicKey
        let unknown = TestKey.key(7).publicKey
        let key = new.publicKey
        let proof = Request.proof(new)
        let request = try Request(.owner(.rotateKey(old: old, new: key, proof: proof)))
        var full = request
        try fill(&full)
        let owner = full.state
        climb(
            request, to: .ownerChanged(World.ada),
            [
                Rung(.identity(.keyUnknown)) {
                    $0.command = .owner(.rotateKey(old: unknown, new: key, proof: proof))
                },
                Rung(.identity(.tooManyKeys)) { $0.state = owner },
                Rung(.identity(.invalidProof)) {
                    $0.command = .owner(.rotateKey(old: unknown, new: key, proof: Signature()))
                },
                Rung(.identity(.keyKnown)) {
                    $0.command = .owner(.rotateKey(old: unknown, new: old, proof: Signature()))
                },
                Rung(.identity(.notOwnersKey)) { $0.key = TestKey.bo },
                Rung(.identity(.ownerUnknown)) { $0.owner = OwnerID(repeating: 7) },
            ] + .beforeChapters(expecting: 3))
    }

    @Test func rotatedKeyNoLongerSpeaksForTheOwner() throws {
        let old = TestKey.ada.publicKey
        var request = try Request(
            .owner(.rotateKey(old: old, new: new.publicKey, proof: Request.proof(new))))
        _ = try request.run()
        let owner = try #require(request.state.owner(World.ada))
        #expect(!owner.holds(old) && owner.holds(new.publicKey))
        #expect(owner.keys[0].revoked == World.time && owner.keys.count == 2)
        request.command = .owner(.revokeKey(new.publicKey))
        #expect(outcome(&request) == .failure(.identity(.notOwnersKey)))
        request.key = new
        #expect(outcome(&request) == .failure(.identity(.lastKey)))
        request.command = .owner(.addKey(old, proof: Request.proof(TestKey.ada)))
        #expect(outcome(&request) == .failure(.identity(.keyKnown)))
    }

    @Test func revokeKey() throws {
        var request = try Request(.owner(.revokeKey(new.publicKey)))
        let single = request.state
        try addSecondKey(&request)
        let last = TestKey.ada.publicKey
        let unknown = TestKey.key(7).publicKey
        climb(
            request, to: .ownerChanged(World.ada),
            [
                Rung(.identity(.lastKey)) {
                    $0.state = single
                    $0.command = .owner(.revokeKey(last))
                },
                Rung(.identity(.keyUnknown)) { $0.command = .owner(.revokeKey(unknown)) },
            ] + stranger())
        _ = try request.run()
        #expect(outcome(&request) == .failure(.identity(.keyUnknown)))
    }

    @Test func authorize() throws {
        let key = TestKey.key(5).publicKey
        var request = try Request(.owner(.authorize(submitter: key, rights: [])))
        let id = SubmitterID(key: key)
        climb(request, to: .submitterAuthorized(id, by: World.ada), stranger())
        _ = try request.run()
        #expect(request.state.submitter(id)?.sequence == 0)
        #expect(request.state.submitter(id)?.last == Digest())
        let grant = try #require(request.state.grant(World.ada, id))
        #expect(grant.inForce && grant.rights == [])
        #expect(request.state.grant(World.bo, id) == nil)
    }

    @Test func authorizingAgainKeepsTheChainOfBatches() throws {
        let key = TestKey.submitter.publicKey
        var request = try Request(.owner(.authorize(submitter: key, rights: [])))
        let before = try #require(request.state.submitter(World.submitter))
        _ = try request.run()
        #expect(before.sequence == 1)
        #expect(request.state.submitter(World.submitter) == before)
        #expect(request.state.grant(World.ada, World.submitter)?.rights == [])
    }

    @Test func withdraw() throws {
        let key = TestKey.submitter.publicKey
        let unknown = TestKey.key(7).publicKey
        var request = try Request(.owner(.withdraw(submitter: key)))
        climb(
            request, to: .submitterWithdrawn(World.submitter, by: World.ada),
            [
                Rung(.identity(.submitterUnknown)) {
                    $0.command = .owner(.withdraw(submitter: unknown))
                }
            ] + stranger())
        _ = try request.run()
        #expect(request.state.grant(World.ada, World.submitter)?.inForce == false)
        #expect(outcome(&request) == .failure(.identity(.submitterUnknown)))
    }

    @Test(arguments: [
        ("a", true), ("Jón Þór", true), (String(repeating: "a", count: 256), true), ("", false),
        (String(repeating: "a", count: 257), false), (String(repeating: "þ", count: 129), false),
        ("a\u{1F}", false), ("a\n", false), ("\u{7F}", false), ("\u{9F}", false), ("\u{A0}", true),
        ("\u{0}", false),
    ])
    func names(name: String, isValid: Bool) { #expect(isValidName(name) == isValid) }
}
