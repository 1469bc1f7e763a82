// Records, bodies, batches and checkpoints against the bytes of an independent encoder.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Records

@Suite struct RecordVectorTests {
    @Test func rowsAndDigests() throws {
        let vectors = try RecordVectors()
        let singles = try #require(vectors.root["single"]?.array)
        #expect(singles.count == 4)
        for vector in singles {
            let fields = try #require(vector["record"])
            var record = try RecordVectors.record(fields)
            for case .digest(let parent) in try RecordVectors.parents(fields) {
                record.parents.append(parent)
            }
            var row = [UInt8](repeating: 0xFF, count: RecordRow.width)
            row.withUnsafeMutableBytes { RecordRow.write(record, to: $0.baseAddress!) }
            let name = vector["name"]?.string ?? "?"
            #expect(Hex.encode(row) == vector["row"]?.string, "\(name)")
            #expect(record.digest.hex == vector["digest"]?.string, "\(name)")
        }
    }

    private func columns(_ vectors: RecordVectors) throws -> RecordColumns {
        var columns = RecordColumns()
        for fields in try #require(vectors.root["batch"]?["records"]?.array) {
            columns.append(
                try RecordVectors.record(fields), parents: try RecordVectors.parents(fields))
        }
        return columns
    }

    @Test func bodyAndDigestsOfABatch() throws {
        let vectors = try RecordVectors()
        let columns = try columns(vectors)
        #expect(columns.encoded() == (try vectors.batch("body")))
        let digests = try #require(vectors.root["batch"]?["digests"]?.array).map(\.string)
        #expect(columns.recordDigests().map(\.hex) == digests)
        let decoded = try RecordColumns(decoding: try vectors.batch("body"))
        #expect(decoded.recordDigests().map(\.hex) == digests)
    }

    @Test func sealedBatch() throws {
        let vectors = try RecordVectors()
        let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        var header = BatchHeader()
        header.chain = Digest(repeating: 0xC1)
        header.submitter = SubmitterID(repeating: 0x5B)
        header.sequence = 7
        header.previous = Digest(repeating: 0xB0)
        header.closed = Instant(nanoseconds: 1_700_000_001_000_000_000)
        let sealed = CheckedBatch(sealing: try columns(vectors), header: header, key: key)
        #expect(sealed.batch.header.encoded == (try vectors.batch("header")))
        #expect(sealed.digest.bytes == (try vectors.batch("digest")))
        #expect(sealed.batch.signature.bytes == (try vectors.batch("signature")))
        let leaf = CheckpointItem.batch(sealed.digest).leaf
        #expect(leaf.bytes == (try vectors.batch("batchItem")))
        let other = CheckpointItem.operation(sealed.digest).leaf
        #expect(other.bytes == (try vectors.batch("operationItem")))
    }

    @Test func checkpointOfFour() throws {
        let vectors = try RecordVectors()
        let genesis = try Genesis(decoding: try vectors.checkpoint("genesis"))
        #expect(genesis.name == "þing")
        #expect(genesis.encoded == (try vectors.checkpoint("genesis")))
        #expect(genesis.digest.bytes == (try vectors.checkpoint("chain")))
        #expect(genesis.committee.digest.bytes == (try vectors.checkpoint("committee")))
        let header = try CheckpointHeader(decoding: try vectors.checkpoint("header"))
        #expect(header.height == 3 && header.items == 5 && header.records == 1 << 33)
        #expect(header.encoded == (try vectors.checkpoint("header")))
        #expect(header.digest.bytes == (try vectors.checkpoint("digest")))
        let signatures = try #require(vectors.root["checkpoint"]?["signatures"]?.array)
        let certificate = try signatures.enumerated().map { index, text in
            let bytes = try RecordVectors.bytes(text)
            return CheckpointSignature(
                validator: UInt16(index), signature: try #require(Signature(bytes)))
        }
        #expect(certificate.count == 4)
        #expect(genesis.committee.certifies(header, by: certificate))
    }
}
