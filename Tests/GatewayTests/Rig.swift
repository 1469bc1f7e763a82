// A real gateway on a loopback port over a real directory, and a client for it.
import Cryptography
import Environment
import Foundation
import Gateway
import JSON
import Ledger
import Node
import Platform
import Primitives
import Records
import Replica
import Storage
import Telemetry
import TestSupport

/// Keys of the test chain.
enum Cast {
    static let validator = SigningKey(seed: [UInt8](repeating: 1, count: 32))!
    static let submitter = SigningKey(seed: [UInt8](repeating: 2, count: 32))!
    static let owner = SigningKey(seed: [UInt8](repeating: 3, count: 32))!
    static let ownerID = OwnerID(firstKey: owner.publicKey)

    static let genesis = Genesis(
        name: "test", created: Instant(nanoseconds: 1_700_000_000 * Nanoseconds.perSecond),
        committee: Committee([validator.publicKey])!)!

    /// An operation of the owner's key.
    static func operation(_ command: Command, sequence: UInt64) -> SignedOperation {
        SignedOperation(
            chain: genesis.digest, owner: ownerID, sequence: sequence, command: command, key: owner)
    }
}

/// A gateway that serves until the object goes away. Checkpoints follow each batch closely.
final class Rig {
    struct Options {
        var settings = GatewaySettings()
        var node = NodeSettings()
        var mode = GatewayMode.development(owner: Cast.ownerID)
        var disk: any Disk & Sendable = OSDisk()
        /// The gateway's; the node's is the machine's.
        var clock: any Environment.Clock = SystemClock()
        /// Whether the owner is registered and lets the gateway record.
        var enrolls = true
        /// Whether agents may run here.
        var hosts = true

        init() {
            settings.port = 0
            settings.log = { _ in }
            node.batchAgeNanoseconds = Nanoseconds.perMillisecond
            node.replica.intervalNanoseconds = Nanoseconds.perMillisecond
        }
    }

    let gateway: Gateway
    private let directory: String

    init(_ change: (inout Options) -> Void = { _ in }) throws {
        var options = Options()
        change(&options)
        directory = NSTemporaryDirectory() + "althing-gateway-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        if options.hosts {
            options.settings.hosting.directory = directory + "/agents"
            options.settings.hosting.key = SigningKey(seed: [UInt8](repeating: 4, count: 32))
        }
        let opening = StoreOpening(
            disk: options.disk, path: directory,
            storeID: StoreID([UInt8](repeating: 9, count: 16))!,
                worker: InlineWorker(),
            name: { try? Payload.span($0).name })
        let node = try Node(
            genesis: Cast.genesis,
            keys: NodeKeys(validator: Cast.validator, submitter: Cast.submitter),
            settings: options.node, opening: opening, clock: SystemClock())
        if options.enrolls { Self.enroll(node) }
        gateway = try Gateway(
            node: node, mode: options.mode, settings: options.settings, clock: options.clock)
        try gateway.start()
    }

    deinit {
        gateway.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func enroll(_ node: Node) {
        let commands: [Command] = [
            .owner(.register(name: "acme")),
            .owner(.authorize(submitter: Cast.submitter.publicKey, rights: .all)),
        ]
        for (index, command) in commands.enumerated() {
            node.submit(Cast.operation(command, sequence: UInt64(index + 1))) { _ in }
        }
    }

    /// A connection of its own to the gateway.
    func client() throws -> HTTPClient { try HTTPClient("http://127.0.0.1:\(gateway.port)") }
}

/// What went wrong with an answer that a test needs.
struct UnexpectedAnswer: Error {
    var path: String
    var status: Int
    var body: String
}

extension HTTPClient {
    func get(_ path: String, headers: [Field] = []) throws -> HTTPResponse {
        try request("GET", path, headers: headers)
    }

    /// The JSON of a successful answer.
    func json(_ path: String) throws -> JSONValue {
        let response = try get(path)
        guard response.status == 200 else {
            throw UnexpectedAnswer(
                path: path, status: response.status,
                body: String(decoding: response.body, as: UTF8.self))
        }
        return try JSONValue(parsing: response.body)
    }

    func post(
        _ path: String, _ body: [UInt8], type: String, headers: [Field] = []
    ) throws -> HTTPResponse {
        try request("POST", path, headers: [("content-type", type)] + headers, body: body)
    }

    func export(_ request: ExportSample, headers: [Field] = []) throws -> HTTPResponse {
        try post("/v1/traces", request.json, type: "application/json", headers: headers)
    }

    /// Asks until `isWanted`, at most 20,000 times: what is waited for follows within milliseconds.
    func poll(
        _ path: String, until isWanted: (HTTPResponse) throws -> Bool
    ) throws -> HTTPResponse {
        var response = try get(path)
        for _ in 0..<20_000 {
            if try isWanted(response) { return response }
            response = try get(path)
        }
        throw UnexpectedAnswer(
            path: path, status: response.status,
            body: String(decoding: response.body, as: UTF8.self))
    }

    /// The receipt of a record, once there is one.
    func receipt(_ id: String) throws -> [UInt8] {
        try poll("/v1/records/\(id)/receipt") { $0.status == 200 }.body
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> JSONValue { try JSONValue(parsing: body) }

    /// The slug of a problem document's type.
    var problem: String? {
        (try? json())?["type"]?.string.flatMap { $0.split(separator: "/").last.map(String.init) }
    }
}
