// Keys and tokens on disk: made once, shown without secrets, taken out of force.
import Cryptography
import Gateway
import Primitives
import Testing

@testable import Command

@Suite struct KeyAndTokenTests {
    @Test func aKeyIsMadeAndShown() throws {
        let directory = try TemporaryDirectory()
        let pass = directory.file("pass")
        try LocalFiles.write(Array("secret\n".utf8), to: pass, isSecret: true)
        let key = directory.file("o.key")
        let made = althing("key", "new", "--out", key, "--passphrase-file", pass, "--json")
        #expect(made.code == .ok, "\(made.error)")
        let shown = try althing("key", "show", key, "--json").json
        #expect(try made.json == shown)
        let public_ = try #require(PublicKey(hex: shown.text("key")))
        #expect(shown.text("did") == DIDKey.encode(public_))
        #expect(shown.text("owner") == OwnerID(firstKey: public_).hex)
        let opened = try KeyStore(path: key).open(passphrase: Array("secret".utf8))
        #expect(opened.publicKey == public_)
        #expect(!made.out.contains(Hex.encode(opened.seed)))

        let again = althing("key", "new", "--out", key, "--passphrase-file", pass)
        #expect(again.code == .failed)
        #expect(again.error.contains("exists already"))
    }

    @Test func aFileThatIsNoKeyIsNamed() throws {
        let directory = try TemporaryDirectory()
        let ending = althing("key", "show", try directory.file("k", "not a key"))
        #expect(ending.code == .failed)
        #expect(ending.error.contains("not a key file"))
    }

    @Test func aTokenIsShownOnceAndRevoked() throws {
        let directory = try TemporaryDirectory()
        let data = directory.file("d")
        _ = try NodeSetup(
            DataDirectory(path: data), mode: .development, chain: ChainPlan(name: "c")
        ) {
            _ throws(CommandFailure) in Passphrase.development
        }
        let owner = String(repeating: "3f", count: 32)
        let made = try althing(
            "token", "new", "--data", data, "--owner", owner, "--name", "ci", "--json").json
        let token = made.text("token")
        let file = data + "/tokens.json"
        let table = try TokenTable(parsing: LocalFiles.read(file, limit: 1 << 20))
        #expect(table.owner(of: token)?.hex == owner)
        #expect(!String(decoding: table.encoded, as: UTF8.self).contains(token))
        #expect(throws: Never.self) { try LocalFiles.readSecret(file, limit: 1 << 20) }

        let list = althing("token", "list", "--data", data).out
        #expect(list.contains("ci") && list.contains(owner) && !list.contains(token))
        let digest = made.text("digest")
        #expect(althing("token", "revoke", digest, "--data", data).code == .ok)
        #expect(althing("token", "revoke", digest, "--data", data).code == .refused)
        #expect(try althing("token", "list", "--data", data, "--json").json.list("items").isEmpty)
    }

    @Test func aSpoiltTokenFileIsLeftAlone() throws {
        let directory = try TemporaryDirectory()
        let data = directory.file("d")
        _ = try NodeSetup(
            DataDirectory(path: data), mode: .development, chain: ChainPlan(name: "c")
        ) {
            _ throws(CommandFailure) in Passphrase.development
        }
        try LocalFiles.write(Array("{}".utf8), to: data + "/tokens.json")
        let ending = althing(
            "token", "new", "--data", data, "--owner", String(repeating: "3f", count: 32))
        #expect(ending.code == .failed)
        #expect(try LocalFiles.read(data + "/tokens.json", limit: 99) == Array("{}".utf8))
    }
}
