// Every member of a receipt spoiled: the refusal names the part that the member belongs to.
import JSON
import Primitives
import Records
import TestSupport
import Testing

@Suite struct ReceiptRefusalTests {
    private func receipt() throws -> Receipt {
        var generator = SeededGenerator(seed: 5)
        var columns = RecordColumns()
        columns.append(generator.record(), parents: [])
        columns.append(
            generator.record(), parents: [.row(0), .digest(.random(using: &generator))])
        columns.append(generator.record(), parents: [])
        let chain = try #require(ChainFixture())
        return try #require(chain.receipt(of: 1, in: chain.seal(columns)))
    }

    private func part(_ text: [UInt8], trusted: Digest? = nil) -> ReceiptPart? {
        do throws(ReceiptRefusal) {
            try Receipt(json: text).verify(trusted: trusted)
            return nil
        } catch {
            return error.part
        }
    }

    /// `value` with each leaf below it changed in turn: the path of the leaf and the result.
    private func variants(
        _ value: JSONValue, _ path: String, _ change: (JSONValue) -> JSONValue?
    ) -> [(path: String, value: JSONValue)] {
        switch value {
        case .object(let members):
            return members.indices.flatMap { place in
                variants(members[place].value, path + "." + members[place].key, change).map {
                    var copy = members
                    copy[place].value = $0.value
                    return ($0.path, JSONValue.object(copy))
                }
            }
        case .array(let elements):
            return elements.indices.flatMap { place in
                variants(elements[place], path + "[\(place)]", change).map {
                    var copy = elements
                    copy[place] = $0.value
                    return ($0.path, JSONValue.array(copy))
                }
            }
        default: return change(value).map { [(path, $0)] } ?? []
        }
    }

    /// Another value of the same form: the last digit turned, or the next number.
    private func neighbour(_ value: JSONValue) -> JSONValue? {
        if let number: Int = value.integer() { return .integer(number == 0 ? 1 : number - 1) }
        guard let text = value.string, let last = text.last else { return nil }
        if last == "e" || last == "k" || last == "n" { return nil }
        return .string(text.dropLast() + (last == "0" ? "1" : "0"))
    }

    private func expected(_ path: String) -> ReceiptPart {
        if path == ".format" || path.hasSuffix("kind") || path.hasSuffix("outcome") {
            return .format
        }
        if path == ".chain" || path.hasPrefix(".genesis") { return .genesis }
        if path.hasPrefix(".record") { return .record }
        if [".batch.index", ".batch.count", ".batch.root"].contains(path)
            || path.hasPrefix(".batch.path")
        {
            return .batchInclusion
        }
        if path.hasPrefix(".batch") { return .batchSignature }
        if [".checkpoint.index", ".checkpoint.items", ".checkpoint.itemsRoot"].contains(path)
            || path.hasPrefix(".checkpoint.path")
        {
            return .checkpointInclusion
        }
        return .certificate
    }

    @Test func everyMemberSpoiled() throws {
        let text = try receipt().json()
        #expect(part(text) == nil)
        let root = try JSONValue(parsing: text)
        let spoiled = variants(root, "", neighbour)
        #expect(spoiled.count == 59)
        for (path, value) in spoiled {
            // The numbers of validators 1 and 2 become those of the entries before them.
            let isOrder = path.hasPrefix(".certificate[") && path.hasSuffix("validator")
            let expected = isOrder ? ReceiptPart.format : expected(path)
            #expect(part(value.text()) == expected, "\(path)")
        }
    }

    @Test func everyMemberOfAnotherKind() throws {
        let root = try JSONValue(parsing: try receipt().json())
        let others: [JSONValue] = [
            .null, .bool(true), .array([]), .object([]), .string(""), .string("+1"),
            .number(try #require(JSONNumber("1.0"))), .integer(-1),
        ]
        for other in others {
            for (path, value) in variants(root, "", { _ in other }) {
                let isName = path == ".genesis.name" && other == .string("+1")
                #expect(part(value.text()) == (isName ? .genesis : .format), "\(path)")
            }
        }
    }

    @Test func namesThatAreKnownButAnother() throws {
        let root = try receipt()
        for kind in RecordKind.allCases where kind != root.record.kind {
            var spoiled = root
            spoiled.record.kind = kind
            #expect(part(spoiled.json()) == .record, "\(kind)")
        }
        for outcome in Outcome.allCases where outcome != root.record.outcome {
            var spoiled = root
            spoiled.record.outcome = outcome
            #expect(part(spoiled.json()) == .record, "\(outcome)")
        }
    }

    @Test func anotherChainIsNotTrusted() throws {
        let receipt = try receipt()
        #expect(part(receipt.json(), trusted: receipt.chain) == nil)
        #expect(part(receipt.json(), trusted: Digest()) == .genesis)
    }

    /// Each row also spoils what is looked at later, so that the order of the parts is seen.
    @Test func partsInTheirOrder() throws {
        var receipt = try receipt()
        receipt.checkpoint.certificate.removeLast()
        #expect(part(receipt.json()) == .certificate)
        receipt.checkpoint.path.removeLast()
        #expect(part(receipt.json()) == .checkpointInclusion)
        receipt.batch.signature = Signature()
        #expect(part(receipt.json()) == .batchSignature)
        receipt.batch.path.removeLast()
        #expect(part(receipt.json()) == .batchInclusion)
        receipt.recordDigest = Digest()
        #expect(part(receipt.json()) == .record)
        receipt.chain = Digest()
        #expect(part(receipt.json()) == .genesis)
        #expect(part(receipt.json() + [0x7D]) == .format)
    }

    @Test func everyTruncation() throws {
        let text = try receipt().json()
        for length in 0..<text.count {
            #expect(part(Array(text[..<length])) == .format, "\(length) bytes")
        }
    }
}
