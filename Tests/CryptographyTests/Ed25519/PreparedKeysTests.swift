// Which keys are prepared, and what a thread with a memory says of signatures.
@testable import Cryptography
import Primitives
import Testing

@Suite struct PreparedKeysTests {
    private func key(_ number: Int) throws -> PublicKey {
        var seed = [UInt8](repeating: 0, count: 32)
        seed[0] = UInt8(number % 256)
        seed[1] = UInt8(number / 256)
        return try #require(SigningKey(seed: seed)).publicKey
    }

    @Test func theThirdSightingPrepares() throws {
        var keys = PreparedKeys()
        let key = try key(1)
        for _ in 0..<2 { keys.note(key) }
        #expect(keys.use(key) == nil && keys.count == 0)
        keys.note(key)
        #expect(keys.use(key)?.key == key && keys.count == 1)
    }

    @Test func theOneLookedForLongestAgoLeavesOnceThatIsLongAgo() throws {
        var keys = PreparedKeys()
        let newcomer = try key(PreparedKeys.most)
        func sight(_ key: PublicKey) {
            for _ in 0..<PreparedKeys.sightings {
                if keys.use(key) == nil { keys.note(key) }
            }
        }
        for number in 0..<PreparedKeys.most { sight(try key(number)) }
        sight(newcomer)
        #expect(keys.count == PreparedKeys.most)
        #expect(keys.use(newcomer) == nil)
        // All but one of those that have a place keep coming.
        for _ in 0..<PreparedKeys.idleLooks / UInt64(PreparedKeys.most) + 2 {
            for number in 1..<PreparedKeys.most { _ = keys.use(try key(number)) }
        }
        sight(newcomer)
        #expect(keys.count == PreparedKeys.most)
        #expect(keys.use(newcomer) != nil)
        #expect(keys.use(try key(0)) == nil)
    }

    @Test func candidatesAreForgottenBeyondTheLimit() throws {
        var keys = PreparedKeys()
        let first = try key(0)
        for _ in 0..<2 { keys.note(first) }
        for number in 1...PreparedKeys.mostCandidates { keys.note(try key(number)) }
        keys.note(first)
        #expect(keys.use(first) == nil)
    }

    @Test func aKeyWithoutGoodSignaturesIsNeverPrepared() throws {
        var keys = PreparedKeys()
        let neutral = try #require(PublicKey([1] + [UInt8](repeating: 0, count: 31)))
        for _ in 0..<4 { keys.note(neutral) }
        #expect(keys.use(neutral) == nil && keys.count == 0)
    }

    /// Before and after the key is prepared; the signatures were not made where they are checked.
    @Test func aMemoryChangesNoResult() throws {
        let signer = try #require(SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let signatures = (0..<8).map { signer.sign([UInt8($0)]) }
        SignatureMemory.$current.withValue(SignatureMemory()) {
            for (number, signature) in signatures.enumerated() {
                let message = [UInt8(number)]
                #expect(!Ed25519.isValid(signature, of: [99], by: signer.publicKey))
                #expect(Ed25519.isValid(signature, of: message, by: signer.publicKey))
            }
        }
    }
}
