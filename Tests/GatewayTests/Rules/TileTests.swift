// The checkpoint log as a log tool follows it: its root made again from tiles and from entries.
import JSON
import Merkle
import Platform
import Primitives
import Records
import Testing

@Suite struct TileTests {
    @Test func theRootFollowsFromTheTilesAndFromTheEntries() throws {
        let rig = try Rig()
        let client = try rig.client()
        for number in 1...5 as ClosedRange<UInt8> {
            _ = try client.export(ExportSample(SpanSample(number)))
            _ = try client.receipt("\(SpanSample.trace(1)):\(SpanSample.span(number))")
        }
        let origin = "althing/" + Cast.genesis.digest.hex.prefix(16)
        let key = try NoteKey(name: origin, publicKey: Cast.validator.publicKey)
        let note = try client.get("/checkpoint")
        #expect(note.header("content-type") == "text/plain; charset=utf-8")
        let head = try CheckpointNote.open(note.body, by: key, origin: origin).head
        #expect(head.size >= 5)
        let width = Int(head.size)
        let tile = try #require(TilePath(.hashes(level: 0), index: 0, width: width))
        let hashes = try client.get(tile.path)
        #expect(hashes.header("cache-control")?.contains("immutable") == true)
        let leaves = stride(from: 0, to: hashes.body.count, by: 32).compactMap {
            Digest(hashes.body[$0..<$0 + 32])
        }
        #expect(TileLog(leafHashes: leaves).head == head)
        let bundle = try #require(TilePath(.entries, index: 0, width: width))
        let entries = try EntryBundle.decode(try client.get(bundle.path).body)
        #expect(entries.map { LogHash.leaf($0) } == leaves)
        let header = try CheckpointHeader(decoding: try #require(entries.last))
        let shown = try client.json("/v1/checkpoints/\(header.height)")
        #expect(shown["digest"]?.string == header.digest.hex)
    }
}
