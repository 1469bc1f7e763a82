// Whatever is done or refused, in whatever order: the sum of all that anybody holds is the supply.
import Agents
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

/// Adds up what a state holds, from the entries it reports as changed.
struct Holdings {
    private var known: [StateKey: [UInt8]] = [:]

    /// Takes the changes of `state`.
    mutating func follow(_ state: inout LedgerState) {
        for change in state.takeChanges() { known[change.key] = change.value }
    }

    /// All money, in nano-credits.
    func total() throws -> UInt128 {
        var sum: UInt128 = 0
        for (key, value) in known where !value.isEmpty {
            if case .instance = key {
                sum += Amount(
                    microCredits: try AgentInstance(decoding: value).account.deposit).nanoCredits
            }
            guard case .law(let name) = key else { continue }
            sum += try LawEntry(decoding: value, kind: name.kind).held.nanoCredits
        }
        return sum
    }
}

extension LawEntry {
    /// The money in this entry.
    var held: Amount {
        switch self {
        case .account(let account): account.balance
        case .task(let task): task.held
        case .auction(let auction): auction.held
        case .cover(let cover): cover.held
        case .stake(let stake): stake.staked.adding(stake.unbonding) ?? .zero
        case .offer, .marketRules, .constitution, .conduct, .anomaly, .mandate, .approval,
            .rulings, .fleetStop, .chainStop, .quota, .roles, .licenceOffer, .licence, .team,
            .division, .quote:
            .zero
        }
    }
}

@Suite struct ConservationTests {
    private static let accounts = [
        World.adaAccount, World.boAccount, World.scoutAccount, World.otherAccount,
        AccountID(World.idle), .fees, AccountID(World.unknown),
    ]

    private func amount(_ generator: inout SeededGenerator) -> Amount {
        let most = UInt128(Supply.total.nanoCredits)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return .zero
        case 1: return Amount(nanoCredits: .max)
        case 2: return Amount(nanoCredits: most / 2)
        case 3: return Amount(nanoCredits: UInt128(UInt64.random(in: 0...9, using: &generator)))
        default:
            return .credits(UInt128(UInt64.random(in: 0...1_500, using: &generator)))
        }
    }

    @Test(arguments: propertySeeds) func nothingIsMadeOrLost(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var state = try World.rich()
        var holdings = Holdings()
        var fresh = try World.rich()
        for id in Self.accounts where fresh.account(id).balance > .zero {
            fresh.set(fresh.account(id))
        }
        holdings.follow(&fresh)
        var done = 0
        for step in 0..<60 {
            let from = Self.accounts[Int.random(in: 0..<6, using: &generator) % 4]
            let to = Self.accounts.randomElement(using: &generator) ?? .fees
            let key = [TestKey.ada, TestKey.bo, TestKey.ada].randomElement(using: &generator)
            let transfer = Transfer(from: from, to: to, amount: amount(&generator))
            let command = Command.law(.transfer(transfer))
            var request = Request(command, state: state)
            request.key = key ?? TestKey.ada
            request.owner = request.key.publicKey == TestKey.bo.publicKey ? World.bo : World.ada
            if case .success = outcome(&request) { done += 1 }
            state = request.state
            holdings.follow(&state)
            let total = try holdings.total()
            #expect(total == Supply.total.nanoCredits, "seed \(seed), step \(step)")
        }
        #expect(done > 0, "seed \(seed)")
    }

    private func play(
        stakeOf account: AccountID, _ evidence: PostedTaskID, in stage: inout Stage,
        _ generator: inout SeededGenerator
    ) {
        let amount = [amount(&generator), .credits(1_000)].randomElement(using: &generator)
        let commands: [StakeCommand] = [
            .stake(by: account, amount ?? .zero), .stake(by: account, .credits(1_000)),
            .unstake(by: account, amount ?? .zero), .withdraw(by: account),
            .slash(by: account, evidence: evidence),
        ]
        let command = commands[Int.random(in: 0..<5, using: &generator)]
        stage.give(.stake(command), by: TestKey.other)
    }

    /// Whole lives of tasks, with every move by everybody at random times.
    @Test(arguments: propertySeeds.prefix(8)) func tasksKeepWhatTheyHold(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var stage = try Stage()
        var holdings = Holdings()
        for id in [World.adaAccount, World.boAccount, World.scoutAccount, World.otherAccount] {
            stage.state.set(stage.state.account(id))
        }
        holdings.follow(&stage.state)
        var ended = 0
        for number in 0..<4 as Range<UInt64> {
            var terms = TaskWorld.terms(isAttested: Bool.random(using: &generator))
            terms.milestones = [
                number == 0 ? .credits(9) : amount(&generator), .credits(3),
                Amount(nanoCredits: 12_345),
            ]
            terms.attempts = UInt8.random(in: 1...3, using: &generator)
            if Bool.random(using: &generator) { terms.arbiters = [] }
            stage.give(
                .task(
                    .post(
                        by: TaskWorld.poster, number: number, mandate: MandateID(), terms)),
                by: TestKey.ada)
            let id = PostedTaskID(of: TaskWorld.poster, number: number)
            for step in 0..<80 {
                if Int.random(in: 0..<40, using: &generator) == 0 { stage.wait(Nanoseconds.perDay) }
                var move = TaskWorld.moves[Int.random(in: 0..<11, using: &generator)]
                if case .confirm = move, Bool.random(using: &generator) { move = .confirm(id.seen) }
                if case .arbitrate = move {
                    move = .arbitrate(Verdict.allCases.randomElement(using: &generator) ?? .split)
                }
                if step % 16 == 0 { play(stakeOf: TaskWorld.worker, id, in: &stage, &generator) }
                let actor = TaskWorld.actors[Int.random(in: 0..<5, using: &generator)]
                stage.give(.task(.move(by: actor.1, id, move)), by: actor.2)
                holdings.follow(&stage.state)
                let total = try holdings.total()
                #expect(total == Supply.total.nanoCredits, "seed \(seed), \(number), \(step)")
            }
            for _ in 0..<16 {
                stage.wait(8 * Nanoseconds.perDay)
                stage.give(
                    .task(.move(by: World.boAccount, id, .expire)), by: TestKey.bo)
            }
            holdings.follow(&stage.state)
            guard let task = stage.state.task(id) else { continue }
            ended += 1
            #expect(task.state.isFinal && task.held == .zero, "seed \(seed), \(number)")
        }
        let total = try holdings.total()
        #expect(total == Supply.total.nanoCredits && ended > 0, "seed \(seed)")
    }
}

/// Deposits, fees and what programs pay.
@Suite struct AgentMoneyTests {
    private let accounts = [
        World.adaAccount, World.boAccount, .fees, AccountID(AgentWorld.agent(0)),
        AccountID(AgentWorld.agent(1)),
    ]

    private func amount(_ generator: inout SeededGenerator) -> UInt64 {
        [0, 1, 4_000, 5_000, 5_001, 300_000, 1_000_000_000, .max]
            .randomElement(using: &generator) ?? 0
    }

    private func play(_ world: inout AgentWorld, _ generator: inout SeededGenerator) throws {
        let number = Int.random(in: 0...1, using: &generator)
        let (agent, amount) = (AgentWorld.agent(number), amount(&generator))
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: try world.run(.transition(.deposit(agent, microCredits: amount)))
        case 1: try world.run(.transition(.withdraw(agent, microCredits: amount)))
        case 2: try world.run(.transition(.end(agent)))
        case 3, 4:
            guard let before = world.state.instance(agent) else { return }
            var wish = AgentWorld.spawn(number, before.program)
            wish.account.deposit = amount
            try world.run(.transition(.spawn(wish)))
            let now = world.state.instance(agent)
            world.drafts[number] = nil
            world.instances[number] = Instance(
                world.instances[number].identity, of: world.instances[number].program,
                after: now?.sequence ?? 0, clock: now?.clock ?? [], at: world.now)
        default:
            let payee = [AgentID(World.bo), AgentWorld.agent(0), AgentWorld.agent(1)]
                .randomElement(using: &generator) ?? agent
            world.say(number, HostRequest.transfer(to: payee, microCredits: amount).frame)
            try world.submitAll(number)
            guard world.state.instance(agent)?.call?.answer != nil else { return }
            try world.answer(number, [])
            try world.submitAll(number)
        }
    }

    @Test(arguments: propertySeeds.prefix(6)) func nothingIsMadeOrLost(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var world = try AgentWorld([TestPrograms.asker, TestPrograms.asker])
        world.allow(0, 3)
        world.allow(1, 3)
        for id in accounts { world.state.set(world.state.account(id)) }
        for number in 0...1 {
            world.state.set(try #require(world.state.instance(AgentWorld.agent(number))))
        }
        var holdings = Holdings()
        holdings.follow(&world.state)
        let start = try holdings.total()
        #expect(start == AgentWorld.money.nanoCredits + Amount.credits(6).nanoCredits)
        for step in 0..<60 {
            // What is refused changes nothing.
            try? play(&world, &generator)
            holdings.follow(&world.state)
            #expect(try holdings.total() == start, "seed \(seed), step \(step)")
        }
        #expect(world.state.balance(of: .fees) > .zero, "seed \(seed)")
    }
}

extension Bytes32 where Kind == PostedTaskKind {
    /// Some result that is not the worker's.
    fileprivate var seen: Digest { Digest(self) }
}
