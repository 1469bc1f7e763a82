// Directories that a node or a store command must not touch, each refused with its sentence.
import Platform
import Primitives
import Testing

@testable import Command

@Suite struct DataDirectoryTests {
    private func setup(
        _ path: String, _ mode: DataDirectory.Mode, passphrase: String = "secret"
    ) throws {
        _ = try NodeSetup(DataDirectory(path: path), mode: mode, chain: ChainPlan(name: "c")) {
            _ throws(CommandFailure) in
            mode == .development ? Passphrase.development : Array(passphrase.utf8)
        }
    }

    @Test func developmentKeysNeverServeProduction() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("d")
        try setup(path, .development)
        let ending = althing("node", "--data", path, "--passphrase-file", "/nonexistent")
        #expect(ending.code == .refused)
        #expect(ending.error.contains("its keys protect nothing"))
    }

    @Test func productionKeysAreNotOpenedInDevelopment() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("d")
        try setup(path, .production)
        let ending = althing("node", "--dev", "--data", path)
        #expect(ending.code == .refused)
        #expect(ending.error.contains("was made for production"))
    }

    @Test func aWrongPassphraseIsRefused() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("d")
        try setup(path, .production)
        let pass = directory.file("pass")
        try LocalFiles.write(Array("wrong".utf8), to: pass, isSecret: true)
        let ending = althing("node", "--data", path, "--passphrase-file", pass)
        #expect(ending.code == .refused)
        #expect(ending.error.contains("the passphrase is wrong or the file was changed"))
    }

    @Test func aPassphraseThatOthersCanReadIsRefused() throws {
        let directory = try TemporaryDirectory()
        let pass = try directory.file("pass", "secret")
        let ending = althing("node", "--data", directory.file("d"), "--passphrase-file", pass)
        #expect(ending.code == .failed)
        #expect(ending.error.contains("chmod 600 \(pass)"))
        #expect(!LocalFiles.exists(directory.file("d") + "/genesis"))
    }

    @Test func aStartThatWasCutOffBeginsAgain() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("d")
        try setup(path, .development)
        let key = try DataDirectory(path: path).key("validator").statedPublicKey()
        try OSDisk().remove(path + "/genesis")
        try setup(path, .development)
        let genesis = try DataDirectory(path: path).genesis()
        #expect(genesis.committee.validators == [key])
    }

    @Test func aDirectoryWithoutANodeIsNamed() throws {
        let directory = try TemporaryDirectory()
        for verb in ["check", "rebuild", "info"] {
            let ending = althing("store", verb, "--data", directory.path)
            #expect(ending.code == .refused)
            #expect(ending.error.contains("is not the data directory of a node"))
        }
    }

    @Test func aDamagedGenesisIsNamed() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("d")
        try setup(path, .development)
        try LocalFiles.write([1, 0, 9], to: path + "/genesis")
        let ending = althing("store", "info", "--data", path)
        #expect(ending.code == .damaged)
        #expect(ending.error.contains("genesis is damaged at byte"))
    }

    @Test func aFlippedBitInTheJournalIsFoundAndStopsTheStart() throws {
        let node = try StoryNode(try TemporaryDirectory())
        node.stop()
        let segment = node.data + "/journal/0000000000000000.segment"
        var bytes = try LocalFiles.read(segment, limit: 1 << 30)
        bytes[4_096 + 200] ^= 4
        try LocalFiles.write(bytes, to: segment)
        let checked = althing("store", "check", "--data", node.data)
        #expect(checked.code == .damaged)
        #expect(checked.error.contains("journal: segment 0, byte "))
        let started = althing("node", "--dev", "--data", node.data, "--listen", "127.0.0.1:0")
        #expect(started.code == .damaged)
        #expect(started.error.contains("segment 0, byte "))
        #expect(started.error.contains("althing store check --data \(node.data)"))
    }

    @Test func aStoreOfANewerVersionIsRefused() throws {
        let fault = StoreWords.failure(
            .storage(.storeIsNewer(found: 9, supported: 1)), directory: DataDirectory(path: "d"))
        #expect(fault.code == .damaged)
        #expect(fault.sentence == "the store in d has format 9; this version reads up to 1")
    }

    @Test func rebuildGivesTheSameIndex() throws {
        let node = try StoryNode(try TemporaryDirectory())
        node.stop()
        LocalFiles.removeTree(node.data + "/index")
        #expect(althing("store", "rebuild", "--data", node.data).code == .ok)
        #expect(althing("store", "check", "--data", node.data).code == .ok)
    }
}
