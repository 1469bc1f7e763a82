// `althing receipt`: gets receipts from a node and checks them without one.
import JSON
import Platform
import Primitives
import Records

enum ReceiptVerbs {
    static let verb = Verb(
        "receipt", "Gets receipts, and verifies them offline", verbs: [getVerb, verifyVerb])

    private static let id = Positional(
        "ID", .text,
        "The record: BATCH-ROW, or TRACE:SPAN in hexadecimal; or the digest of an operation.")
    private static let task = Option.identifier(
        "task", "A finished task, in place of a record or an operation.")
    private static let out = Option(
        "out", OptionValue("FILE", .file), "Where to write the receipt; without it, it is printed.")
    private static let payloadOut = Option(
        "payload-out", OptionValue("FILE", .file), "Where to write the record's payload.")
    static let wait = Option(
        "wait", OptionValue("SECONDS", .number(0...3_600, unit: "seconds")),
        "How long to wait for the checkpoint."
    ).standing(at: "5")

    static let file = Positional("FILE", .file, "The receipt; - for standard input.")
    static let chain = Option(
        "chain", OptionValue("HEX", .hex(bytes: 32)),
        "Digest of the genesis you trust; without it any chain is accepted.")
    static let genesis = Option(
        "genesis", OptionValue("FILE", .file),
        "The genesis you trust: the file named genesis of a node's data directory.")
    private static let payload = Option(
        "payload", OptionValue("FILE", .file), "The record's payload, to be checked too.")

    private static let program = Option(
        "program", OptionValue("FILE", .file),
        "The program of a transition that was accepted on a proof, which is then checked too.")

    private static let getVerb = Verb(
        "get", "Gets the receipt of a record, an operation or a task", get
    )
    .example("althing receipt get 5f0d...91 --out transition.json")
    .example("althing receipt get 17-3 --out receipt.json --payload-out span.bin")
    .example("althing receipt get --task \(String(repeating: "3f", count: 32)) --out task.json")
    .taking(task, out, payloadOut, wait, .node, .json)
    .expecting(id.optional)

    private static let verifyVerb = Verb(
        "verify", "Checks a receipt offline and names the first part that fails", verify
    )
    .discussed(
        "Nothing but the file is needed: no node and no network. The status is 0 where "
            + "every check holds and 1 where one fails."
    )
    .example("althing receipt verify receipt.json")
    .example("althing receipt verify receipt.json --genesis genesis --payload span.bin --json")
    .taking(chain, genesis, payload, program, .json)
    .expecting(file)

    // MARK: get

    private static func get(_ call: Invocation) throws(CommandFailure) {
        let client = try call.client()
        let (kind, id) = try wanted(call)
        if kind != "record", call.text(payloadOut) != nil {
            throw .refused("--payload-out: only a record has a payload")
        }
        let path = "/v1/\(kind)s/\(NodeClient.encoded(id))"
        let receipt = try fetch(path + "/receipt", client, call)
        if let file = call.text(out) { try LocalFiles.write(receipt, to: file) }
        if let file = call.text(payloadOut) {
            try LocalFiles.write(try client.bytes(path + "/payload"), to: file)
        }
        guard let file = call.text(out) else {
            return call.console.write(String(decoding: receipt, as: UTF8.self) + "\n")
        }
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember(kind, .string(id)),
                    JSONMember("file", .string(file)),
                    JSONMember("bytes", .integer(receipt.count)),
                    JSONMember("payloadFile", call.text(payloadOut).map { .string($0) } ?? .null),
                ]))
        }
        call.console.print("wrote \(file), \(Quantity.bytes(UInt64(receipt.count)))")
    }

    /// What the receipt is of, and its name.
    private static func wanted(
        _ call: Invocation
    ) throws(CommandFailure) -> (kind: String, id: String) {
        if let task = call.text(task) {
            guard call.word(id) == nil else {
                throw .refused("--task names what the receipt is of: leave \(id.name) out")
            }
            return ("task", task)
        }
        let id = try call.required(id)
        return (Digest(hex: id) == nil ? "record" : "operation", id)
    }

    /// The receipt, waiting for the checkpoint where there is none of what it is of yet.
    static func fetch(
        _ path: String, _ client: NodeClient, _ call: Invocation
    ) throws(CommandFailure) -> [UInt8] {
        let clock = SystemClock()
        let seconds = call.number(wait) ?? 5
        let deadline = clock.monotonicNanoseconds() + seconds * Nanoseconds.perSecond
        while true {
            do {
                return try client.bytes(path)
            } catch {
                guard case .problem(let problem) = error, problem.slug == "not-checkpointed",
                    clock.monotonicNanoseconds() < deadline
                else { throw error }
            }
            Pause.milliseconds(100)
        }
    }

    // MARK: verify

    private static func verify(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(chain, genesis)
        let path = try call.required(file)
        let text = try LocalFiles.read(path, limit: 64 << 20)
        let trusted = try trustedChain(call)
        var bytes: [UInt8]?
        if let file = call.text(payload) {
            bytes = try LocalFiles.read(file, limit: Limits.payloadBytes)
        }
        let report = ReceiptReport(text: text, trust: .genesis(trusted), payload: bytes)
        var contents: OperationContents?
        if case .operation(let receipt) = report.receipt {
            guard bytes == nil else {
                throw .refused("--payload: the receipt of an operation holds all of it")
            }
            if report.refusal == nil {
                contents = try OperationContents(receipt, program: call.text(program))
            }
        } else if call.text(program) != nil {
            throw .refused("--program: only the receipt of a transition has a proof")
        }
        if call.has(.json) {
            call.console.print(report.json(contents))
        } else {
            call.console.print(report.text(for: call.console, isChainTrusted: trusted != nil))
            if let contents { call.console.print(contents.text) }
            if report.refusal == nil { printContents(report, call) }
        }
        guard let refusal = report.refusal else { return }
        throw .refused("\(path) is refused: \(refusal.part.rawValue): \(printable(refusal.detail))")
    }

    private static func printContents(_ report: ReceiptReport, _ call: Invocation) {
        switch report.receipt {
        case .task(let receipt): call.console.print(TaskContents(receipt).text)
        case .licence(let receipt): call.console.print(LicenceContents(receipt).text)
        case .record, .operation, nil: break
        }
    }

    static func trustedChain(_ call: Invocation) throws(CommandFailure) -> Digest? {
        if let hex = call.text(chain) { return Digest(hex: hex) }
        guard let file = call.text(genesis) else { return nil }
        let bytes = try LocalFiles.read(file, limit: 1 << 20)
        do {
            return try Genesis(decoding: bytes).digest
        } catch {
            throw .file(FileFault(operation: "read", path: file, cause: .content("not a genesis")))
        }
    }
}
