// One of each command and each entry of the law and the market, for the tests of their encodings.
import Primitives

@testable import Ledger

enum LawSamples {
    static let amount = Amount(nanoCredits: 1 << 70)

    static let commands: [LawCommand] = [
        .transfer(Transfer(from: World.adaAccount, to: World.boAccount, amount: amount))
    ]

    /// With the key that each belongs at.
    static let entries: [(LawKey, LawEntry)] = [
        (.account(World.boAccount), .account(Account(id: World.boAccount, balance: amount)))
    ]
}
