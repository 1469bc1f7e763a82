// X25519, ChaCha20-Poly1305 and BLAKE2b against the vectors of their RFCs.
import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct ExchangeTests {
    /// RFC 7748 §6.1.
    @Test func agreesAsRFC7748Says() throws {
        let secret = try #require(Hex.decode(
            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        let key = try #require(ExchangeKey(secret: secret))
        #expect(
            key.publicKey.hex
                == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        let other = try #require(ExchangePublicKey(
            hex: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"))
        #expect(
            key.agree(with: other).map(Hex.encode)
                == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    }

    /// Points of order 1, 2, 4 and 8 on the curve, and a value that is the same modulo the prime.
    @Test(arguments: [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ])
    func agreesOnNothingWithAKeyOfSmallOrder(hex: String) throws {
        let key = try #require(ExchangeKey(secret: [UInt8](repeating: 7, count: 32)))
        #expect(key.agree(with: try #require(ExchangePublicKey(hex: hex))) == nil)
    }

    @Test func refusesSecretsOfAnotherSize() {
        #expect(ExchangeKey(secret: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(ExchangeKey(secret: [UInt8](repeating: 1, count: 33)) == nil)
    }

    /// RFC 8439 §A.5, whose nonce is four zeros and 0x0807060504030201 as ours are.
    @Test func sealsAsRFC8439Says() throws {
        let key = SealingKey(try #require(Hex.decode(
            "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0")))
        let context = try #require(Hex.decode("f33388860000000000004e91"))
        let text = Array(
            ("Internet-Drafts are draft documents valid for a maximum of six months and may be "
                + "updated, replaced, or obsoleted by other documents at any time. It is "
                + "inappropriate to use Internet-Drafts as reference material or to cite them "
                + "other than as /\u{201C}work in progress./\u{201D}").utf8)
        let number: UInt64 = 0x0807_0605_0403_0201
        let sealed = key.sealed(text, number: number, context: context)
        #expect(sealed.count == text.count + 16)
        #expect(Hex.encode(Array(sealed.prefix(16))) == "64a0861575861af460f062c79be643bd")
        #expect(Hex.encode(Array(sealed.suffix(16))) == "eead9d67890cbb22392336fea1851f38")
        #expect(key.opened(sealed, number: number, context: context) == text)
        #expect(key.opened(sealed, number: number + 1, context: context) == nil)
        #expect(key.opened(sealed, number: number, context: []) == nil)
        #expect(key.opened(Array(sealed.dropLast()), number: number, context: context) == nil)
        #expect(key.opened(Array(sealed.prefix(15)), number: number, context: context) == nil)
    }

    @Test func sealsAnEmptyText() {
        let key = SealingKey([UInt8](repeating: 9, count: 32))
        let sealed = key.sealed([], number: 0, context: [])
        #expect(sealed.count == 16)
        #expect(key.opened(sealed, number: 0, context: []) == [])
    }

    /// RFC 7693 appendix A; the HMACs by Python's hmac and hashlib.
    @Test func hashesAsRFC7693Says() {
        #expect(
            Hex.encode(BLAKE2b.hash(Array("abc".utf8)))
                == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
        #expect(
            Hex.encode(BLAKE2b.authenticate(
                Array("what do ya want for nothing?".utf8), key: Array(0..<64)))
                == "e33fddf8992f619b8fc74af98a787f16606b9a7f588bda065006ac8c7e6fd3f4"
                + "5ff64fd7ea59c43847f32dd569d7db654d7b77715e7bf2d0fe7afa0f0ec75bc4")
        #expect(
            Hex.encode(BLAKE2b.authenticate([], key: Array(0..<128)))
                == "e79ec585fc83408cd654da61cc87457edd77cae194e6e4727420fa21a001229e"
                + "d67f1fb7bb03effaaaec05d2d7902f98bfad11da65b4c08d197eefa96f314b31")
    }

    @Test func secretsDoNotPrint() {
        let key = ExchangeKey.generate()
        #expect("\(key)" == "ExchangeKey(\(key.publicKey.hex))")
        #expect("\(SealingKey([UInt8](repeating: 1, count: 32)))" == "SealingKey")
    }
}
