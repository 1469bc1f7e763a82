// ES256: the example of RFC 7515, keys as PEM, and everything that is no key or no signature.
import ECDSA
import Primitives
import TestSupport
import Testing

@Suite struct P256Tests {
    /// RFC 7515, appendix A.3: key, what is signed, signature.
    private enum Example {
        static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
        static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
        static let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAs"
            + "DQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        static let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
            + "pmWQxfKTUJqPP3-Kg6NU1Q"
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        try #require(Base64.decode(text, as: .urlSafe))
    }

    private func key() throws -> P256PublicKey {
        try #require(P256PublicKey(x: try bytes(Example.x), y: try bytes(Example.y)))
    }

    /// A private key of P-256 made for this test (openssl genpkey), its public half, a private key
    /// that wants a passphrase, and keys of other curves.
    private enum Pem {
        static let secret = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguLoDd9e3zLpOPE2d
            OJh2lOmgI4qelWHdf30XGuNw/emhRANCAASfvnoUlvwzlubz8FkDEfm1otRmBc02
            jwcvm1k+qvfJ4viFRhEs7mDdnwF/eZ+DSTumMFFxs8Gl6JP815DtYgPo
            -----END PRIVATE KEY-----

            """
        static let shown = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEn756FJb8M5bm8/BZAxH5taLUZgXN
            No8HL5tZPqr3yeL4hUYRLO5g3Z8Bf3mfg0k7pjBRcbPBpeiT/NeQ7WID6A==
            -----END PUBLIC KEY-----

            """
        static let other = """
            -----BEGIN PRIVATE KEY-----
            MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAGoif+7jNemgFFbz0B
            R34rRDJWrIrf/acEFWehItQQX8FVgH/Saj6VQT5fzS4wE6ChZANiAATbbGIDYaTQ
            RHqB/4Fgywiv6GJRq5EVktOUXro0c79EpKdug6bBQrxFmuKUl9abWlqvdM7urgtW
            U/iSEozDn9+R3ioLI0h6kVXho9ktd/mLa2SBA5KTSULhEb82/U0Vms0=
            -----END PRIVATE KEY-----

            """
        static let locked = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjg4gECe/mHoQICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIpHe4pFc8wNAyZb0+VlWkcEgZAY
            9WcjxDGe/OUtidq+vQSes7ZhErrfStc+RYAQU3nE+w5jr1n8/sAudlsM8sbtCAQI
            OXuNjTYq08xVGilIu/iPHYl1GX1YmcI2HsEylUukSd0vy2avQ/+dgN7qtWrDWVKz
            YEgA5odgTBWsCpSbN6Vr/X641XyBMeOGr4zXVIM0ublsAbx+cPNVBNQqRnh8iK0=
            -----END ENCRYPTED PRIVATE KEY-----

            """
    }

    @Test func rfc7515() throws {
        let key = try key()
        let message = Array(Example.message.utf8)
        let signature = try bytes(Example.signature)
        #expect(key.isValid(signature, of: message))
        #expect(!key.isValid(signature, of: message + [0]))
        for bit in stride(from: 0, to: 512, by: 7) {
            #expect(!key.isValid(signature.flipping(bit: bit), of: message), "bit \(bit)")
        }
    }

    @Test func signaturesThatAreNone() throws {
        let key = try key()
        let message = Array(Example.message.utf8)
        let signature = try bytes(Example.signature)
        let zero = [UInt8](repeating: 0, count: 32)
        let large = [UInt8](repeating: 0xFF, count: 32)
        let table: [(String, [UInt8])] = [
            ("nothing", []), ("a byte less", signature.dropLast()), ("one more", signature + [0]),
            ("r is 0", zero + signature[32...]), ("s is 0", signature[..<32] + zero),
            ("both are 0", zero + zero), ("r is above the order", large + signature[32...]),
            ("s is above the order", signature[..<32] + large),
        ]
        for (fault, spoiled) in table {
            #expect(!key.isValid(spoiled, of: message), "\(fault)")
        }
    }

    @Test func pointsThatAreNone() throws {
        let (x, y) = (try bytes(Example.x), try bytes(Example.y))
        #expect(P256PublicKey(x: y, y: x) == nil)
        #expect(P256PublicKey(x: x, y: y.flipping(bit: 0)) == nil)
        #expect(P256PublicKey(x: x + [0], y: y) == nil)
        #expect(P256PublicKey(x: x, y: y.dropLast()) == nil)
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(P256PublicKey(x: zero, y: zero) == nil)
    }

    @Test func signsWhatItVerifies() throws {
        let key = try #require(P256SigningKey(pem: Array(Pem.secret.utf8)))
        #expect(P256PublicKey(pem: Array(Pem.shown.utf8)) == key.publicKey)
        #expect(P256PublicKey(pem: Array(Pem.secret.utf8)) == key.publicKey)
        for length in [0, 1, 31, 32, 33, 4_096] {
            let message = [UInt8](repeating: 7, count: length)
            let signature = try #require(key.sign(message))
            #expect(key.publicKey.isValid(signature, of: message))
            #expect(!key.publicKey.isValid(signature, of: message + [7]))
            #expect(!(try self.key()).isValid(signature, of: message))
        }
    }

    @Test func textThatIsNoKey() {
        let table: [(String, String)] = [
            ("nothing", ""), ("words", "a key"), ("another curve", Pem.other),
            ("a passphrase", Pem.locked), ("cut", String(Pem.secret.prefix(80))),
        ]
        for (fault, text) in table {
            #expect(P256SigningKey(pem: Array(text.utf8)) == nil, "\(fault)")
            #expect(P256PublicKey(pem: Array(text.utf8)) == nil, "\(fault)")
        }
        #expect(P256SigningKey(pem: Array(Pem.shown.utf8)) == nil)
    }
}
