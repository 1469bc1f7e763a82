// What a receipt shows of a task: the part of its entry that stands at fixed places
// (docs/spec/receipt.md §6).
import Primitives

public struct TaskSummary: Hashable, Sendable {
    public var id: Digest
    public var poster: Digest
    /// Who paid, and got back what was not paid out.
    public var payer: Digest
    /// Zero for none.
    public var mandate: Digest
    /// Zero where nobody was working at the end.
    public var worker: Digest
    /// What was delivered last; zero for nothing.
    public var result: Digest
    /// `docs/spec/tasks.md` §2.
    public var state: UInt8
    /// Of the market, in millionths.
    public var fee: UInt32
    /// Versions of the constitutions of poster and worker; 0 for an owner.
    public var posterLaw: UInt64
    public var workerLaw: UInt64
    /// Paid to workers.
    public var earned: Amount
    /// Paid to the market.
    public var charged: Amount
    public var ended: Instant
    /// How it was verified: 1 to 4, `docs/spec/tasks.md` §1.
    public var verification: UInt8

    /// Bytes that are looked at.
    public static let bytes = 254
    /// Names of the final states and of the ways of verification.
    public static let states: [UInt8: String] = [
        5: "complete", 6: "cancelled", 7: "failed", 9: "settled",
    ]
    public static let verifications: [UInt8: String] = [
        1: "attested", 2: "redundant", 3: "reexecuted", 4: "proven",
    ]

    /// - Parameter bytes: the value of the task's entry; nil where it is too short.
    public init?(entry bytes: [UInt8]) {
        guard bytes.count >= Self.bytes else { return nil }
        func digest(_ place: Int) -> Digest {
            Digest(bytes[32 * place..<32 * (place + 1)]) ?? Digest()
        }
        func number(_ offset: Int, _ width: Int) -> UInt128 {
            LittleEndian.number(bytes, at: offset, bytes: width) ?? 0
        }
        (id, poster, payer) = (digest(0), digest(1), digest(2))
        (mandate, worker, result) = (digest(3), digest(4), digest(5))
        state = bytes[192]
        fee = UInt32(truncatingIfNeeded: number(193, 4))
        posterLaw = UInt64(truncatingIfNeeded: number(197, 8))
        workerLaw = UInt64(truncatingIfNeeded: number(205, 8))
        earned = Amount(nanoCredits: number(213, 16))
        charged = Amount(nanoCredits: number(229, 16))
        ended = Instant(nanoseconds: UInt64(truncatingIfNeeded: number(245, 8)))
        verification = bytes[253]
    }

    /// Whether nothing follows, and the way of verification is known.
    var isFinal: Bool {
        Self.states[state] != nil && Self.verifications[verification] != nil
    }
}
