// The accounts chapter: who may move money, from where to where, and every refusal in order.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct AccountsTests {
    private let transfer = Transfer(
        from: World.scoutAccount, to: World.boAccount, amount: .credits(5))

    private func changed(_ change: (inout Transfer) -> Void) -> Command {
        var transfer = transfer
        change(&transfer)
        return .law(.transfer(transfer))
    }

    private var effect: Effect {
        .law(.transferred(from: World.scoutAccount, to: World.boAccount, .credits(5)))
    }

    @Test func refusalsInOrder() throws {
        let request = Request(asScout: .transfer(transfer), try World.rich())
        climb(
            request, to: effect,
            [
                Rung(.law(.accounts(.insufficient(balance: .credits(1_000))))) {
                    $0.command = changed { $0.amount = Amount(nanoCredits: 1_000_000_000_001) }
                },
                Rung(.law(.accounts(.receiverUnknown))) {
                    $0.command = changed {
                        $0.amount = .credits(2_000)
                        $0.to = AccountID(World.unknown)
                    }
                },
                Rung(.law(.accounts(.sameAccount))) {
                    $0.command = changed {
                        $0.amount = .credits(2_000)
                        $0.to = World.scoutAccount
                    }
                },
                Rung(.law(.accounts(.zeroAmount))) {
                    $0.command = changed {
                        $0.amount = .zero
                        $0.to = World.scoutAccount
                    }
                },
                Rung(.law(.standing(.agentNotActive))) {
                    $0.key = TestKey.ada
                    $0.command = changed { $0.from = AccountID(World.idle) }
                },
                Rung(.law(.standing(.notAllowed))) { $0.key = TestKey.scout },
                Rung(.law(.standing(.accountUnknown))) {
                    $0.command = changed { $0.from = World.otherAccount }
                },
                Rung(.law(.standing(.ownerUnknown))) { $0.owner = OwnerID(repeating: 7) },
            ] + .beforeChapters(expecting: 1))
    }

    @Test(arguments: [
        (TestKey.ada, World.adaAccount, true), (TestKey.ada, World.scoutAccount, true),
        (TestKey.scout, World.scoutAccount, true), (TestKey.scout, World.adaAccount, false),
        (TestKey.bo, World.scoutAccount, false), (TestKey.other, World.scoutAccount, false),
        (TestKey.submitter, World.scoutAccount, false),
    ])
    func whoMayAct(key: SigningKey, from: AccountID, isAllowed: Bool) throws {
        var request = Request(changed { $0.from = from }, state: try World.rich())
        request.key = key
        let found = outcome(&request)
        #expect((found != .failure(.law(.standing(.notAllowed)))) == isAllowed)
        #expect((try? found.get()) != nil || !isAllowed)
    }

    @Test func everythingMayGo() throws {
        var request = Request(
            asScout: .transfer(
                Transfer(from: World.scoutAccount, to: .fees, amount: .credits(1_000))),
            try World.rich())
        _ = try request.run()
        #expect(request.state.account(World.scoutAccount).balance == .zero)
        #expect(request.state.account(.fees).balance == .credits(1_000))
        let keys = request.state.takeChanges().map(\.key)
        #expect(
            keys == [
                .law(.account(World.scoutAccount)), .law(.account(.fees)),
                .law(.conduct(World.scout)),
                .signer(TestKey.scout.publicKey),
            ])
    }

    @Test func amountsAtTheEndOfTheirRange() throws {
        let state = try World.rich()
        let most = Amount(nanoCredits: .max)
        var request = Request(asScout: .transfer(transfer), state)
        request.command = changed { $0.amount = most }
        #expect(
            outcome(&request)
                == .failure(.law(.accounts(.insufficient(balance: .credits(1_000))))))
        var full = state
        full.set(Account(id: World.boAccount, balance: most))
        request = Request(asScout: .transfer(transfer), full)
        #expect(outcome(&request) == .failure(.law(.accounts(.overflow))))
        #expect(request.state.account(World.scoutAccount).balance == .credits(1_000))
    }

    @Test(arguments: [1, 3, 4, 7, 128]) func supplyIsSharedByTheFirstSeats(count: Int) {
        let shares = (0..<count).map { Supply.share(ofSeat: $0, of: count).nanoCredits }
        #expect(shares.reduce(0, +) == Supply.total.nanoCredits)
        #expect(shares.dropFirst().allSatisfy { $0 == shares.last && $0 <= shares[0] })
        let state = World.validators(count)
        let held = (0..<count).map {
            state.account(AccountID(OwnerID(firstKey: World.seat($0)))).balance.nanoCredits
        }
        #expect(held == shares)
        #expect(Supply.share(ofSeat: 0, of: 0) == .zero)
    }
}
