// `althing light`: follows a chain's committees without trusting the node that tells of them, and
// checks receipts against what was followed.
import JSON
import Platform
import Primitives
import Records

enum LightVerbs {
    static let verb = Verb(
        "light", "Follows a chain without trusting a node", verbs: [followVerb, checkVerb])

    static let trust = Option(
        "trust", OptionValue("DIGEST|FILE", .text),
        "What you trust: digest of the genesis, a genesis file, or a state saved before.")
    static let state = Option(
        "state", OptionValue("FILE", .file),
        "Where to keep what was followed; where it exists it is what you trust.")
    static let once = Option("once", nil, "Ends when the node has nothing newer.")
    private static let payload = Option(
        "payload", OptionValue("FILE", .file), "The record's payload, to be checked too.")
    private static let file = Positional("RECEIPT", .file, "The receipt; - for standard input.")

    private static let followVerb = Verb(
        "follow", "Follows committees and checkpoints from a node, checking each", LightFollow.run
    )
    .discussed(
        "Each step from committee to committee and each checkpoint is checked against the "
            + "committee trusted before. A bad certificate or a fork ends the command with "
            + "status 1; a fork is kept in the state, which then refuses everything."
    )
    .example("althing light follow --trust ./althing-data/genesis --state light --once")
    .example("althing light follow --state light --json")
    .taking(trust, state, once, .node, .json)

    private static let checkVerb = Verb(
        "check", "Checks a receipt against the committees followed", check
    )
    .discussed(
        "As althing receipt verify, but by the committee that was followed for the receipt's "
            + "epoch; steps in the receipt are not needed and not looked at."
    )
    .example("althing light check receipt.json --state light")
    .taking(state.required, payload, .json)
    .expecting(file)

    private static func check(_ call: Invocation) throws(CommandFailure) {
        let client = try LightFile.read(try call.required(state))
        let path = try call.required(file)
        let text = try LocalFiles.read(path, limit: 64 << 20)
        var bytes: [UInt8]?
        if let file = call.text(payload) {
            bytes = try LocalFiles.read(file, limit: Limits.payloadBytes)
        }
        let report = ReceiptReport(text: text, trust: .followed(client), payload: bytes)
        if call.has(.json) {
            call.console.print(report.json())
        } else {
            call.console.print(report.text(for: call.console, isChainTrusted: true))
        }
        guard let refusal = report.refusal else { return }
        throw .refused("\(path) is refused: \(refusal.part.rawValue): \(printable(refusal.detail))")
    }
}

/// The file with the state of a light client.
enum LightFile {
    static func read(_ path: String) throws(CommandFailure) -> LightClient {
        try decode(try LocalFiles.read(path, limit: LightClient.mostBytes), of: path)
    }

    /// A state, or a genesis: then nothing is followed yet.
    static func readTrust(_ path: String) throws(CommandFailure) -> LightClient {
        let bytes = try LocalFiles.read(path, limit: LightClient.mostBytes)
        if let genesis = try? Genesis(decoding: bytes) {
            return LightClient(CommitteeTrail(genesis))
        }
        return try decode(bytes, of: path)
    }

    private static func decode(
        _ bytes: [UInt8], of path: String
    ) throws(CommandFailure) -> LightClient {
        do {
            return try LightClient(decoding: bytes)
        } catch {
            let cause = FileFault.Cause.content("not a state of a light client")
            throw .file(FileFault(operation: "read", path: path, cause: cause))
        }
    }
}
