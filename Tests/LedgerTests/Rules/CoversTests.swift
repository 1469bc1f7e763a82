// Covers: locked, bought, paid where the worker fails, released otherwise; refusals in order.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct CoversTests {
    /// Bo underwrites what its own agent does for Ada: a guarantee.
    private let underwriter = World.boAccount
    private let id = CoverID(task: TaskWorld.id, underwriter: World.boAccount)
    private let day = Nanoseconds.perDay

    private func terms(_ change: (inout CoverTerms) -> Void = { _ in }) -> CoverTerms {
        var terms = CoverTerms(
            task: TaskWorld.id, worker: TaskWorld.worker, amount: .credits(150),
            premium: .credits(10), until: World.time.advanced(byNanoseconds: day))
        change(&terms)
        return terms
    }

    private func give(
        _ stage: inout Stage, _ step: CoverStep, by account: AccountID = World.boAccount,
        _ key: SigningKey = TestKey.bo
    ) -> Result<LawEffect, LedgerFailure> {
        stage.give(.cover(CoverCommand(by: account, step)), by: key)
    }

    private func buy(
        _ stage: inout Stage, _ credits: UInt128 = 10, of payee: AccountID? = nil
    ) -> Result<LawEffect, LedgerFailure> {
        let payment = Payment(to: payee ?? underwriter, price: .credits(credits))
        return give(&stage, .buy(id, payment), by: TaskWorld.poster, TestKey.ada)
    }

    private func move(_ stage: inout Stage, _ move: TaskMove, _ actor: Int) {
        let (_, account, key) = TaskWorld.actors[actor]
        let result = stage.give(.task(.move(by: account, TaskWorld.id, move)), by: key)
        #expect(result.refusal == nil, "\(move)")
    }

    /// A task in work with a cover that was bought.
    private func bought(isAttested: Bool = true) throws -> Stage {
        var stage = try TaskWorld.stage(in: .executing, isAttested: isAttested)
        _ = try give(&stage, .offer(terms())).get()
        _ = try buy(&stage).get()
        return stage
    }

    @Test func offeringInOrder() throws {
        var stage = try TaskWorld.stage(in: .executing)
        let table: [(String, (inout CoverTerms) -> Void)] = [
            ("no premium", { $0.premium = .zero }), ("no cover", { $0.amount = .zero }),
            ("a premium of all of it", { $0.premium = $0.amount }),
            ("more than the task's price", { $0.amount = Amount(nanoCredits: 150_000_000_001) }),
            ("over at once", { $0.until = World.time }), ("nobody", { $0.worker = AccountID() }),
        ]
        for (fault, change) in table {
            #expect(
                give(&stage, .offer(terms(change))).refusal == .covers(.invalidTerms), "\(fault)")
        }
        for (account, key) in [
            (TaskWorld.poster, TestKey.ada), (World.scoutAccount, TestKey.scout),
        ] {
            #expect(
                give(&stage, .offer(terms()), by: account, key).refusal
                    == .covers(.conflict(TaskWorld.poster)))
        }
        #expect(
            give(&stage, .offer(terms()), by: TaskWorld.arbiter, TestKey.guardians[0]).refusal
                == .covers(.conflict(TaskWorld.arbiter)))
        let poor = AccountID(World.guardians[1])
        #expect(
            give(&stage, .offer(terms()), by: poor, TestKey.guardians[1]).refusal
                == .covers(.insufficient(balance: .zero)))
        let before = stage.credits(underwriter)
        #expect(give(&stage, .offer(terms())) == .success(.coverChanged(id, .offered)))
        #expect(stage.credits(underwriter) == before - 150)
        #expect(
            give(&stage, .offer(terms { $0.premium = .zero })).refusal
                == .covers(.alreadyOffered))
        let none = terms { $0.task = PostedTaskID() }
        #expect(give(&stage, .offer(none)).refusal == .covers(.taskUnknown))
        for state: TaskState in [.verifying, .disputed, .complete, .settled, .failed, .cancelled] {
            var stage = try TaskWorld.stage(in: state)
            #expect(
                give(&stage, .offer(terms { $0.premium = .zero })).refusal
                    == .covers(.wrongState(state)), "\(state)")
        }
    }

    @Test func buyingInOrder() throws {
        var stage = try TaskWorld.stage(in: .executing)
        #expect(buy(&stage).refusal == .covers(.coverUnknown))
        _ = try give(&stage, .offer(terms())).get()
        #expect(
            give(&stage, .buy(id, Payment(to: underwriter, price: .credits(10)))).refusal
                == .covers(.notAllowed))
        for credits in [0, 9, 11] as [UInt128] {
            #expect(buy(&stage, credits).refusal == .covers(.wrongPremium(.credits(10))))
        }
        #expect(
            buy(&stage, 0, of: World.otherAccount).refusal == .covers(.wrongUnderwriter))
        let before = stage.state.account(underwriter).balance.nanoCredits
        var late = stage
        late.wait(day - 1)
        #expect(buy(&late, 0).refusal == .covers(.wrongPremium(.credits(10))))
        late.wait(1)
        #expect(buy(&late, 0).refusal == .covers(.tooLate))
        #expect(buy(&stage) == .success(.coverChanged(id, .bought)))
        let earned = stage.state.account(underwriter).balance.nanoCredits - before
        #expect(earned == 9_990_000_000)
        #expect(buy(&stage).refusal == .covers(.wrongStep(.bought)))
    }

    /// Who has not begun has agreed to nothing.
    @Test func aCoverIsBoughtWhileItsWorkerWorks() throws {
        for state: TaskState in [.pending, .assigned] {
            var stage = try TaskWorld.stage(in: state)
            _ = try give(&stage, .offer(terms())).get()
            #expect(buy(&stage).refusal == .covers(.wrongState(state)), "\(state)")
        }
        var stage = try TaskWorld.stage(in: .executing)
        _ = try give(&stage, .offer(terms { $0.worker = AccountID(World.guardians[1]) })).get()
        #expect(buy(&stage).refusal == .covers(.wrongWorker))
    }

    @Test func withdrawing() throws {
        var stage = try TaskWorld.stage(in: .executing)
        let before = stage.credits(underwriter)
        #expect(give(&stage, .withdraw(id)).refusal == .covers(.coverUnknown))
        _ = try give(&stage, .offer(terms())).get()
        #expect(give(&stage, .settle(id)).refusal == .covers(.wrongStep(.offered)))
        #expect(
            give(&stage, .withdraw(id), by: TaskWorld.poster, TestKey.ada).refusal
                == .covers(.notAllowed))
        #expect(give(&stage, .withdraw(id)) == .success(.coverChanged(id, .released)))
        #expect(stage.credits(underwriter) == before)
        #expect(give(&stage, .withdraw(id)).refusal == .covers(.wrongStep(.released)))
        #expect(give(&stage, .offer(terms())).refusal == nil)
        _ = try buy(&stage).get()
        #expect(give(&stage, .withdraw(id)).refusal == .covers(.wrongStep(.bought)))
    }

    /// How the task goes, and who gets the money.
    @Test func settling() throws {
        let table: [(String, Bool, CoverState, (inout Stage) -> Void)] = [
            ("done", true, .released, {
                for _ in 0..<2 {
                    self.move(&$0, .deliver(TaskWorld.result), 1)
                    self.move(&$0, .accept, 0)
                }
            }),
            ("given back", true, .paid, { self.move(&$0, .giveUp, 1) }),
            ("run out", true, .paid, {
                $0.wait(self.day)
                self.move(&$0, .expire, 4)
            }),
            ("lost before arbiters", true, .paid, {
                self.move(&$0, .deliver(TaskWorld.result), 1)
                self.move(&$0, .dispute(Digest()), 0)
                self.move(&$0, .arbitrate(.poster), 2)
            }),
            ("won before arbiters", true, .released, {
                self.move(&$0, .deliver(TaskWorld.result), 1)
                self.move(&$0, .dispute(Digest()), 0)
                self.move(&$0, .arbitrate(.worker), 2)
            }),
            ("split", true, .released, {
                self.move(&$0, .deliver(TaskWorld.result), 1)
                self.move(&$0, .dispute(Digest()), 0)
                self.move(&$0, .arbitrate(.split), 2)
            }),
        ]
        for (name, isAttested, state, play) in table {
            var stage = try bought(isAttested: isAttested)
            #expect(give(&stage, .settle(id)).refusal == .covers(.undecided), "\(name)")
            play(&stage)
            let before = [TaskWorld.poster, underwriter].map { stage.credits($0) }
            #expect(
                give(&stage, .settle(id)) == .success(.coverChanged(id, state)), "\(name)")
            let after = [TaskWorld.poster, underwriter].map { stage.credits($0) }
            let gained = zip(after, before).map { $0 - $1 }
            #expect(gained == (state == .paid ? [150, 0] : [0, 150]), "\(name)")
            #expect(stage.state.cover(id)?.held == .zero)
            #expect(give(&stage, .settle(id)).refusal == .covers(.wrongStep(state)))
        }
    }

    /// What may be bought of a task is its price, over all underwriters and attempts.
    @Test func coversOfATaskPayItsPriceTogether() throws {
        let second = AccountID(World.guardians[1]), key = TestKey.guardians[1]
        let other = CoverID(task: TaskWorld.id, underwriter: second)
        var stage = try TaskWorld.stage(in: .executing)
        let transfer = Transfer(from: World.adaAccount, to: second, amount: .credits(200))
        _ = try stage.give(.transfer(transfer), by: TestKey.ada).get()
        func buyOther(_ stage: inout Stage) -> Result<LawEffect, LedgerFailure> {
            let payment = Payment(to: second, price: .credits(10))
            return give(&stage, .buy(other, payment), by: TaskWorld.poster, TestKey.ada)
        }
        // The price is 150 credits: the first cover, how much of it the second takes, what is left.
        let table: [(UInt128, UInt128, UInt128?)] = [
            (50_000_000_000, 100_000_000_000, nil), (50_000_000_000, 100_000_000_001, 100),
            (150_000_000_000, 10_000_000_001, 0), (150_000_000_000, 150_000_000_000, 0),
        ]
        for (first, wanted, left) in table {
            var stage = stage
            _ = try give(&stage, .offer(terms { $0.amount = Amount(nanoCredits: first) })).get()
            let more = terms { $0.amount = Amount(nanoCredits: wanted) }
            #expect(give(&stage, .offer(more), by: second, key).refusal == nil)
            _ = try buy(&stage).get()
            #expect(stage.state.task(TaskWorld.id)?.covered.nanoCredits == first)
            let before = stage.state
            let result = buyOther(&stage)
            guard let left else {
                #expect(result == .success(.coverChanged(other, .bought)))
                #expect(stage.state.task(TaskWorld.id)?.covered == .credits(150))
                continue
            }
            #expect(result.refusal == .covers(.overInsured(left: .credits(left))))
            #expect(stage.state.task(TaskWorld.id) == before.task(TaskWorld.id))
            #expect(give(&stage, .withdraw(other), by: second, key).refusal == nil)
        }
        // What one attempt's cover paid is not paid again for the next.
        _ = try give(&stage, .offer(terms { $0.amount = .credits(100) })).get()
        _ = try buy(&stage).get()
        move(&stage, .giveUp, 1)
        #expect(give(&stage, .settle(id)) == .success(.coverChanged(id, .paid)))
        move(&stage, .claim, 1)
        move(&stage, .begin, 1)
        _ = try give(&stage, .offer(terms { $0.amount = .credits(51) }), by: second, key).get()
        #expect(buyOther(&stage).refusal == .covers(.overInsured(left: .credits(50))))
        _ = try give(&stage, .withdraw(other), by: second, key).get()
        _ = try give(&stage, .offer(terms { $0.amount = .credits(50) }), by: second, key).get()
        #expect(buyOther(&stage) == .success(.coverChanged(other, .bought)))
    }

    /// The poster's word alone is no fault of the worker; that of verifiers is.
    @Test func aPosterCannotCollectByItsOwnWord() throws {
        for isOutvoted in [true, false] {
            var stage = try Stage()
            var task = TaskWorld.terms(isAttested: !isOutvoted)
            task.arbiters = []
            let post = TaskCommand.post(
                by: TaskWorld.poster, number: 1, mandate: MandateID(), task)
            _ = try stage.give(.task(post), by: TestKey.ada).get()
            move(&stage, .claim, 1)
            move(&stage, .begin, 1)
            _ = try give(&stage, .offer(terms())).get()
            _ = try buy(&stage).get()
            move(&stage, .deliver(TaskWorld.result), 1)
            if isOutvoted {
                for key in TestKey.guardians.dropFirst() {
                    let verifier = AccountID(OwnerID(firstKey: key.publicKey))
                    let confirm = TaskCommand.move(
                        by: verifier, TaskWorld.id, .confirm(Digest()))
                    _ = try stage.give(.task(confirm), by: key).get()
                }
            } else {
                move(&stage, .dispute(Digest()), 0)
            }
            #expect(stage.state.task(TaskWorld.id)?.state == .settled)
            #expect(
                give(&stage, .settle(id))
                    == .success(.coverChanged(id, isOutvoted ? .paid : .released)))
        }
    }
}
