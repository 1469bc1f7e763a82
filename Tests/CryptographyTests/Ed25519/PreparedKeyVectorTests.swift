// Prepared keys and libsodium against Tests/Vectors/ed25519, made with Python's integers.
import CEd25519
@testable import Cryptography
import Primitives
import TestSupport
import Testing

/// One line of `checks.txt`: a fault, or none, and what the strict rule says of it.
struct SignatureCase: Sendable {
    var name: String
    var key: PublicKey
    var signature: Signature
    var message: [UInt8]
    var isValid: Bool

    init?(_ line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count == 5, let key = PublicKey(hex: fields[1]),
            let signature = Signature(hex: fields[2]),
            let message = fields[3] == "-" ? [] : Hex.decode(fields[3])
        else { return nil }
        self.name = String(fields[0])
        self.key = key
        self.signature = signature
        self.message = message
        isValid = fields[4] == "1"
    }
}

enum CheckKernel {
    /// Those of this processor; the portable one is everywhere.
    static let available = [ced25519_kernel_portable, ced25519_kernel_ifma]
        .filter { ced25519_kernel_available($0) }
}

@Suite struct PreparedKeyVectorTests {
    private func lines(_ name: String) throws -> [Substring] {
        let bytes = try #require(VectorFiles.read("ed25519/" + name))
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    /// A libsodium with another rule than 1.0.18 (one with the cofactor, say) fails here: then a
    /// validator with it would not agree with the others.
    @Test func bothFollowTheStrictRule() throws {
        var faults: Set<String> = []
        for line in try lines("checks.txt") {
            let row = try #require(SignatureCase(line))
            faults.insert(row.name)
            #expect(
                Ed25519.isValid(row.signature, of: row.message, by: row.key) == row.isValid,
                "\(line)")
            let prepared = PreparedKey(row.key)
            for kernel in CheckKernel.available {
                let isValid = prepared?.isValid(row.signature, of: row.message, by: kernel)
                #expect((isValid ?? false) == row.isValid, "\(line) \(kernel)")
            }
        }
        #expect(faults.isSuperset(of: [
            "S+L", "neutral-R", "small-R", "small-key", "key-y-from-p", "key-off-the-curve",
            "with-cofactor-only", "k-not-reduced", "mixed-order",
        ]))
    }

    @Test func keysThatAreNoneAreNotPrepared() throws {
        let refused: Set = ["small-key", "key-y-from-p", "key-off-the-curve"]
        for line in try lines("checks.txt") {
            let row = try #require(SignatureCase(line))
            // Below p the three highest y are on the curve or not, as they happen to be.
            guard row.name != "key-below-p" else { continue }
            #expect((PreparedKey(row.key) == nil) == refused.contains(row.name), "\(line)")
        }
    }

    /// Scalars at the ends of their digits, with the challenge given.
    @Test func digitsAreRight() throws {
        var tables: [Substring: [ced25519_entry]] = [:]
        for line in try lines("challenges.txt") {
            let fields = line.split(separator: " ")
            try #require(fields.count == 4)
            let bytes = try fields.prefix(3).map { try #require(Hex.decode($0)) }
            let table = tables[fields[0]] ?? prepared(bytes[0])
            tables[fields[0]] = table
            for kernel in CheckKernel.available {
                #expect(
                    ced25519_check(kernel, table, bytes[1], bytes[2]) == (fields[3] == "1"),
                    "\(line) \(kernel)")
            }
        }
    }

    private func prepared(_ key: [UInt8]) -> [ced25519_entry] {
        var table = [ced25519_entry](repeating: .init(), count: Int(CED25519_KEY_ENTRIES))
        #expect(ced25519_prepare(&table, key))
        return table
    }

    @Test(arguments: Ed25519Vector.all) func followsTheRFC(vector: Ed25519Vector) throws {
        let publicKey = try #require(PublicKey(hex: vector.key))
        let key = try #require(PreparedKey(publicKey))
        let signature = try #require(Signature(hex: vector.signature))
        let message = try #require(Hex.decode(vector.message))
        #expect(key.isValid(signature, of: message))
        #expect(!key.isValid(signature, of: message + [0]))
    }
}
