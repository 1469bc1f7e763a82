// `althing token`: the bearer tokens with which senders name an owner.
import Cryptography
import Gateway
import JSON
import Platform
import Primitives

enum TokenVerbs {
    static let verb = Verb(
        "token", "Makes, lists and revokes tokens of senders",
        verbs: [newVerb, listVerb, revokeVerb])

    private static let owner = Option(
        "owner", OptionValue("ID", .hex(bytes: 32)), "The owner for whose agents it records."
    ).required
    private static let label = Option(
        "name", OptionValue("NAME", .text), "What to call the token.").standing(at: "token")
    private static let digest = Positional(
        "DIGEST", .hex(bytes: 32), "The token's digest, as token list prints it.")

    private static let newVerb = Verb("new", "Makes a token and prints it once", make)
        .discussed(
            "Only the digest is kept, so that the token cannot be shown again. A running "
                + "node takes a new token within a second. Exporters send it as: "
                + "Authorization: Bearer TOKEN"
        )
        .example(
            "althing token new --data ./althing-data --owner " + String(repeating: "3f", count: 32))
        .taking(Option.data.required, owner, label, .json)

    private static let listVerb = Verb("list", "Lists the tokens of a node", list)
        .example("althing token list --data ./althing-data")
        .taking(Option.data.required, .json)

    private static let revokeVerb = Verb("revoke", "Takes a token out of force", revoke)
        .discussed("A running node refuses the token within a second.")
        .example(
            "althing token revoke " + String(repeating: "3f", count: 32) + " --data ./althing-data")
        .taking(Option.data.required, .json)
        .expecting(digest)

    private static func make(_ call: Invocation) throws(CommandFailure) {
        let directory = DataDirectory(path: try call.required(.data))
        guard let owner = OwnerID(hex: try call.required(owner)) else {
            throw .failed("an id was checked and is none")
        }
        var table = try table(of: directory)
        // 32 random bytes: the seed of a key is just that.
        let token = "alt_" + Hex.encode(SigningKey.generate().seed)
        let entry = TokenTable.Entry(
            name: call.text(label, or: "token"), digest: TokenTable.digest(of: token),
            owner: owner)
        table.entries.append(entry)
        try write(table, to: directory)
        guard !call.has(.json) else {
            return call.console.print(
                .object([JSONMember("token", .string(token))] + members(entry)))
        }
        call.console.print(token)
        call.console.note("keep it: it cannot be shown again")
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        let entries = try table(of: DataDirectory(path: try call.required(.data))).entries
        guard !call.has(.json) else {
            return call.printItems(entries.map { .object(members($0)) })
        }
        var table = Table(.text("NAME"), .text("OWNER"), .text("DIGEST"))
        for entry in entries { table.add(entry.name, entry.owner.hex, entry.digest.hex) }
        call.console.print(table.text(for: call.console))
    }

    private static func revoke(_ call: Invocation) throws(CommandFailure) {
        let directory = DataDirectory(path: try call.required(.data))
        let hex = try call.required(digest)
        var table = try table(of: directory)
        guard let index = table.entries.firstIndex(where: { $0.digest.hex == hex }) else {
            throw .refused("there is no token with the digest \(hex)")
        }
        let entry = table.entries.remove(at: index)
        try write(table, to: directory)
        guard !call.has(.json) else { return call.console.print(.object(members(entry))) }
        call.console.print("revoked \(printable(entry.name))")
    }

    private static func members(_ entry: TokenTable.Entry) -> [JSONMember] {
        [
            JSONMember("name", .string(entry.name)),
            JSONMember("digest", .string(entry.digest.hex)),
            JSONMember("owner", .string(entry.owner.hex)),
        ]
    }

    private static func table(of directory: DataDirectory) throws(CommandFailure) -> TokenTable {
        guard directory.hasGenesis else {
            throw .refused("\(directory.path) is not the data directory of a node")
        }
        let path = directory.tokensPath
        guard LocalFiles.exists(path) else { return TokenTable() }
        let bytes = try LocalFiles.read(path, limit: TokenTable.fileBytes)
        do {
            return try TokenTable(parsing: bytes)
        } catch {
            throw .file(
                FileFault(operation: "read", path: path, cause: .content("not a token file")))
        }
    }

    private static func write(
        _ table: TokenTable, to directory: DataDirectory
    ) throws(CommandFailure) {
        try LocalFiles.write(table.encoded, to: directory.tokensPath, isSecret: true)
    }
}
