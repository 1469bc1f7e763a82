// A chain of changing committees and a server that tells of it, truly or not.
import Cryptography
import JSON
import Platform
import Primitives
import Records
import Synchronization
import Testing

@testable import Command

/// Four validators of other keys in every epoch; epoch e ends at height 10 * (e + 1).
struct ToldChain {
    let genesis: Genesis

    init() throws {
        let committee = try #require(Committee(try Self.keys(0).map(\.publicKey)))
        genesis = try #require(
            Genesis(name: "told", created: Instant(nanoseconds: 1), committee: committee))
    }

    static func keys(_ epoch: Int) throws -> [SigningKey] {
        try (0..<4).map { index in
            let seed = [UInt8(epoch + 1)] + [UInt8](repeating: UInt8(index), count: 31)
            return try #require(SigningKey(seed: seed))
        }
    }

    private func committee(_ epoch: Int) throws -> Committee {
        try #require(Committee(try Self.keys(epoch).map(\.publicKey)))
    }

    /// The checkpoint at `place` in 1...10 of `epoch`, the tenth being the last.
    func checkpoint(
        _ epoch: Int, _ place: UInt64, signers: Range<Int> = 0..<4, state: UInt8 = 0
    ) throws -> Checkpoint {
        var header = CheckpointHeader()
        header.chain = genesis.digest
        header.epoch = UInt64(epoch)
        header.height = 10 * UInt64(epoch) + place
        header.previous = Digest(repeating: UInt8(place))
        header.time = Instant(nanoseconds: 1_700_000_000_000_000_000 + header.height)
        header.stateRoot = Digest(repeating: state)
        header.committee = try committee(epoch).digest
        if place == 10 { header.next = try committee(epoch + 1).digest }
        let keys = try Self.keys(epoch)
        let certificate = signers.map {
            CheckpointSignature(
                validator: UInt16($0), signature: keys[$0].sign(header.signedBytes))
        }
        return Checkpoint(header: header, certificate: certificate)
    }

    func step(_ epoch: Int, signers: Range<Int> = 0..<4) throws -> EpochStep {
        EpochStep(
            checkpoint: try checkpoint(epoch, 10, signers: signers),
            committee: try committee(epoch + 1))
    }
}

/// What a server tells.
struct Told: Sendable {
    var genesis: Genesis
    var steps: [EpochStep] = []
    var checkpoints: [Checkpoint] = []

    func answer(_ path: String, from first: UInt64) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            switch path {
            case "/v1/genesis": genesisMembers(&object)
            case "/v1/epochs":
                object.member("epoch", quoted: UInt64(steps.count))
                object.key("steps")
                object.array { array in
                    for step in steps where step.epoch >= first { array.write(step) }
                }
            default:
                object.key("items")
                object.array { array in
                    for checkpoint in checkpoints.reversed() {
                        array.object { item in
                            item.writeMembers(of: checkpoint.header)
                            item.member("digest", checkpoint.header.digest.hex)
                            item.member("certificate", checkpoint.certificate)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private func genesisMembers(_ object: inout JSONWriter) {
        object.member("name", genesis.name)
        object.member("created", quoted: genesis.created.nanoseconds)
        object.member("validators", hexList: genesis.committee.validators)
    }
}

/// Answers the questions of a light client with what a test put there.
final class TellingServer: Sendable {
    private final class Board: Sendable {
        let told: Mutex<Told>
        init(_ told: Told) { self.told = Mutex(told) }
    }

    private let board: Board
    private let server: HTTPServer

    init(_ chain: ToldChain) throws {
        let board = Board(Told(genesis: chain.genesis))
        self.board = board
        server = try HTTPServer(address: "127.0.0.1", port: 0) { request, responder in
            let first = request.head.query("from").flatMap { UInt64($0) } ?? 0
            let body = board.told.withLock { $0.answer(request.head.path, from: first) }
            responder.respond(HTTPResponse(status: 200, type: "application/json", body: body))
        }
        try server.start()
    }

    deinit { server.stop() }

    var address: String { "http://127.0.0.1:\(server.port)" }

    func tell(_ change: (inout Told) -> Void) { board.told.withLock { change(&$0) } }
}
