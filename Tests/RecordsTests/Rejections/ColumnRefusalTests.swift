// Bodies that are not the canonical encoding of their rows, each refused for its fault.
import Primitives
import Records
import TestSupport
import Testing

@Suite struct ColumnRefusalTests {
    private func reason(_ bytes: [UInt8]) -> DecodingFailure.Reason? {
        do throws(DecodingFailure) {
            _ = try RecordColumns(decoding: bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    private func check(
        _ name: String, _ expected: DecodingFailure.Reason, _ change: (inout HandmadeBody) -> Void,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let found = reason(HandmadeBody().spoiled(change))
        #expect(found == expected, "\(name)", sourceLocation: location)
    }

    @Test func handmadeBodyIsCanonical() throws {
        let bytes = HandmadeBody().bytes
        let columns = try RecordColumns(decoding: bytes)
        #expect(columns.unpacked().encoded() == bytes)
        #expect(Array(columns.parents(at: 1)) == [.row(0), .digest(Digest(repeating: 9))])
    }

    @Test func frame() {
        check("version 0", .unknownVersion) { $0.version = 0 }
        check("version 2", .unknownVersion) { $0.version = 2 }
        check("no rows", .overLimit) { $0.count = 0 }
        check("65,537 rows", .overLimit) { $0.count = 65_537 }
        check("2^32 - 1 rows", .overLimit) { $0.count = .max }
        check("a row more than there is", .outOfRange) { $0.count = 3 }
        check("a row less than there is", .outOfRange) { $0.count = 1 }
        check("a byte after the end", .trailingBytes) { $0.trailing = [0] }
    }

    @Test func tables() {
        check("an empty table", .outOfRange) { $0.agents = [] }
        check("more entries than rows", .outOfRange) {
            $0.agents = [1, 2, 3].map { AgentID(repeating: $0) }
        }
        check("2^32 - 1 entries", .outOfRange) { $0.agentTotal = .max }
        check("an entry twice", .notCanonical) { $0.runs[1] = $0.runs[0] }
        check("an unused entry", .notCanonical) { $0.agents.append(AgentID(repeating: 2)) }
        check("out of order", .notCanonical) { $0.columns[HandmadeBody.run].values = [1, 0] }
        check("an index past the table", .outOfRange) {
            $0.columns[HandmadeBody.run].values = [0, 2]
        }
        check("an index far past the table", .outOfRange) {
            $0.columns[HandmadeBody.agent] = .init(width: 8, base: 0, values: [0, .max])
        }
    }

    @Test func numbers() {
        let column = HandmadeBody.duration
        check("width 9", .outOfRange) { $0.columns[column].width = 9 }
        check("width 255", .outOfRange) { $0.columns[column].width = 255 }
        check("a width too large", .notCanonical) { $0.columns[column].width = 3 }
        check("the largest width for zeros", .notCanonical) {
            $0.columns[column] = .init(width: 8, base: 5, values: [0, 0])
        }
        check("base not the smallest value", .notCanonical) {
            $0.columns[column] = .init(width: 2, base: 999, values: [1, 301])
        }
        check("equal values with a width", .notCanonical) {
            $0.columns[column] = .init(width: 1, base: 7, values: [0, 0])
        }
        check("a sum past 2^64", .outOfRange) {
            $0.columns[column] = .init(width: 1, base: .max, values: [0, 1])
        }
        check("a sum far past 2^64", .outOfRange) {
            $0.columns[column] = .init(width: 8, base: .max, values: [0, .max])
        }
    }

    @Test func namesOfKindsAndOutcomes() {
        let cases: [(Int, UInt64, UInt64)] = [
            (HandmadeBody.kind, 0, 0), (HandmadeBody.kind, 0, 1), (HandmadeBody.kind, 8, 0),
            (HandmadeBody.kind, 7, 1), (HandmadeBody.kind, 256, 0), (HandmadeBody.outcome, 0, 0),
            (HandmadeBody.outcome, 4, 0), (HandmadeBody.outcome, 3, 1),
        ]
        for (column, base, difference) in cases {
            check("column \(column) from \(base)", .outOfRange) {
                $0.columns[column] = .init(
                    width: difference == 0 ? 0 : 1, base: base, values: [0, difference])
            }
        }
    }

    @Test func parents() {
        let flag: UInt32 = 1 << 31
        check("257 parents", .outOfRange) {
            $0.columns[HandmadeBody.parentCount] = .init(width: 2, base: 0, values: [0, 257])
        }
        check("fewer than the rows have", .outOfRange) { $0.parentTotal = 1 }
        check("more than the rows have", .outOfRange) { $0.parentTotal = 3 }
        check("2^32 - 1 of them", .outOfRange) { $0.parentTotal = .max }
        check("the row itself", .outOfRange) { $0.parents[0] = 1 }
        check("a later row", .outOfRange) { $0.parents[0] = 2 }
        check("the last number of a row", .outOfRange) { $0.parents[0] = flag - 1 }
        check("outside, from 1 on", .notCanonical) { $0.parents[1] = flag | 1 }
        check("outside, twice the same", .notCanonical) { $0.parents = [flag, flag] }
        check("outside, out of order", .notCanonical) {
            $0.parents = [flag | 1, flag]
            $0.external.append(Digest(repeating: 8))
        }
        check("outside, unused", .notCanonical) { $0.external.append(Digest(repeating: 8)) }
        check("outside, missing", .notCanonical) { $0.external = [] }
        check("outside, more than parents", .outOfRange) { $0.externalTotal = 3 }
    }

    @Test func everyTruncation() {
        let bytes = HandmadeBody().bytes
        for length in 0..<bytes.count {
            let found = reason(Array(bytes[..<length]))
            #expect(found == .truncated, "\(length) of \(bytes.count) bytes")
        }
    }

    @Test func bodyOverTheLimit() {
        let bytes = [UInt8](repeating: 0, count: Limits.batchBytes + 1)
        #expect(reason(bytes) == .overLimit)
    }

    /// What is accepted encodes to itself, whatever was turned.
    @Test(arguments: propertySeeds) func spoiledBodiesAreRefusedOrCanonical(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let body = RandomColumns(rows: 6, using: &generator).columns.encoded()
        var accepted = 0
        for _ in 0..<300 {
            let bit = Int.random(in: 0..<body.count * 8, using: &generator)
            let spoiled = body.flipping(bit: bit)
            guard reason(spoiled) == nil else { continue }
            accepted += 1
            let again = try RecordColumns(decoding: spoiled).unpacked().encoded()
            #expect(again == spoiled, "seed \(seed), bit \(bit)")
        }
        #expect(accepted > 0, "seed \(seed): a turned bit of a payload digest is another body")
    }
}
