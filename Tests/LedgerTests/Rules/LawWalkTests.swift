// The law is asked before everything: walks over every command there is.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct LawWalkTests {
    /// Commands that act for an account; every other one is administration. Whoever adds a command
    /// and calls it administration must say so here too.
    private let acting: Set<String> = [
        "transfer", "delegate", "post", "move", "stake", "unstake", "withdraw", "slash", "list",
        "update", "delist", "open", "commit", "reveal", "close", "batch", "offer", "buy", "renew",
        "form", "join", "leave", "dissolve", "place", "take", "settle",
    ]

    private func name(_ command: LawCommand) -> String {
        switch command {
        case .mandate(let inner): String("\(inner)".prefix { $0 != "(" })
        case .offer(let inner): String("\(inner)".prefix { $0 != "(" })
        case .auction(let inner): String("\(inner)".prefix { $0 != "(" })
        case .stake(let inner): String("\(inner)".prefix { $0 != "(" })
        case .licence(let inner): String("\(inner)".prefix { $0 != "(" })
        case .team(let inner): String("\(inner)".prefix { $0 != "(" })
        case .quote(let inner): String("\(inner)".prefix { $0 != "(" })
        case .cover(let inner): String("\(inner.step)".prefix { $0 != "(" })
        case .task(let inner): String("\(inner)".prefix { $0 != "(" })
        default: String("\(command)".prefix { $0 != "(" })
        }
    }

    private var actions: [LawCommand] {
        LawSamples.commands.filter {
            if case .action = $0.intent { return true }
            return false
        }
    }

    @Test func everyCommandIsWhatItSaysItIs() {
        #expect(Set(actions.map(name)) == acting)
        #expect(LawSamples.commands.count > actions.count)
    }

    /// A fault of each layer of the law, for each action there is.
    @Test func everyActionIsJudged() throws {
        let hour = World.time.advanced(byNanoseconds: Nanoseconds.perHour)
        let agent = World.scout
        for command in actions {
            guard case .action(let action) = command.intent else { continue }
            let kind = action.kind
            let safe: [(LawFailure, (inout Stage) throws -> Void)] = kind.isHarmless ? [] : [
                (.forbidden(.safeMode), { stage in
                    let conduct = Conduct(agent: agent, since: World.time)
                    let finding = Finding(rule: .kind, kind: kind)
                    stage.state.enterSafeMode(conduct, for: finding, at: World.time)
                })
            ]
            let rows: [(LawFailure, (inout Stage) throws -> Void)] = [
                (.limits(.kindNotAllowed(kind)), { stage in
                    try stage.enact { $0.allowed = KindSet() }
                }),
                (.limits(.tooManyActions(most: 0)), { stage in
                    try stage.enact { $0.limits.actionsPerHour = 0 }
                }),
                (.forbidden(.agentStopped), { stage in
                    _ = try stage.give(.stop(.agent(agent)), by: TestKey.ada).get()
                }),
                (.forbidden(.fleetStopped), { stage in
                    _ = try stage.give(.stop(.fleet), by: TestKey.ada).get()
                }),
                (.forbidden(.chainStopped), { stage in
                    stage.state.set(ChainStop(stopped: World.time, epoch: 0, votes: []))
                }),
                (.forbidden(.denied(kind)), { stage in
                    _ = try stage.give(
                        .rule(agent, kind, .deny, expires: hour), by: TestKey.ada).get()
                }),
                (.standing(.agentNotActive), { stage in
                    try World.run(
                        .agent(.setStatus(agent, .suspended)), by: TestKey.ada, for: World.ada,
                        in: &stage.state)
                }),
            ]
            for (expected, spoil) in rows + safe {
                var stage = try Stage()
                try spoil(&stage)
                _ = stage.state.takeChanges()
                #expect(stage.give(command).refusal == expected, "\(name(command))")
                #expect(stage.state.takeChanges().isEmpty, "\(name(command))")
            }
        }
    }

    /// Where several are to be named, the constitution comes first and approval last.
    @Test func precedence() throws {
        let hour = World.time.advanced(byNanoseconds: Nanoseconds.perHour)
        var stage = try Stage {
            $0.requiresMandate = true
            $0.approvals.kinds = .all
        }
        let steps: [(LawFailure, (inout Stage) throws -> Void)] = [
            (.mandates(.mandateRequired), { _ in }),
            (.forbidden(.denied(.transfer)), { stage in
                _ = try stage.give(
                    .rule(World.scout, .transfer, .deny, expires: hour), by: TestKey.ada).get()
            }),
            (.forbidden(.agentStopped), { stage in
                _ = try stage.give(.stop(.agent(World.scout)), by: TestKey.ada).get()
            }),
            (.forbidden(.fleetStopped), { stage in
                _ = try stage.give(.stop(.fleet), by: TestKey.ada).get()
            }),
            (.forbidden(.chainStopped), { stage in
                stage.state.set(ChainStop(stopped: World.time, epoch: 0, votes: []))
            }),
            (.limits(.valueTooLarge(most: .zero)), { stage in
                try stage.enact { $0.limits.valuePerAction = .zero }
            }),
            (.standing(.agentNotActive), { stage in
                try World.run(
                    .agent(.setStatus(World.scout, .suspended)), by: TestKey.ada,
                    for: World.ada, in: &stage.state)
            }),
        ]
        for (expected, spoil) in steps {
            try spoil(&stage)
            #expect(stage.pay(1).refusal == expected)
        }
    }

    /// The stop reaches everybody: owners' own money and records too.
    @Test func nothingActsOnAStoppedChain() throws {
        var stage = try Stage()
        stage.state.set(ChainStop(stopped: World.time, epoch: 0, votes: []))
        let own = Transfer(from: World.adaAccount, to: .fees, amount: .credits(1))
        #expect(
            stage.give(.transfer(own), by: TestKey.ada).refusal == .forbidden(.chainStopped))
        #expect(
            stage.record() == .failure(.law(.recordForbidden(World.scout, .chainStopped))))
        let back = Transfer(
            from: World.scoutAccount, to: World.adaAccount, amount: .credits(1))
        #expect(
            stage.give(.transfer(back), by: TestKey.ada).refusal == .forbidden(.chainStopped))
        #expect((try? stage.give(.stop(.fleet), by: TestKey.ada).get()) != nil)
    }

    /// A stop that comes between check and settling: the operation fails at its place.
    @Test func stopRacesAnAction() throws {
        var stage = try Stage()
        let transfer = Transfer(
            from: World.scoutAccount, to: World.boAccount, amount: .credits(1))
        let request = Request(asScout: .transfer(transfer), stage.state)
        let operation = request.operation
        try Ledger.check(operation, lastSequence: 0, at: World.time, in: stage.state)
        _ = try stage.give(.stop(.agent(World.scout)), by: TestKey.ada).get()
        let settled = Ledger.settle(operation, at: World.time, to: &stage.state)
        #expect(settled == .failed(.law(.forbidden(.agentStopped))))
        #expect(stage.credits(World.scoutAccount) == 1_000)
        #expect(stage.state.lastSequence(of: TestKey.scout.publicKey) == 1)
    }

    @Test func namesAreStable() throws {
        let failure = LawFailure.recordLimits(World.scout, .tooMuchGas(most: 4))
        #expect(failure.name == "limits.tooMuchGas")
        #expect(LawFailure.forbidden(.safeMode).name == "forbidden.safeMode")
        let effect = LawEffect.anomaly(World.scout, .rate, .toolCall)
        #expect(effect.name == "anomaly")
        #expect(effect.members.map(\.1) == [World.scout.hex, "rate", "toolCall"])
    }
}
