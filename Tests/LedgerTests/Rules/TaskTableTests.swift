// The transition table of tasks: every state, every move, everybody, before, at and after the time.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

/// Ada posts, Bo's agent works, the guardians arbitrate, verify and stand by.
enum TaskWorld {
    static let poster = World.adaAccount
    static let worker = World.otherAccount
    static let arbiter = AccountID(World.guardians[0])
    static let verifiers = [World.guardians[1], World.guardians[2]].map { AccountID($0) }.sorted()
    static let result = Digest(repeating: 8)
    static let id = PostedTaskID(of: poster, number: 1)

    static func terms(isAttested: Bool = true) -> TaskTerms {
        var terms = TaskTerms(
            specification: Digest(repeating: 7), milestones: [.credits(100), .credits(50)])
        terms.attempts = 2
        terms.arbiters = [arbiter]
        guard !isAttested else { return terms }
        terms.verification = .redundant(quorum: 1, verifiers: verifiers, fee: .credits(1))
        return terms
    }

    static let moves: [TaskMove] = [
        .assign(worker), .claim, .begin, .deliver(result), .giveUp, .accept,
        .dispute(Digest()), .confirm(result), .arbitrate(.worker), .cancel, .expire,
    ]

    static let actors: [(String, AccountID, SigningKey)] = [
        ("poster", poster, TestKey.ada), ("worker", worker, TestKey.other),
        ("arbiter", arbiter, TestKey.guardians[0]),
        ("verifier", AccountID(World.guardians[1]), TestKey.guardians[1]),
        ("stranger", World.boAccount, TestKey.bo),
    ]

    /// A world with the task in that state, the way moves lead there.
    static func stage(in state: TaskState, isAttested: Bool = true) throws -> Stage {
        var stage = try Stage()
        let post = TaskCommand.post(
            by: poster, number: 1, mandate: MandateID(), terms(isAttested: isAttested))
        _ = try stage.give(.task(post), by: TestKey.ada).get()
        func move(_ move: TaskMove, _ actor: Int) throws {
            let (_, account, key) = actors[actor]
            _ = try stage.give(.task(.move(by: account, id, move)), by: key).get()
        }
        let path: [(TaskMove, Int)] = switch state {
        case .pending: []
        case .assigned: [(.assign(worker), 0)]
        case .executing: [(.assign(worker), 0), (.begin, 1)]
        case .verifying: [(.assign(worker), 0), (.begin, 1), (.deliver(result), 1)]
        case .disputed, .settled:
            [(.assign(worker), 0), (.begin, 1), (.deliver(result), 1)]
        case .complete:
            [(.assign(worker), 0), (.begin, 1)]
                + (isAttested
                    ? [
                        (.deliver(result), 1), (.accept, 0), (.deliver(result), 1), (.accept, 0),
                    ]
                    : [
                        (.deliver(result), 1), (.confirm(result), 3), (.deliver(result), 1),
                        (.confirm(result), 3),
                    ])
        case .cancelled: [(.cancel, 0)]
        case .failed: [(.claim, 1), (.giveUp, 1), (.claim, 1), (.giveUp, 1)]
        // Runs alone are challenged: RunWorld.
        case .challenged: []
        }
        for (step, actor) in path { try move(step, actor) }
        guard state == .disputed || state == .settled else { return stage }
        if isAttested {
            try move(.dispute(Digest()), 0)
        } else {
            for (actor, key) in zip(verifiers, [TestKey.guardians[1], TestKey.guardians[2]]) {
                let owners = [TestKey.guardians[1], TestKey.guardians[2]]
                let own = owners.first { AccountID(OwnerID(firstKey: $0.publicKey)) == actor }
                let confirm = TaskCommand.move(by: actor, id, .confirm(Digest()))
                _ = try stage.give(.task(confirm), by: own ?? key).get()
            }
        }
        if state == .settled { try move(.arbitrate(.poster), 2) }
        return stage
    }
}

/// The table of docs/spec/tasks.md §3: who may move from where to where, in time and late.
/// `nil` for a time at which the move is refused.
struct TaskRow {
    var from: TaskState
    var move: String
    var who: [String]
    var inTime: TaskState?
    var late: TaskState?

    static let everybody = ["poster", "worker", "arbiter", "verifier", "stranger"]

    /// Eleven moves and six of runs × five actors × three times, from one state.
    static func check(
        _ rows: [TaskRow], from: TaskState, _ start: Stage, _ location: SourceLocation
    ) throws {
        let task = try #require(start.state.task(TaskWorld.id))
        #expect(task.state == from && (task.held == .zero) == from.isFinal)
        let rows = rows.filter { $0.from == from }
        for move in TaskWorld.moves + RunWorld.moves {
            let name = String("\(move)".prefix { $0 != "(" })
            for (actor, account, key) in TaskWorld.actors {
                let row = rows.first { $0.move == name && $0.who.contains(actor) }
                for offset in [-1, 0, 1] {
                    var stage = start
                    let due = task.due.nanoseconds == 0 ? stage.time : task.due
                    stage.time = Instant(
                        nanoseconds: due.nanoseconds.addingReportingOverflow(
                            UInt64(bitPattern: Int64(offset))).partialValue)
                    _ = stage.state.takeChanges()
                    let command = TaskCommand.move(by: account, TaskWorld.id, move)
                    let found = stage.give(.task(command), by: key)
                    let expected = offset < 0 ? row?.inTime : row?.late
                    let cell = "\(from) \(name) by \(actor), \(offset) ns"
                    if let expected {
                        let effect = LawEffect.taskMoved(TaskWorld.id, to: expected)
                        #expect(found == .success(effect), "\(cell)", sourceLocation: location)
                    } else {
                        #expect((try? found.get()) == nil, "\(cell)", sourceLocation: location)
                        #expect(
                            stage.state.takeChanges().isEmpty, "\(cell)",
                            sourceLocation: location)
                    }
                }
            }
        }
    }
}

@Suite struct TaskTableTests {
    private typealias Row = TaskRow
    private let everybody = TaskRow.everybody

    private func table(isAttested: Bool) -> [Row] {
        // An attested task has no verifiers: that actor is a stranger to it.
        let free = ["worker", "stranger"] + (isAttested ? ["verifier"] : [])
        let common: [Row] = [
            Row(from: .pending, move: "assign", who: ["poster"], inTime: .assigned),
            Row(from: .pending, move: "claim", who: free, inTime: .assigned),
            Row(from: .pending, move: "cancel", who: ["poster"], inTime: .cancelled,
                late: .cancelled),
            Row(from: .pending, move: "expire", who: everybody, late: .cancelled),
            Row(from: .assigned, move: "begin", who: ["worker"], inTime: .executing),
            Row(from: .assigned, move: "giveUp", who: ["worker"], inTime: .pending,
                late: .pending),
            Row(from: .assigned, move: "expire", who: everybody, late: .pending),
            Row(from: .executing, move: "deliver", who: ["worker"], inTime: .verifying),
            Row(from: .executing, move: "giveUp", who: ["worker"], inTime: .pending,
                late: .pending),
            Row(from: .executing, move: "expire", who: everybody, late: .pending),
            Row(from: .disputed, move: "arbitrate", who: ["arbiter"], inTime: .settled),
            Row(from: .disputed, move: "expire", who: everybody, late: .settled),
        ]
        let attested = [
            Row(from: .verifying, move: "accept", who: ["poster"], inTime: .executing,
                late: .executing),
            Row(from: .verifying, move: "dispute", who: ["poster"], inTime: .disputed),
            Row(from: .verifying, move: "expire", who: everybody, late: .executing),
        ]
        let redundant = [
            Row(from: .verifying, move: "confirm", who: ["verifier"], inTime: .executing),
            Row(from: .verifying, move: "expire", who: everybody, late: .disputed),
        ]
        return common + (isAttested ? attested : redundant)
    }

    /// Two ways of verification × nine states.
    @Test(arguments: TaskState.allCases.filter { $0 != .challenged }, [true, false])
    func everyCellOfTheTable(from: TaskState, isAttested: Bool) throws {
        let start = try TaskWorld.stage(in: from, isAttested: isAttested)
        try TaskRow.check(table(isAttested: isAttested), from: from, start, #_sourceLocation)
    }
}
