// Many posts and moves under one signature, for owners who give work by the thousand.
import Primitives

/// Posts and moves of one owner's account, in order. Each is made or passed over by itself; what
/// agents do is judged one by one, so that they have no batches.
public struct TaskBatch: Hashable, Sendable {
    public enum Entry: Hashable, Sendable {
        case post(number: UInt64, TaskTerms)
        /// Only moves that carry no run, no proof and no deposit.
        case move(PostedTaskID, TaskMove)
    }

    public var account: AccountID
    /// 1...`most`.
    public var entries: [Entry]

    public static let most = 1_024

    public init(account: AccountID, entries: [Entry]) {
        (self.account, self.entries) = (account, entries)
    }

    /// What all posts together pay in; nil where it passes 2^128 - 1.
    var price: Amount? {
        var sum = Amount.zero
        for case .post(_, let terms) in entries {
            guard let price = terms.price, let more = sum.adding(price) else { return nil }
            sum = more
        }
        return sum
    }
}

extension TaskMove {
    /// Whether it may stand in a batch.
    var isPlain: Bool {
        switch self {
        case .assign, .claim, .begin, .deliver, .giveUp, .accept, .dispute, .confirm, .arbitrate,
            .cancel, .expire: true
        case .deliverRun, .prove, .challenge, .trace, .pick, .show: false
        }
    }
}

extension TaskBatch {
    private enum Tag: UInt8 { case post = 1, move }

    func write(to writer: inout ByteWriter) {
        writer.write(account)
        writer.write(UInt16(clamping: entries.count))
        for entry in entries {
            switch entry {
            case .post(let number, let terms):
                writer.write(Tag.post.rawValue)
                writer.write(number)
                terms.write(to: &writer)
            case .move(let task, let move):
                writer.write(Tag.move.rawValue)
                writer.write(task)
                move.write(to: &writer)
            }
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        account = try reader.read()
        let start = reader.offset
        let count = Int(try reader.read(UInt16.self))
        guard (1...Self.most).contains(count) else {
            throw DecodingFailure(.overLimit, at: start)
        }
        entries = []
        for _ in 0..<count {
            let start = reader.offset
            switch Tag(rawValue: try reader.read()) {
            case .post:
                entries.append(.post(number: try reader.read(), try TaskTerms(from: &reader)))
            case .move:
                let task: PostedTaskID = try reader.read()
                let move = try TaskMove(from: &reader)
                guard move.isPlain else { throw DecodingFailure(.outOfRange, at: start) }
                entries.append(.move(task, move))
            case nil: throw DecodingFailure(.outOfRange, at: start)
            }
        }
    }
}

extension ExecutionState {
    /// Makes what can be made of a batch, in order.
    ///
    /// - Returns: how many of its entries were made.
    /// - Throws: `notAllowed` where the account is no owner's; where nothing could be made, what
    ///   the first entry is refused for.
    mutating func make(_ batch: TaskBatch, at time: Instant) throws(TaskFailure) -> Int {
        guard owner(OwnerID(batch.account)) != nil else { throw .notAllowed }
        var first: TaskFailure?
        var made = 0
        for entry in batch.entries {
            do throws(TaskFailure) {
                switch entry {
                case .post(let number, let terms):
                    let wish = TaskWish(
                        id: PostedTaskID(of: batch.account, number: number),
                        poster: batch.account, payer: batch.account, mandate: MandateID())
                    _ = try post(wish, terms, at: time)
                case .move(let task, let move):
                    guard move.isPlain else { throw .wrongVerification }
                    _ = try self.move(task, move, by: batch.account, at: time, proofs: .open)
                }
                made += 1
            } catch {
                first = first ?? error
            }
        }
        if made == 0, let first { throw first }
        return made
    }
}
