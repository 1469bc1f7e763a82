// A chain of several validators begun on the command line, and its keys and files.
import Cryptography
import JSON
import Primitives
import Records
import Testing

@testable import Command

@Suite struct GenesisTests {
    private func made(_ words: String..., in directory: TemporaryDirectory) throws -> JSONValue {
        let out = directory.file("chain")
        let ending = althing(["genesis", "new", "--out", out, "--json"] + words)
        #expect(ending.code == .ok, "\(ending.error)")
        return try ending.json
    }

    @Test func everyValidatorGetsKeysAndAConfiguration() throws {
        let directory = try TemporaryDirectory()
        let answer = try made(
            "--validators", "3", "--dev", "--base-port", "7000", "--epoch", "10m", "--coin", "6",
            in: directory)
        let genesis = try DataDirectory.genesis(at: answer.text("genesis"))
        #expect(genesis.digest.hex == answer.text("chain"))
        #expect(genesis.settings.epoch == 600 * Nanoseconds.perSecond)
        #expect(genesis.settings.interval == 250 * Nanoseconds.perMillisecond)
        #expect(genesis.settings.knownRounds == 6)
        let peers = try #require(PeerList(answer.text("peers")))
        #expect(peers.entries.map(\.key) == genesis.committee.validators)
        #expect(peers.entries.map(\.port) == [7001, 7003, 7005])
        let files = answer.list("configurations").compactMap(\.string)
        #expect(files.count == 3)
        for (seat, file) in files.enumerated() {
            var layers = LayeredConfiguration()
            try layers.apply(file: file, text: try LocalFiles.read(file, limit: 1 << 20))
            let values = layers.values
            #expect(values.isDevelopment)
            #expect(values.listen == "127.0.0.1:\(7000 + 2 * seat)")
            #expect(values.peerListen == "127.0.0.1:\(7001 + 2 * seat)")
            #expect(values.peers == answer.text("peers"))
            let data = DataDirectory(path: values.data)
            #expect(try data.genesis() == genesis)
            let key = try data.key("validator").open(passphrase: Passphrase.development)
            #expect(key.publicKey == genesis.committee.validators[seat])
        }
    }

    @Test func operatorsKeysMakeAGenesisAlone() throws {
        let directory = try TemporaryDirectory()
        let keys = (1...4).map { PublicKey(repeating: UInt8($0)) }
        let lines = keys.enumerated().map { "\(DIDKey.encode($1)) 10.0.0.\($0):4319" }
        let file = try directory.file("keys", "# ours\n" + lines.joined(separator: "\n") + "\n")
        let answer = try made("--keys", file, "--name", "main", in: directory)
        let genesis = try DataDirectory.genesis(at: answer.text("genesis"))
        #expect(genesis.committee.validators == keys)
        #expect(genesis.name == "main")
        #expect(answer.list("configurations").isEmpty)
        let shown = althing("genesis", "show", answer.text("genesis"))
        #expect(shown.code == .ok)
        #expect(shown.out.contains(genesis.digest.hex))
        #expect(shown.out.contains(DIDKey.encode(keys[3])))
        let json = try althing("genesis", "show", answer.text("genesis"), "--json").json
        #expect(json.text("settings", "interval") == "250000000")
    }

    @Test(arguments: [
        "--validators 0 --dev", "--validators 129 --dev", "--dev",
        "--validators 4 --dev --epoch 10", "--validators 4 --dev --epoch 1ms",
        "--validators 2 --dev --addresses a:1", "--validators 2 --dev --addresses a:1,b",
        "--validators 2 --dev --base-port 65534", "--validators 2 --keys k",
        "--validators 2 --dev --addresses a:1,b:2 --host h",
    ])
    func refusedPlans(words: String) throws {
        let directory = try TemporaryDirectory()
        let out = directory.file("chain")
        let ending = althing(
            ["genesis", "new", "--out", out] + words.split(separator: " ").map(String.init))
        #expect(ending.code == .usage, "\(words): \(ending.error)")
        #expect(!LocalFiles.exists(out))
    }

    @Test(arguments: ["did:key:z6Mk 10.0.0.1:1", "\(String(repeating: "01", count: 32)) a", "x y"])
    func refusedKeyLines(line: String) throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("keys", line)
        let ending = althing("genesis", "new", "--out", directory.file("c"), "--keys", file)
        #expect(ending.code == .failed)
        #expect(ending.error.contains(file))
    }

    @Test func anExistingFolderIsLeftAlone() throws {
        let directory = try TemporaryDirectory()
        let ending = althing(
            "genesis", "new", "--validators", "1", "--dev", "--out", directory.path)
        #expect(ending.code == .failed)
        #expect(ending.error.contains("exists already"))
    }

    @Test func validatorKeysAreMadeBeforeThereIsAChain() throws {
        let directory = try TemporaryDirectory()
        let data = directory.file("v")
        let made = try althing("validator", "new", "--data", data, "--dev", "--json").json
        #expect(DIDKey.decode(made.text("validator")) != nil)
        #expect(althing("validator", "new", "--data", data, "--dev").code == .failed)
        let key = try DataDirectory(path: data).key("validator")
            .open(passphrase: Passphrase.development)
        #expect(DIDKey.encode(key.publicKey) == made.text("validator"))
    }

    @Test func peersAreReadAsTheyAreWritten() throws {
        let keys = [PublicKey(repeating: 1), PublicKey(repeating: 2)]
        let text = "\(DIDKey.encode(keys[0]))@a.b:1,\(keys[1].hex)@[::1]:65535"
        let list = try #require(PeerList(text))
        #expect(list.entries.map(\.host) == ["a.b", "::1"])
        #expect(PeerList(list.text) == list)
        #expect(PeerList("")?.entries.isEmpty == true)
        for wrong in [",", "a@b:1", "\(keys[0].hex)@b", "\(keys[0].hex)@b:0", keys[0].hex,
            "\(keys[0].hex)@b:1,", "\(keys[0].hex)@b:1,\(DIDKey.encode(keys[0]))@c:2"]
        { #expect(PeerList(wrong) == nil, "\(wrong)") }
    }

    @Test(arguments: [
        ("1ns", 1), ("20us", 20_000), ("250ms", 250_000_000), ("20s", 20_000_000_000),
        ("2m", 120_000_000_000), ("1h", 3_600_000_000_000), ("366d", 31_622_400_000_000_000),
        ("0s", 0),
    ] as [(String, UInt64)])
    func durations(text: String, nanoseconds: UInt64) {
        #expect(ValueKind.duration(text) == nanoseconds)
    }

    @Test(arguments: ["", "1", "s", "1.5s", "-1s", "1 s", "1S", "18446744073709551615s", "ms"])
    func noDurations(text: String) { #expect(ValueKind.duration(text) == nil) }
}
