// People of stories that commands tell: owners with keys and money on a node of their own.
import Agents
import JSON
import Ledger
import Primitives
import Testing

@testable import Command

/// Three owners on a development node whose seat is the bank.
class StoryPeople {
    let node: StoryNode
    let secret: String
    private(set) var owners: [String: String] = [:]

    init() throws {
        node = try StoryNode(try TemporaryDirectory())
        secret = node.directory.file("secret")
        try LocalFiles.write(Array("development\n".utf8), to: secret, isSecret: true)
        owners["bank"] = try bank()
        for name in ["ada", "bob", "eve"] {
            _ = try KeyStore(path: key(name)).create(
                passphrase: Array("development".utf8), strength: .development)
            try enter(name)
            let paid = althing(
                words(of: "account transfer 2000 --to \(id(name))") + [
                    "--key", key("bank"), "--passphrase-file", secret, "--node", node.address,
                ])
            #expect(paid.code == .ok, "\(paid.error)")
        }
    }

    /// The owner that the seat's key stands for, which a development node registers itself.
    private func bank() throws -> String {
        let key = try KeyStore(path: key("bank")).statedPublicKey()
        return OwnerID(firstKey: key).hex
    }

    private func enter(_ name: String) throws {
        let words = ["owner", "register", "--name", name, "--key", key(name), "--json"]
        let ending = althing(words + ["--passphrase-file", secret, "--node", node.address])
        #expect(ending.code == .ok, "\(ending.error)")
        owners[name] = try ending.json.text("owner")
    }

    func key(_ name: String) -> String {
        name == "bank" ? node.data + "/keys/validator.key" : node.directory.file(name + ".key")
    }

    func id(_ name: String) -> String { owners[name] ?? "" }

    func json(_ line: String) throws -> JSONValue {
        let ending = althing(words(of: line) + ["--node", node.address, "--json"])
        #expect(ending.code == .ok, "\(line): \(ending.error)")
        return try ending.json
    }

    /// Delivers what no run came to.
    func claimWrongly(_ task: PostedTaskID, by name: String) throws {
        let key = try KeyStore(path: key(name)).open(
            passphrase: Array("development".utf8))
        let sender = try OperationSender(
            client: try NodeClient(node.address), key: key)
        let owner = OwnerID(firstKey: key.publicKey)
        let claim = RunClaim(of: RunState(root: Digest()))
        let move = TaskCommand.move(by: AccountID(owner), task, .deliverRun(claim))
        _ = try sender.send(.law(.task(move)), owner: owner)
    }
}
