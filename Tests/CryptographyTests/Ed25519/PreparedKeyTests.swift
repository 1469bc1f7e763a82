// Prepared keys against libsodium on drawn signatures, good and spoiled.
@testable import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct PreparedKeyTests {
    /// 32 seeds with 64 signatures each.
    @Test(arguments: propertySeeds) func agreesWithLibsodium(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let signer = try #require(SigningKey(seed: generator.bytes(32)))
        let prepared = try #require(PreparedKey(signer.publicKey))
        #expect(prepared.key == signer.publicKey)
        for count in 0..<64 {
            var message = generator.bytes(count * 5)
            var signature = signer.sign(message).bytes
            switch count % 4 {
            case 1:
                let bit = Int.random(in: 0..<512, using: &generator)
                signature[bit / 8] ^= 1 << UInt8(bit % 8)
            case 2: message[Int.random(in: 0..<message.count, using: &generator)] ^= 1
            case 3 where count > 32: signature = generator.bytes(64)
            default: break
            }
            let drawn = try #require(Signature(signature))
            let expected = Ed25519.check(drawn, message, signer.publicKey)
            for kernel in CheckKernel.available {
                #expect(
                    prepared.isValid(drawn, of: message, by: kernel) == expected,
                    "seed \(seed), \(count), \(kernel)")
            }
            #expect(prepared.isValid(drawn, of: message) == expected, "seed \(seed), \(count)")
            if count % 4 == 0 { #expect(expected, "seed \(seed), \(count)") }
        }
    }

    /// About half of all strings are no points; a drawn key has valid signatures by nobody.
    @Test(arguments: propertySeeds) func drawnKeysArePreparedWhereTheyArePoints(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let signature = try #require(Signature(generator.bytes(64)))
        for _ in 0..<2 {
            let key = try #require(PublicKey(generator.bytes(32)))
            let prepared = PreparedKey(key)
            #expect((prepared != nil) == DrawnPoint.isOnCurve(key), "seed \(seed) \(key)")
            #expect(prepared?.isValid(signature, of: [1]) != true, "seed \(seed) \(key)")
            #expect(!Ed25519.check(signature, [1], key), "seed \(seed) \(key)")
        }
    }
}

/// Whether some x belongs to the y of a key, by Euler's criterion and the slow field.
enum DrawnPoint {
    private static let d =
        (SlowField(0) - SlowField(121_665)) * SlowField(121_666).inverse

    static func isOnCurve(_ key: PublicKey) -> Bool {
        let y = SlowField(key.bytes)
        let square = y * y
        // The quotient of the two is a square where their product is.
        return ((square - SlowField(1)) * (d * square + SlowField(1))).isSquare
    }
}
