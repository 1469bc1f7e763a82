// The operations that the receipt of a task shows: which ones are about the task, by their bytes.
import Cryptography
import Primitives

extension TaskReceipt {
    /// Commands by which something is done about a task (docs/spec/ledger.md §2).
    private enum CommandNumber {
        static let posts: [UInt8] = [160, 208]
        static let moves: [UInt8] = [161, 209, 210, 211]
        static let answers: [UInt8] = [112, 113]
        static let stops: [UInt8] = [129, 130]
    }

    private static let domain = HashDomain("althing 2026 task v1")

    /// Each holds by §5 of docs/spec/receipt.md, is about the task, and comes after the one before.
    func verifyOperations(of task: TaskSummary) throws(ReceiptRefusal) {
        var shown: [Digest] = []
        var last: (height: UInt64, index: Int)?
        for (place, receipt) in operations.enumerated() {
            do {
                try receipt.verifyChain(trusted: chain)
            } catch {
                throw ReceiptRefusal(
                    .operations, "operation \(place + 1): \(error.part.rawValue): \(error.detail)")
            }
            guard Self.isAbout(task, receipt.operation.command, after: shown) else {
                throw ReceiptRefusal(
                    .operations, "operation \(place + 1) is not about the task")
            }
            let checkpoint = receipt.checkpoint
            let own = (checkpoint.header.height, checkpoint.index)
            if let last, last >= own {
                throw ReceiptRefusal(.operations, "the operations are not in their order")
            }
            last = own
            shown.append(receipt.digest)
        }
    }

    /// Whether a command posts or moves the task, answers an operation shown before, or stops or
    /// resumes one of its parties.
    private static func isAbout(
        _ task: TaskSummary, _ command: [UInt8], after shown: [Digest]
    ) -> Bool {
        func digest(at offset: Int) -> Digest? {
            guard command.count >= offset + Digest.width else { return nil }
            return Digest(command[offset..<offset + Digest.width])
        }
        let number = command[0]
        if CommandNumber.posts.contains(number) {
            return command.count >= 41 && Digest(domain.hash(Array(command[1..<41]))) == task.id
        }
        if CommandNumber.moves.contains(number) { return digest(at: 33) == task.id }
        if CommandNumber.answers.contains(number) {
            return digest(at: 1).map(shown.contains) ?? false
        }
        guard CommandNumber.stops.contains(number), command.count >= 2, command[1] == 1 else {
            return false
        }
        return digest(at: 2).map { $0 == task.poster || $0 == task.worker } ?? false
    }
}
