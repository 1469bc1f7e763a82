// The receipts of Tests/Vectors/receipts: our verifier gives the part that their index names.
import JSON
import Primitives
import Records
import TestSupport
import Testing

@Suite struct ReceiptVectorTests {
    private func verdict(_ vector: JSONValue, _ text: [UInt8]) throws -> String? {
        let trusted = try vector["chain"]?.string.map { try #require(Digest(hex: $0)) }
        let payload = try vector["payload"]?.string.map { try #require(Hex.decode($0)) }
        do throws(ReceiptRefusal) {
            switch try AnyReceipt(json: text) {
            case .record(let receipt): try receipt.verify(trusted: trusted, payload: payload)
            case .operation(let receipt):
                try receipt.verify(trusted: trusted)
                let again = try OperationReceipt(json: receipt.json(.pretty))
                #expect(again == receipt)
            case .task(let receipt):
                try receipt.verify(trusted: trusted)
                let again = try TaskReceipt(json: receipt.json(.pretty))
                #expect(again == receipt)
            case .licence(let receipt):
                try receipt.verify(trusted: trusted)
                let again = try LicenceReceipt(json: receipt.json(.pretty))
                #expect(again == receipt)
            }
            return nil
        } catch {
            return error.part.rawValue
        }
    }

    @Test func allOfThem() throws {
        let index = try #require(VectorFiles.read("receipts/index.json"))
        let vectors = try #require(try JSONValue(parsing: index).array)
        #expect(vectors.count > 1_000)
        for vector in vectors {
            let file = try #require(vector["file"]?.string)
            let text = try #require(VectorFiles.read("receipts/" + file), "\(file)")
            #expect(try verdict(vector, text) == vector["part"]?.string, "\(file)")
        }
    }
}
