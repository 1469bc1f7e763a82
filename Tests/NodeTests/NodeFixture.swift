// A node over a real directory or a disk in memory, with a clock the test moves.
import Cryptography
import Environment
import Foundation
import Ledger
import Node
import Platform
import Primitives
import Records
import Replica
import Storage
import Synchronization
import TestSupport

/// A clock that stands still until it is moved.
final class HandClock: Environment.Clock {
    private let time: Mutex<UInt64>

    init(_ nanoseconds: UInt64 = 1_800_000_000 * Nanoseconds.perSecond) {
        time = Mutex(nanoseconds)
    }

    func now() -> Instant { Instant(nanoseconds: time.withLock { $0 }) }
    func monotonicNanoseconds() -> UInt64 { time.withLock { $0 } }
    func move(milliseconds: UInt64) {
        time.withLock { $0 += milliseconds * Nanoseconds.perMillisecond }
    }
}

/// Keys, genesis and an owner, the same in every test.
struct Cast {
    let validator = SigningKey(seed: [UInt8](repeating: 1, count: 32))!
    let submitter = SigningKey(seed: [UInt8](repeating: 2, count: 32))!
    let owner = SigningKey(seed: [UInt8](repeating: 3, count: 32))!
    let clock = HandClock()

    var genesis: Genesis {
        Genesis(
            name: "test", created: Instant(nanoseconds: 1_799_999_999 * Nanoseconds.perSecond),
            committee: Committee([validator.publicKey])!)!
    }
    var ownerID: OwnerID { OwnerID(firstKey: owner.publicKey) }
    var keys: NodeKeys { NodeKeys(validator: validator, submitter: submitter) }

    /// A node with the index at `path` and the journals on `disk`.
    func node(
        at path: String, disk: any Disk & Sendable = OSDisk(),
        settings: NodeSettings = NodeSettings()
    ) throws -> Node {
        try Node(
            genesis: genesis, keys: keys, settings: settings,
            opening: StoreOpening(
                disk: disk, path: path, storeID: StoreID([UInt8](repeating: 9, count: 16))!,
                worker: InlineWorker(),
                name: { payload in String(decoding: payload.prefix(4), as: UTF8.self) }),
            clock: clock)
    }

    /// Registers the owner and lets the node's gateway record for it.
    func enroll(_ node: Node) -> [LedgerOutcome] {
        let commands: [Command] = [
            .owner(.register(name: "acme")),
            .owner(.authorize(submitter: submitter.publicKey, rights: .all)),
        ]
        var outcomes: [LedgerOutcome] = []
        for (index, command) in commands.enumerated() {
            let operation = SignedOperation(
                chain: genesis.digest, owner: ownerID, sequence: UInt64(index + 1),
                command: command, key: owner)
            node.submit(operation) { outcomes.append($0) }
        }
        return outcomes
    }

    /// A submission of operation `number` of a run.
    func submission(
        run: UInt8 = 1, _ number: UInt8, caller: UInt8 = 0, agent: String = "alpha"
    ) -> Submission {
        var submission = Submission(
            run: RunID([UInt8](repeating: run, count: 16))!, operation: operation(number),
            agentName: agent, name: "step \(number)",
            payload: Array("span \(run) \(number)".utf8))
        submission.caller = caller == 0 ? OperationID() : operation(caller)
        submission.start = clock.now()
        submission.duration = 5
        submission.tokens = TokenCounts(input: 10, output: 3)
        submission.cost = Amount(nanoCredits: 7)
        return submission
    }

    func operation(_ number: UInt8) -> OperationID {
        OperationID([UInt8](repeating: number, count: 8))!
    }
}

/// A directory that is removed with its object.
final class ScratchDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "althing-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
