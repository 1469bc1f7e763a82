// A receipt of any kind, told apart by the member `format` (docs/spec/receipt.md §5).
import JSON
import Primitives

public enum AnyReceipt: Hashable, Sendable {
    case record(Receipt)
    case operation(OperationReceipt)
    case task(TaskReceipt)
    case licence(LicenceReceipt)

    /// Reads the text of a receipt of any kind.
    ///
    /// - Throws: a refusal of the part `format` that names the member.
    public init(json text: [UInt8]) throws(ReceiptRefusal) {
        let root = try Self.document(text, limit: TaskReceipt.textBytes).root
        switch root["format"]?.string {
        case TaskReceipt.formatName: self = .task(try TaskReceipt(root))
        case LicenceReceipt.formatName: self = .licence(try LicenceReceipt(root))
        case OperationReceipt.formatName: self = .operation(try OperationReceipt(json: text))
        default: self = .record(try Receipt(json: text))
        }
    }

    /// The JSON of at most `limit` bytes.
    static func document(_ text: [UInt8], limit: Int) throws(ReceiptRefusal) -> JSONDocument {
        guard text.count <= limit else {
            throw ReceiptRefusal(.format, "longer than \(limit) bytes")
        }
        do {
            return try JSONDocument(text)
        } catch {
            throw ReceiptRefusal(.format, "not JSON: \(error.reason) at byte \(error.offset)")
        }
    }
}
