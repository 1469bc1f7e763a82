// Key files: they open with their passphrase alone, and each spoiled byte is noticed.
import Cryptography
import Primitives
import Testing

@Suite struct KeyFileTests {
    static let seed = Hex.decode(Ed25519Vector.all[0].seed) ?? []
    static let passphrase = Array("correct horse".utf8)

    /// Made with PyNaCl (Argon2id, XChaCha20-Poly1305) after the layout in `KeyFile`: salt 0, 1,
    /// ...
    /// 15, nonce 100, 101, ... 123.
    static let golden = Hex.decode(
        "616c74686b65790a01000100000008000000000102030405060708090a0b0c0d0e0f64656667"
        + "68696a6b6c6d6e6f707172737475767778797a7bd75a980182b10ab7d54bfed3c964073a0ee1"
        + "72f3daa62325af021a68f707511a736cfd5dff0c25a5a20136c4f7fce9a237c0e99837eb3793"
        + "d426cfe066d6c8bc880f4a11b53c9738f7e656e147c9701a") ?? []

    @Test func opensAFileOfAnotherImplementation() throws {
        #expect(try KeyFile.open(Self.golden, passphrase: Self.passphrase).seed == Self.seed)
        #expect(try KeyFile.statedPublicKey(of: Self.golden).hex == Ed25519Vector.all[0].key)
    }

    @Test(arguments: KeyFile.Strength.allCases)
    func whatIsSealedOpens(strength: KeyFile.Strength) throws {
        let file = try KeyFile.seal(
            seed: Self.seed, passphrase: Self.passphrase, strength: strength)
        #expect(file.count == 138)
        #expect(try KeyFile.open(file, passphrase: Self.passphrase).seed == Self.seed)
    }

    @Test func sealsTheSameKeyDifferentlyEachTime() throws {
        let files = try (0..<2).map { _ in
            try KeyFile.seal(seed: Self.seed, passphrase: [], strength: .development)
        }
        #expect(files[0] != files[1])
        #expect(try KeyFile.open(files[0], passphrase: []).seed == Self.seed)
    }

    @Test(arguments: ["", "correct hors", "correct horse ", "Correct horse", "correct horse\0"])
    func refusesAWrongPassphrase(text: String) {
        #expect(throws: KeyFileFailure.refused) {
            try KeyFile.open(Self.golden, passphrase: Array(text.utf8))
        }
    }

    @Test(arguments: 0..<138) func refusesASpoiledByte(index: Int) {
        var spoiled = Self.golden
        spoiled[index] ^= 1
        let expected: KeyFileFailure =
            switch index {
            case 0..<8: .malformed(DecodingFailure(.notCanonical, at: 0))
            case 8..<10: .malformed(DecodingFailure(.unknownVersion, at: 8))
            // Passes, and the highest byte of the memory.
            case 10..<14, 17: .costOverLimit
            default: .refused
            }
        #expect(throws: expected) {
            try KeyFile.open(spoiled, passphrase: Self.passphrase)
        }
    }

    @Test(arguments: 0..<138) func refusesATruncatedFile(count: Int) {
        #expect {
            try KeyFile.open(Array(Self.golden.prefix(count)), passphrase: Self.passphrase)
        } throws: { error in
            guard case .malformed(let failure) = error as? KeyFileFailure else { return false }
            return failure.reason == .truncated
        }
    }

    @Test func refusesTrailingBytes() {
        let failure = KeyFileFailure.malformed(DecodingFailure(.trailingBytes, at: 138))
        #expect(throws: failure) {
            try KeyFile.open(Self.golden + [0], passphrase: Self.passphrase)
        }
    }

    @Test(arguments: [
        ("5 passes", UInt32(5), UInt32(8)), ("no pass", 0, 8), ("4 billion passes", .max, 8),
        ("1 GiB and 1 KiB", 1, 1 << 20 + 1), ("4 TiB", 1, .max), ("7 KiB", 1, 7),
    ])
    func refusesACostOverTheLimit(fault: String, passes: UInt32, memoryKibibytes: UInt32) {
        var writer = ByteWriter()
        writer.append(Self.golden[..<10])
        writer.write(passes)
        writer.write(memoryKibibytes)
        writer.append(Self.golden[18...])
        #expect(throws: KeyFileFailure.costOverLimit, "\(fault)") {
            try KeyFile.open(writer.bytes, passphrase: Self.passphrase)
        }
    }
}
