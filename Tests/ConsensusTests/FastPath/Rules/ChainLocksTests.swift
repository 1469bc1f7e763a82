// When an update is locked and why it is not, when it is confirmed: a row for each rule.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct ChainLocksTests {
    static let rules = FastPathRules(quorum: 3)
    static let reference = CertificateReference(
        proposal: Digest(repeating: 1), certified: .all(count: 1))

    typealias Given = @Sendable (inout ChainLocks) -> Void

    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let given: Given
        let update: Update
        let reason: RejectReason?
        var testDescription: String { name }

        init(_ name: String, _ given: @escaping Given, _ update: Update, _ reason: RejectReason?) {
            self.name = name
            self.given = given
            self.update = update
            self.reason = reason
        }
    }

    /// The chain is at sequence 4, attempt 1.
    static func chain() -> ChainLocks {
        ChainLocks(head: TestUpdates.head(1, 4, attempt: 1), rules: rules)
    }

    static func update(_ sequence: UInt64, version: UInt8 = 0) -> Update {
        TestUpdates.update(1, sequence, version: version, attempt: 1)
    }

    static func unnamed(_ sequence: UInt64) -> Update {
        TestUpdates.update(1, sequence, attempt: 1, previous: .some(nil))
    }

    static func lock(_ update: Update) -> Given { { _ = $0.lock(update, for: Seat(0)) } }
    static func certify(_ update: Update) -> Given {
        {
            _ = $0.hold(update, reference, run: 8)
            _ = $0.advance()
        }
    }
    static let nothing: Given = { _ in }
    static let unlock: Given = { _ = $0.unlock(update(5).slot) }

    static let rows: [Row] = [
        Row("next", nothing, update(5), nil),
        Row("next, unnamed", nothing, unnamed(5), nil),
        Row("attempt below", nothing, TestUpdates.update(1, 5), .voided),
        Row("attempt above", nothing, TestUpdates.update(1, 5, attempt: 2), .early),
        Row("carried out", nothing, update(4), .past),
        Row("attempt comes before sequence", nothing, TestUpdates.update(1, 4), .voided),
        Row("gap", nothing, update(6), .gap),
        Row("other predecessor", nothing,
            TestUpdates.update(1, 5, attempt: 1, previous: Digest(repeating: 9)), .wrongPrevious),
        Row("far", nothing, update(13), .overLimit),
        Row("same again", lock(update(5)), update(5), nil),
        Row("held by a lock", lock(update(5, version: 1)), update(5),
            .held(by: update(5, version: 1).digest)),
        Row("held by a certificate", certify(update(5, version: 1)), update(5),
            .held(by: update(5, version: 1).digest)),
        Row("certified and not locked", certify(update(5)), update(5), nil),
        Row("upon a lock", lock(update(5)), update(6), nil),
        Row("upon another lock", lock(update(5, version: 1)), update(6), .wrongPrevious),
        Row("upon a certificate", certify(update(5)), update(6), nil),
        Row("unnamed, upon a lock", lock(update(5)), unnamed(6), .gap),
        Row("unnamed, upon a certificate", certify(update(5)), unnamed(6), nil),
        Row("unlocking", unlock, update(5), .unlocking),
        Row("above what is unlocked",
            {
                lock(update(5))(&$0)
                unlock(&$0)
            }, update(6), .unlocking),
    ]

    @Test(arguments: rows) func anUpdateIsLockedOrNot(row: Row) {
        var chain = Self.chain()
        row.given(&chain)
        #expect(chain.refusal(of: row.update, isClosing: false, run: 8) == row.reason)
        #expect(chain.refusal(of: row.update, isClosing: true, run: 8) == .closed)
    }

    @Test func aCertificateBeatsTheOwnLockBelow() {
        var chain = Self.chain()
        Self.lock(Self.update(5, version: 1))(&chain)
        Self.certify(Self.update(5))(&chain)
        #expect(chain.refusal(of: Self.update(6), isClosing: false, run: 8) == nil)
    }

    @Test func confirmsGoUpwardsWithoutGaps() {
        var chain = Self.chain()
        Self.certify(Self.update(6))(&chain)
        #expect(!chain.mayConfirm(Self.update(6), isClosing: false))
        Self.certify(Self.update(5))(&chain)
        #expect(chain.mayConfirm(Self.update(5), isClosing: false))
        #expect(chain.mayConfirm(Self.update(6), isClosing: false))
        #expect(!chain.mayConfirm(Self.update(6), isClosing: true))
        #expect(chain.certifiedCount == 2)
        #expect(!chain.mayConfirm(Self.update(5, version: 1), isClosing: false))
        #expect(!chain.mayConfirm(TestUpdates.update(1, 3), isClosing: false), "an old attempt")
        #expect(chain.mayConfirm(Self.update(3), isClosing: false), "carried out")
    }

    @Test func anUnlockStopsConfirmsFromItsSlotOn() {
        var chain = Self.chain()
        Self.certify(Self.update(5))(&chain)
        Self.certify(Self.update(6))(&chain)
        #expect(chain.unlock(Self.update(6).slot) == true)
        #expect(chain.mayConfirm(Self.update(5), isClosing: false))
        #expect(!chain.mayConfirm(Self.update(6), isClosing: false))
        #expect(chain.shown(at: 6) == Self.reference)
        #expect(chain.shown(at: 7) == nil)
        _ = chain.execute(through: TestUpdates.head(1, 6, attempt: 1))
        #expect(chain.unlockingFrom == nil)
        #expect(chain.unlock(Self.update(6).slot) == false, "carried out")
        #expect(chain.unlock(TestUpdates.update(1, 7).slot) == false, "another attempt")
    }

    @Test func theHeadTakesSlotsAway() {
        var chain = Self.chain()
        for sequence in 5...7 as ClosedRange<UInt64> { Self.lock(Self.update(sequence))(&chain) }
        Self.certify(Self.update(5))(&chain)
        #expect(chain.execute(through: TestUpdates.head(1, 3, attempt: 1)).isEmpty, "older")
        #expect(chain.execute(through: TestUpdates.head(1, 5, attempt: 1)).count == 1)
        #expect(chain.certifiedCount == 0)
        #expect(chain.refusal(of: Self.update(6), isClosing: false, run: 8) == nil)
        #expect(chain.execute(through: TestUpdates.head(1, 5, attempt: 2)).count == 2, "voided")
        #expect(chain.isIdle)
    }

    @Test func aSecondCertificateOfASlotIsAConflict() {
        var chain = Self.chain()
        let other = CertificateReference(
            proposal: Digest(repeating: 2), certified: .all(count: 1))
        #expect(chain.hold(Self.update(5), Self.reference, run: 8) == .held)
        #expect(chain.hold(Self.update(5), other, run: 8) == .known)
        #expect(chain.hold(Self.update(5, version: 1), other, run: 8) == .conflict(Self.reference))
        #expect(chain.hold(Self.update(4), other, run: 8) == .known)
        #expect(chain.hold(TestUpdates.update(1, 5), other, run: 8) == .outside)
        #expect(chain.hold(Self.update(13), other, run: 8) == .outside)
    }
}
