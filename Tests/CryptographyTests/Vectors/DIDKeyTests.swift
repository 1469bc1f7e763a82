// `did:key` against the vectors of its specification, and texts that are nearly keys.
import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct DIDKeyTests {
    /// did:key v0.7, test vectors ed25519-x25519: the keys of the seeds 0, 1 and 2 (big-endian).
    @Test(arguments: [
        (UInt8(0), "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        (UInt8(1), "did:key:z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG"),
        (UInt8(2), "did:key:z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf"),
    ])
    func followsTheSpecification(seed: UInt8, text: String) throws {
        let key = try #require(SigningKey(seed: [UInt8](repeating: 0, count: 31) + [seed]))
        #expect(DIDKey.encode(key.publicKey) == text)
        #expect(DIDKey.decode(text) == key.publicKey)
    }

    @Test(arguments: propertySeeds) func roundTrips(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let key = try #require(PublicKey(generator.bytes(32)))
        #expect(DIDKey.decode(DIDKey.encode(key)) == key, "seed \(seed)")
    }

    @Test(arguments: [UInt8.min, UInt8.max]) func extremeKeysRoundTrip(byte: UInt8) throws {
        let key = try #require(PublicKey([UInt8](repeating: byte, count: 32)))
        #expect(DIDKey.decode(DIDKey.encode(key)) == key)
    }

    @Test(arguments: [
        ("empty", ""),
        ("another method", "did:web:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        ("another multibase", "did:key:m6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        ("upper-case scheme", "DID:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        ("a digit short", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW"),
        ("a digit long", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWpp"),
        ("a leading zero digit", "did:key:z16MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        ("a foreign digit 0", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW0"),
        ("a foreign digit l", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWl"),
        ("white space", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp "),
        ("a fragment", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp#z6"),
        ("an X25519 key", "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"),
        ("too large a number", "did:key:zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"),
    ])
    func refuses(fault: String, text: String) {
        #expect(DIDKey.decode(text) == nil, "\(fault)")
    }
}
