// What the receipt of a task shows of the team that divided its pay (docs/spec/receipt.md §6).
import Primitives

/// How a team divided what a task paid.
public struct TaskDivision: Hashable, Sendable {
    public struct Share: Hashable, Sendable {
        public var account: Digest
        /// Of what its lead's work earned, in ten-thousandths.
        public var part: UInt32
        public var paid: Amount
    }

    public var task: Digest
    public var lead: Digest
    /// 1 to 15.
    public var shares: [Share]
    /// To the lead.
    public var paid: Amount

    /// Bytes before the parts, of each, and behind them.
    private static let headBytes = 65
    private static let shareBytes = 52
    private static let tailBytes = 17
    private static let mostShares = 15

    /// - Parameter bytes: the value of the entry; nil where it is none whose work has ended.
    public init?(entry bytes: [UInt8]) {
        guard bytes.count > Self.headBytes, bytes.last == 0 else { return nil }
        let count = Int(bytes[Self.headBytes - 1])
        let end = Self.headBytes + count * Self.shareBytes
        guard (1...Self.mostShares).contains(count), bytes.count == end + Self.tailBytes,
            let task = Digest(bytes[..<32]), let lead = Digest(bytes[32..<64]),
            let paid = LittleEndian.number(bytes, at: end, bytes: 16)
        else { return nil }
        (self.task, self.lead, self.paid) = (task, lead, Amount(nanoCredits: paid))
        shares = (0..<count).compactMap { place in
            let start = Self.headBytes + place * Self.shareBytes
            guard let account = Digest(bytes[start..<start + 32]),
                let part = LittleEndian.number(bytes, at: start + 32, bytes: 4),
                let paid = LittleEndian.number(bytes, at: start + 36, bytes: 16)
            else { return nil }
            return Share(
                account: account, part: UInt32(truncatingIfNeeded: part),
                paid: Amount(nanoCredits: paid))
        }
    }

    /// All that it gave away; nil where that is above 2^128 - 1.
    var total: Amount? {
        var sum = paid
        for share in shares {
            guard let more = sum.adding(share.paid) else { return nil }
            sum = more
        }
        return sum
    }
}

extension TaskReceipt {
    /// How a team divided the pay; nil where the receipt shows none.
    public var division: TaskDivision? {
        guard let last = entries.last, last.isDivision else { return nil }
        return TaskDivision(entry: last.value)
    }

    func verifyDivision(
        _ entry: StateEntryPart, of task: TaskSummary
    ) throws(ReceiptRefusal) {
        guard entry.identifier(.division) == task.id,
            let division = TaskDivision(entry: entry.value)
        else {
            throw ReceiptRefusal(
                .division, "the last entry is not a division of the task that has ended")
        }
        guard let total = division.total, total <= task.earned else {
            throw ReceiptRefusal(
                .division, "the division gives away more than the task earned")
        }
    }
}

extension StateEntryPart {
    var isDivision: Bool { key.first == TaskReceipt.EntryKind.division.rawValue }
}
