// Ed25519 against RFC 8032 §7.1, and the signatures that a lenient verifier would let through.
import Cryptography
import Primitives
import TestSupport
import Testing

struct Ed25519Vector: Sendable {
    var seed, key, message, signature: String

    init(_ seed: String, _ key: String, _ message: String, _ signature: String) {
        self.seed = seed
        self.key = key
        self.message = message
        self.signature = signature
    }

    /// RFC 8032 §7.1: tests 1, 2, 3 and SHA(abc).
    static let all: [Ed25519Vector] = [
        .init(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        .init(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        .init(
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
        .init(
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
                + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
    ]
}

@Suite struct Ed25519Tests {
    @Test(arguments: Ed25519Vector.all) func followsTheRFC(vector: Ed25519Vector) throws {
        let seed = try #require(Hex.decode(vector.seed))
        let message = try #require(Hex.decode(vector.message))
        let key = try #require(SigningKey(seed: seed))
        let signature = key.sign(message)
        #expect(key.publicKey.hex == vector.key)
        #expect(key.seed == seed)
        #expect(signature.hex == vector.signature)
        #expect(Ed25519.isValid(signature, of: message, by: key.publicKey))
    }

    @Test(arguments: propertySeeds) func anyChangedBitIsRefused(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let key = try #require(SigningKey(seed: generator.bytes(32)))
        let message = generator.bytes(40)
        let signature = key.sign(message)
        #expect(Ed25519.isValid(signature, of: message, by: key.publicKey), "seed \(seed)")
        func flipped(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            let bit = Int.random(in: 0..<bytes.count * 8, using: &generator)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            return bytes
        }
        let badSignature = try #require(Signature(flipped(signature.bytes)))
        let badKey = try #require(PublicKey(flipped(key.publicKey.bytes)))
        #expect(!Ed25519.isValid(badSignature, of: message, by: key.publicKey), "seed \(seed)")
        let badMessage = flipped(message)
        #expect(!Ed25519.isValid(signature, of: badMessage, by: key.publicKey), "seed \(seed)")
        #expect(!Ed25519.isValid(signature, of: message, by: badKey), "seed \(seed)")
    }

    /// R = B and S = 1 satisfy the bare equation for a key that is the neutral element.
    @Test(arguments: [
        ("neutral element", "0100000000000000000000000000000000000000000000000000000000000000"),
        ("order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("order 4", "0000000000000000000000000000000000000000000000000000000000000000"),
        ("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        ("order 8, the other", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        ("p + 1 for 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("p + 3 for 3", "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("not on the curve", "0200000000000000000000000000000000000000000000000000000000000000"),
    ])
    func refusesTheKey(fault: String, key: String) throws {
        let base = "5866666666666666666666666666666666666666666666666666666666666666"
        let one = "0100000000000000000000000000000000000000000000000000000000000000"
        let signature = try #require(Signature(hex: base + one))
        let key = try #require(PublicKey(hex: key))
        // The hash is a multiple of the order of the key for some of the messages.
        for byte in UInt8(0)..<64 {
            #expect(!Ed25519.isValid(signature, of: [byte], by: key), "\(fault)")
        }
    }

    /// Both satisfy the equation under the key of test 1 and the empty message; made with Python's
    /// integers from the secret scalar.
    @Test(arguments: [
        (
            "R of small order",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "756cf9b1d6f0d7a979b9d2af3dc2bc1294ec7cb6daa20eaff534c024fc57920f"
        ),
        (
            "S not below the order of the group",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
            "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b"
        ),
    ])
    func refusesTheSignature(fault: String, point: String, scalar: String) throws {
        let signature = try #require(Signature(hex: point + scalar))
        let key = try #require(PublicKey(hex: Ed25519Vector.all[0].key))
        #expect(!Ed25519.isValid(signature, of: [], by: key), "\(fault)")
    }

    @Test(arguments: [0, 31, 33, 64]) func refusesASeedOfTheWrongLength(count: Int) {
        #expect(SigningKey(seed: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func generatedKeysDifferAndNeverShowTheirSeed() throws {
        let first = SigningKey.generate(), second = SigningKey.generate()
        #expect(first.seed != second.seed)
        #expect(Ed25519.isValid(first.sign([7]), of: [7], by: first.publicKey))
        var dumped = ""
        dump(first, to: &dumped)
        for text in ["\(first)", String(reflecting: first), dumped] {
            #expect(text.contains(DIDKey.encode(first.publicKey)) || text.contains("publicKey"))
            #expect(!text.contains(Hex.encode(first.seed)))
            #expect(!text.contains("\(first.seed)") && !text.contains("\(first.seed[0]), "))
        }
    }
}
