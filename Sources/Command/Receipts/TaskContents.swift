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
        case .division: return division
        case .records:
            return "\(receipt.records.count) of worker \(task.worker.hex)"
        case .operations: return operations
        default: return nil
        }
    }

    private var division: String {
        guard let division = receipt.division else { return "none shown" }
        return "by the team of \(division.lead.hex), members: \(division.shares.count)"
    }

    /// How many, and what guardians and people who stop said among them.
    private var operations: String {
        let numbers = receipt.operations.filter { $0.outcome == .done }
            .map { $0.operation.command[0] }
        let names: [(UInt8, String)] = [
            (112, "approved"), (113, "refused"), (129, "stopped"), (130, "resumed"),
        ]
        let words = names
            .map { number, word in (numbers.filter { $0 == number }.count, word) }
            .filter { $0.0 > 0 }.map { "\($0) \($1)" }
        let count = "\(receipt.operations.count) about it"
        return words.isEmpty ? count : count + ", " + words.joined(separator: ", ")
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
            ("operations", String(receipt.operations.count)),
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
        if let division = receipt.division {
            list.add("of it, the lead", payment(division.paid, division.lead))
            for share in division.shares {
                list.add("of it, a member", payment(share.paid, share.account))
            }
        }
        return list.text
    }

    private func payment(_ amount: Amount, _ account: Digest) -> String {
        "\(Quantity.credits(amount.nanoCredits)) credits to \(account.hex)"
    }

    var json: JSONMember {
        let members = facts.map { JSONMember($0.name, .string($0.value)) }
        guard let division = receipt.division else { return JSONMember("task", .object(members)) }
        let shares = division.shares.map { share in
            JSONValue.object([
                JSONMember("account", .string(share.account.hex)),
                JSONMember("part", .string(String(share.part))),
                JSONMember("paid", .string(String(share.paid.nanoCredits))),
            ])
        }
        let divided: [JSONMember] = [
            JSONMember("lead", .string(division.lead.hex)),
            JSONMember("paid", .string(String(division.paid.nanoCredits))),
            JSONMember("members", .array(shares)),
        ]
        return JSONMember("task", .object(members + [JSONMember("division", .object(divided))]))
    }
}
