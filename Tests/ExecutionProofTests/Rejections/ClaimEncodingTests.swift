// The encodings of statement and disclosure: one for each value, and none for what is too much.
import PVM
import Primitives
import Testing

@testable import ExecutionProof

@Suite struct ClaimEncodingTests {
    private func run() throws -> Run { try SingleBitTests.run() }

    private func encoded(_ statement: Statement) -> [UInt8] {
        var writer = ByteWriter()
        statement.write(to: &writer)
        return writer.bytes
    }

    private func encoded(_ disclosure: Disclosure) -> [UInt8] {
        var writer = ByteWriter()
        disclosure.write(to: &writer)
        return writer.bytes
    }

    @Test func thereAndBack() throws {
        let run = try run()
        var reader = ByteReader(encoded(run.statement))
        #expect(try Statement(reading: &reader) == run.statement)
        try reader.finish()
        reader = ByteReader(encoded(run.disclosure))
        #expect(try Disclosure(reading: &reader, runCount: 1) == run.disclosure)
        try reader.finish()
        var other = run.statement
        other.last ^= 1
        #expect(other.digest != run.statement.digest)
    }

    @Test func cutAnywhere() throws {
        let run = try run()
        let (statement, disclosure) = (encoded(run.statement), encoded(run.disclosure))
        for length in statement.indices {
            var reader = ByteReader(Array(statement[..<length]))
            #expect(throws: DecodingFailure.self) { try Statement(reading: &reader) }
        }
        for length in disclosure.indices {
            var reader = ByteReader(Array(disclosure[..<length]))
            #expect(throws: DecodingFailure.self) { try Disclosure(reading: &reader, runCount: 1) }
        }
    }

    @Test func anotherVersionAndAnotherEnd() throws {
        var bytes = encoded(try run().statement)
        bytes[0] = 2
        var reader = ByteReader(bytes)
        #expect(throws: DecodingFailure(.unknownVersion, at: 0)) {
            try Statement(reading: &reader)
        }
        // The kind of end stands behind version, three digests, entry and last.
        for (kind, pc) in [(2, 0), (1, 1)] as [(UInt8, UInt8)] {
            bytes = encoded(try run().statement)
            (bytes[105], bytes[106]) = (kind, pc)
            (bytes[107], bytes[108], bytes[109]) = (0, 0, 0)
            reader = ByteReader(bytes)
            #expect(throws: DecodingFailure(.outOfRange, at: 105)) {
                try Statement(reading: &reader)
            }
        }
    }

    /// Counts over their limits, and counts for which there are no bytes, before anything is made.
    @Test func countsThatAreTooLarge() throws {
        let run = try run()
        var bytes = encoded(run.statement)
        let place = bytes.count - 24 - 4
        for (count, reason) in [
            (UInt32.max, DecodingFailure.Reason.overLimit), (1 << 16, .truncated),
        ] {
            withUnsafeBytes(of: count.littleEndian) {
                bytes.replaceSubrange(place..<place + 4, with: $0)
            }
            var reader = ByteReader(bytes)
            #expect(throws: DecodingFailure(reason, at: place)) {
                try Statement(reading: &reader)
            }
        }
        bytes = encoded(run.disclosure)
        bytes.replaceSubrange(32..<36, with: [255, 255, 255, 255])
        var reader = ByteReader(bytes)
        #expect(throws: DecodingFailure(.overLimit, at: 32)) { try Disclosure(reading: &reader, runCount: 1) }
    }
}
