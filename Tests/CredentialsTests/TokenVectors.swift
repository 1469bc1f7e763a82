// Tokens of Tests/Vectors/credentials/tokens.txt and their keys, made by code that is not ours.
import ECDSA
import Primitives
import TestSupport
import Testing

@testable import Credentials

struct TokenVectors {
    private let lines: [String: [String]]
    /// A time at which all of them hold.
    static let time = Instant(nanoseconds: 1_700_000_000_000_000_000)
    static let chain = Digest(repeating: 0xC1)

    init() throws {
        let bytes = try #require(VectorFiles.read("credentials/tokens.txt"))
        var lines: [String: [String]] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            lines[words[0]] = Array(words.dropFirst())
        }
        self.lines = lines
    }

    func text(_ name: String) throws -> [UInt8] {
        Array(try #require(lines[name]?.first).utf8)
    }

    func token(_ name: String) throws -> SDJWT { try SDJWT(parsing: try text(name)) }

    func key(_ name: String) throws -> P256PublicKey {
        let words = try #require(lines[name])
        let parts = try words.map { try #require(Base64.decode($0, as: .urlSafe)) }
        return try #require(P256PublicKey(x: parts[0], y: parts[1]))
    }
}

extension P256SigningKey {
    /// Made for these tests (openssl genpkey).
    static func sample() throws -> P256SigningKey {
        try #require(P256SigningKey(pem: Array(samplePEM.utf8)))
    }

    /// The public key of another.
    static func samplePublicPEM() throws -> String { otherPEM }

    private static let otherPEM = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEwFTM6BK1qE6+UNpDssY+EqaE+Bqy
        AU7wHXpQLKnZh25QLZTybd3flFpaZXUU7zLxTf444OQPJviVxELz4H5aXw==
        -----END PUBLIC KEY-----

        """

    private static let samplePEM = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguLoDd9e3zLpOPE2d
        OJh2lOmgI4qelWHdf30XGuNw/emhRANCAASfvnoUlvwzlubz8FkDEfm1otRmBc02
        jwcvm1k+qvfJ4viFRhEs7mDdnwF/eZ+DSTumMFFxs8Gl6JP815DtYgPo
        -----END PRIVATE KEY-----

        """
}

/// 16 bytes that count up: nobody hides anything from these tests.
func countingSalt() -> () -> [UInt8] {
    var number: UInt8 = 0
    return {
        number &+= 1
        return [UInt8](repeating: number, count: 16)
    }
}
