// Four gateways in one process that agree over real sockets.
import Cryptography
import Foundation
import JSON
import Ledger
import Network
import Node
import Peers
import Platform
import Primitives
import Records
import Storage
import Testing

@testable import Gateway

@Suite struct CommitteeTests {
    /// The validators of one chain, each with its own store and ports.
    final class Validators {
        let keys = (0..<4).map { SigningKey(seed: [UInt8](repeating: UInt8(60 + $0), count: 32))! }
        let genesis: Genesis
        private(set) var gateways: [Gateway] = []
        private let directory = NSTemporaryDirectory() + "althing-four-" + UUID().uuidString

        init() throws {
            genesis = Genesis(
                name: "four", created: SystemClock().now(),
                committee: Committee(keys.map(\.publicKey))!)!
            for index in keys.indices { gateways.append(try gateway(index)) }
            for gateway in gateways { try gateway.start() }
        }

        deinit {
            for gateway in gateways { gateway.stop() }
            try? FileManager.default.removeItem(atPath: directory)
        }

        private func submitter(_ index: Int) -> SigningKey {
            SigningKey(seed: [UInt8](repeating: UInt8(160 + index), count: 32))!
        }

        /// The ledger does not say where validators are, so those started later dial the earlier.
        private func gateway(_ index: Int) throws -> Gateway {
            let path = directory + "/\(index)"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            let node = try Node(
                genesis: genesis,
                keys: NodeKeys(validator: keys[index], submitter: submitter(index)),
                settings: NodeSettings(),
                opening: StoreOpening(
                    disk: OSDisk(), path: path,
                    storeID: StoreID([UInt8](repeating: 9, count: 16))!,
                    worker: ThreadWorker("index"), name: { _ in nil }),
                clock: SystemClock())
            var settings = GatewaySettings()
            settings.port = 0
            settings.log = { _ in }
            let configuration = PeerNetworkConfiguration(
                identity: LinkIdentity(
                    chain: genesis.digest, key: keys[index],
                    exchange: ExchangeKey(secret: [UInt8](repeating: UInt8(70 + index), count: 32))!
                ),
                address: "127.0.0.1", port: UInt16(24_300 + index))
            settings.peers = PeerSettings(
                configuration: configuration,
                entries: keys.indices.filter { $0 != index }.map {
                    PeerEntry(
                        key: keys[$0].publicKey, host: "127.0.0.1", port: UInt16(24_300 + $0))
                })
            return try Gateway(
                node: node, mode: .development(owner: Cast.ownerID), settings: settings)
        }

        func client(_ index: Int) throws -> HTTPClient {
            try HTTPClient("http://127.0.0.1:\(gateways[index].port)")
        }

        func operations() -> [SignedOperation] {
            var commands: [Command] = [.owner(.register(name: "acme"))]
            for index in keys.indices {
                commands.append(
                    .owner(.authorize(submitter: submitter(index).publicKey, rights: .all)))
            }
            return commands.enumerated().map { index, command in
                SignedOperation(
                    chain: genesis.digest, owner: Cast.ownerID, sequence: UInt64(index + 1),
                    command: command, key: Cast.owner)
            }
        }
    }

    @Test func fourAgreeOverSockets() throws {
        let validators = try Validators()
        let first = try validators.client(0)
        _ = try first.poll("/v1/status") {
            try $0.json()["consensus"]?["connected"] == .integer(3)
        }
        for operation in validators.operations() {
            let answer = try first.request(
                "POST", "/v1/operations", headers: [("content-type", "application/octet-stream")],
                body: operation.encoded)
            #expect(answer.status == 200, "\(answer.text)")
        }
        for index in 0..<4 {
            let answer = try validators.client(index).export(
                ExportSample(SpanSample(run: UInt8(1 + index), 1)))
            #expect(answer.status == 200, "\(answer.text)")
        }
        for index in 0..<4 {
            let client = try validators.client(index)
            _ = try client.poll("/v1/status") { try $0.json()["records"] == .string("4") }
        }
        let seats = try #require(try first.json("/v1/validators")["validators"]?.array)
        #expect(seats.count == 4)
        #expect(seats.filter { $0["connected"]?.bool == true }.count == 3)
        #expect(seats.filter { $0["own"]?.bool == true }.count == 1)
        let commits = try #require(try first.json("/v1/dag")["commits"]?.array)
        #expect(!commits.isEmpty)
        let digests = try (0..<4).map { index in
            try validators.client(index).json("/v1/batches")["items"]?.array?.map { $0["digest"] }
        }
        for index in 1..<4 { #expect(digests[index] == digests[0]) }
    }
}
