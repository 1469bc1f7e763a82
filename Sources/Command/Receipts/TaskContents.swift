// What the receipt of a task says: who paid whom for what, verified how, by whose leave.
import JSON
import Primitives
import Records

struct TaskContents {
    private let receipt: TaskReceipt
    private let task: TaskSummary?

    init(_ receipt: TaskReceipt) { (self.receipt, task) = (receipt, receipt.task) }

    /// What a part was about; nil for those that all receipts have.
    func meaning(_ part: ReceiptPart) -> String? {
        guard let task else { return nil }
        switch part {
        case .format: return TaskReceipt.formatName
        case .state:
            return "\(receipt.entries.count) entries of checkpoint "
                + "\(receipt.checkpoint.header.height)"
        case .task: return "\(state), \(verification): task \(task.id.hex)"
        case .mandate: return task.mandate.isZero ? "none" : task.mandate.hex
        case .law:
            return "poster by \(law(task.posterLaw)), worker by \(law(task.workerLaw))"
        case .records:
            return "\(receipt.records.count) of worker \(task.worker.hex)"
        default: return nil
        }
    }

    private func law(_ version: UInt64) -> String {
        version == 0 ? "no constitution" : "version \(version) of its constitution"
    }

    private var state: String { task.flatMap { TaskSummary.states[$0.state] } ?? "" }
    private var verification: String {
        task.flatMap { TaskSummary.verifications[$0.verification] } ?? ""
    }

    private var facts: [(name: String, value: String)] {
        guard let task else { return [] }
        return [
            ("task", task.id.hex), ("state", state), ("verification", verification),
            ("poster", task.poster.hex), ("payer", task.payer.hex),
            ("mandate", task.mandate.isZero ? "" : task.mandate.hex), ("worker", task.worker.hex),
            ("result", task.result.hex), ("earned", String(task.earned.nanoCredits)),
            ("charged", String(task.charged.nanoCredits)),
            ("feeMillionths", String(task.fee)), ("posterLaw", String(task.posterLaw)),
            ("workerLaw", String(task.workerLaw)), ("ended", String(task.ended.nanoseconds)),
            ("records", String(receipt.records.count)),
        ]
    }

    /// One line for each fact.
    var text: String {
        var list = Facts()
        for fact in facts where fact.name == "earned" || fact.name == "charged" {
            let credits = Quantity.credits(UInt128(fact.value) ?? 0)
            list.add(fact.name == "earned" ? "worker was paid" : "market fee", credits + " credits")
        }
        for fact in facts where ["poster", "payer", "worker", "result"].contains(fact.name) {
            list.add(fact.name, fact.value)
        }
        return list.text
    }

    var json: JSONMember {
        JSONMember(
            "task", .object(facts.map { JSONMember($0.name, .string($0.value)) }))
    }
}
