// Whatever is done or refused, in whatever order: the sum of all that anybody holds is the supply.
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
        case .constitution, .conduct, .anomaly, .mandate, .approval, .rulings, .fleetStop,
            .chainStop:
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
            let command = Command.law(
                .transfer(Transfer(from: from, to: to, amount: amount(&generator))))
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
}
