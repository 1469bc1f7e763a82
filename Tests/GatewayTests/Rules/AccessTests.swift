// Who may record: tokens, what names them, and when the token file is read again.
import Environment
import Foundation
import Platform
import Primitives
import Synchronization
import Testing

@testable import Gateway

@Suite struct AccessTests {
    /// A token file that a test can replace.
    private final class TokenFile: Sendable {
        let bytes: Mutex<[UInt8]?>
        let reads = Counter()

        init(_ bytes: [UInt8]?) { self.bytes = Mutex(bytes) }

        func read() -> [UInt8]? {
            reads.add()
            return bytes.withLock { $0 }
        }
    }

    private static func table(_ token: String) -> [UInt8] {
        let entry = TokenTable.Entry(
            name: "exporter", digest: TokenTable.digest(of: token), owner: Cast.ownerID)
        return TokenTable([entry]).encoded
    }

    private func rig(_ file: TokenFile) throws -> Rig {
        try Rig { $0.mode = .production(readTokens: { file.read() }) }
    }

    private static func basic(_ text: String) -> String {
        "Basic " + Base64.encode(Array(text.utf8), as: .standard)
    }

    static let fields: [(String?, Int)] = [
        (nil, 401), ("Bearer secret", 200), ("bearer secret", 200), ("Bearer wrong", 401),
        ("Bearer", 401), ("Bearer ", 401), ("secret", 401), ("Token secret", 401),
        ("Bearer " + String(repeating: "x", count: 600), 401), (basic("any:secret"), 200),
        (basic("secret:"), 401), ("Basic !!", 401),
    ]

    @Test(arguments: fields.indices)
    func aTokenOpensWhatItNames(_ index: Int) throws {
        let (value, status) = Self.fields[index]
        let rig = try rig(TokenFile(Self.table("secret")))
        let headers = value.map { [("authorization", $0)] } ?? []
        let response = try rig.client().export(ExportSample(SpanSample(1)), headers: headers)
        #expect(response.status == status, "\(value ?? "none")")
        if status == 401 {
            #expect(response.header("www-authenticate")?.hasPrefix("Bearer") == true)
            #expect(try response.json()["code"] == .integer(16))
        }
    }

    /// In the development mode a token still names its owner; others record for that of the node.
    @Test(arguments: [("Bearer secret", 1), ("Bearer wrong", 0), ("secret", 0)])
    func developmentTakesTokensThatItKnows(_ value: String, _ agents: Int) throws {
        let file = TokenFile(Self.table("secret"))
        let rig = try Rig {
            $0.mode = .development(
                owner: OwnerID(repeating: 7), readTokens: { file.read() })
        }
        let client = try rig.client()
        let response = try client.export(
            ExportSample(SpanSample(1)), headers: [("authorization", value)])
        // Nobody let the node record for its own owner.
        #expect(response.status == (agents == 1 ? 200 : 403))
        let known = try client.json("/v1/agents?owner=\(Cast.ownerID)")["items"]?.array
        #expect(known?.count == agents)
    }

    /// A clock whose seconds pass when the test says so.
    private final class HandClock: Environment.Clock {
        private let elapsed = Mutex<UInt64>(0)

        func now() -> Instant { SystemClock().now() }
        func monotonicNanoseconds() -> UInt64 { elapsed.withLock { $0 } }
        func move(milliseconds: UInt64) {
            elapsed.withLock { $0 += milliseconds * Nanoseconds.perMillisecond }
        }
    }

    /// What happens, and then what the two tokens are answered with.
    private enum Event {
        case pass(milliseconds: UInt64)
        case write([UInt8]?)
        case expect(first: Int, second: Int, reads: UInt64)
    }

    private static let lives: [[Event]] = [
        // A new token comes into force, and the old one out of it, at the next reading.
        [
            .write(table("first")), .expect(first: 200, second: 401, reads: 1),
            .write(table("second")), .expect(first: 200, second: 401, reads: 1),
            .pass(milliseconds: 999), .expect(first: 200, second: 401, reads: 1),
            .pass(milliseconds: 1), .expect(first: 401, second: 200, reads: 2),
        ],
        // A token that stays known is read again all the same.
        [
            .write(table("first")), .expect(first: 200, second: 401, reads: 1),
            .pass(milliseconds: 1_000), .expect(first: 200, second: 401, reads: 2),
            .write(TokenTable().encoded), .pass(milliseconds: 1_000),
            .expect(first: 401, second: 401, reads: 3),
        ],
        // A file that is spoilt or gone for a moment locks nobody out.
        [
            .write(table("first")), .expect(first: 200, second: 401, reads: 1),
            .write([0x7B]), .pass(milliseconds: 1_000),
            .expect(first: 200, second: 401, reads: 2),
            .write(nil), .pass(milliseconds: 1_000), .expect(first: 200, second: 401, reads: 3),
        ],
    ]

    @Test(arguments: lives.indices)
    func theFileIsReadAgainOnceASecond(_ index: Int) throws {
        let file = TokenFile(nil)
        let clock = HandClock()
        let rig = try Rig {
            $0.mode = .production(readTokens: { file.read() })
            $0.clock = clock
        }
        let client = try rig.client()
        func status(_ token: String) throws -> Int {
            try client.export(
                ExportSample(SpanSample(1)), headers: [("authorization", "Bearer \(token)")]
            ).status
        }
        for (step, event) in Self.lives[index].enumerated() {
            switch event {
            case .pass(let milliseconds): clock.move(milliseconds: milliseconds)
            case .write(let bytes): file.bytes.withLock { $0 = bytes }
            case .expect(let first, let second, let reads):
                #expect(try status("first") == first, "step \(step)")
                #expect(try status("second") == second, "step \(step)")
                #expect(file.reads.value == reads, "step \(step)")
            }
        }
    }

    @Test func readingNeedsNoToken() throws {
        let rig = try rig(TokenFile(nil))
        let status = try rig.client().json("/v1/status")
        #expect(status["mode"]?.string == "production")
    }

    @Test func developmentNeedsNoToken() throws {
        let rig = try Rig()
        let client = try rig.client()
        #expect(try client.export(ExportSample(SpanSample(1))).status == 200)
        #expect(try client.json("/v1/status")["mode"]?.string == "development")
    }

    static let badFiles: [(String, TokenFailure)] = [
        ("{}", .shape(entry: -1)), ("[]", .shape(entry: -1)),
        (#"{"tokens":[],"more":1}"#, .shape(entry: -1)),
        (#"{"tokens":[{"name":"a","digest":"00","owner":"00"}]}"#, .shape(entry: 0)),
        (#"{"tokens":[{"name":"a"}]}"#, .shape(entry: 0)), (#"{"tokens":{}}"#, .shape(entry: -1)),
    ]

    @Test(arguments: badFiles.indices)
    func aSpoiltTokenFileIsRefused(_ index: Int) {
        let (text, failure) = Self.badFiles[index]
        #expect(throws: failure) { try TokenTable(parsing: Array(text.utf8)) }
    }

    @Test func theTokenFileReadsBack() throws {
        let table = try TokenTable(parsing: Self.table("x"))
        #expect(table.owner(of: "x") == Cast.ownerID)
        #expect(table.owner(of: "y") == nil)
        #expect(table.encoded == Self.table("x"))
    }
}
