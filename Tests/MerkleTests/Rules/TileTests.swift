// Tiles, their paths and the bundles of entries, after the examples of C2SP tlog-tiles.
import Primitives
import Testing

@testable import Merkle

@Suite struct TileTests {
    @Test(arguments: [
        (TilePath(.hashes(level: 0), index: 0), "/tile/0/000"),
        (TilePath(.hashes(level: 0), index: 273, width: 112), "/tile/0/273.p/112"),
        (TilePath(.hashes(level: 63), index: 999), "/tile/63/999"),
        (TilePath(.hashes(level: 1), index: 1000, width: 1), "/tile/1/x001/000.p/1"),
        (TilePath(.hashes(level: 8), index: 1_234_067), "/tile/8/x001/x234/067"),
        (TilePath(.entries, index: 1_234_067, width: 255), "/tile/entries/x001/x234/067.p/255"),
        (
            TilePath(.entries, index: .max, width: 255),
            "/tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"
        ),
    ]) func path(tile: TilePath?, text: String) {
        #expect(tile?.path == text)
        #expect(TilePath(path: text) == tile)
    }

    @Test(arguments: [
        (nil as String?, ""), ("no index", "/tile/0"), ("empty index", "/tile/0/"),
        ("no slash before", "tile/0/000"), ("other folder", "/tiles/0/000"),
        ("level 64", "/tile/64/000"), ("level -1", "/tile/-1/000"), ("level +1", "/tile/+1/000"),
        ("level 00", "/tile/00/000"), ("short group", "/tile/0/1"),
        ("long group", "/tile/0/0001"), ("needless group", "/tile/0/x000/001"),
        ("no x", "/tile/0/001/234"), ("x on the last", "/tile/0/x001"),
        ("signed group", "/tile/0/+01"), ("width 0", "/tile/0/000.p/0"),
        ("width 256", "/tile/0/000.p/256"), ("width 05", "/tile/0/000.p/05"),
        ("no width", "/tile/0/000.p"), ("empty width", "/tile/0/000.p/"),
        ("partial level", "/tile/0.p/5"), ("slash after", "/tile/0/000/"),
        ("index 2^64", "/tile/0/x018/x446/x744/x073/x709/x551/616"),
        ("index too long", "/tile/0/x001/x000/x000/x000/x000/x000/x000/000"),
        ("other digits", "/tile/0/٠٠١"),
        ("longer than any", "/tile/0/" + String(repeating: "0", count: 99)),
    ]) func refusesPath(fault: String?, text: String) {
        #expect(TilePath(path: text) == nil, "\(fault ?? "empty")")
    }

    @Test func refusesTilesThatCannotBe() {
        #expect(TilePath(.hashes(level: 64), index: 0) == nil)
        #expect(TilePath(.hashes(level: -1), index: 0) == nil)
        #expect(TilePath(.entries, index: 0, width: 0) == nil)
        #expect(TilePath(.entries, index: 0, width: 257) == nil)
    }

    @Test(arguments: [
        (70_000, 0, 273, 112), (70_000, 1, 1, 17), (70_000, 2, 0, 1), (70_000, 3, 0, 0),
        (256, 0, 1, 0), (256, 1, 0, 1), (0, 0, 0, 0), (UInt64.max, 7, 0, 255), (5, 8, 0, 0),
    ] as [(UInt64, Int, UInt64, Int)])
    func tilesOfASize(size: UInt64, level: Int, full: UInt64, partialWidth: Int) {
        let tiles = TilePath.tiles(size: size, level: level)
        #expect(tiles.full == full)
        #expect(tiles.partialWidth == partialWidth)
    }

    @Test func tilesHoldTheHashesOfTheirLevel() throws {
        let leaves = (0..<700).map { LogHash.leaf([UInt8($0 % 256), UInt8($0 / 256)]) }
        let log = TileLog(leafHashes: leaves)
        func tile(_ text: String) -> [UInt8]? { TilePath(path: text).flatMap(log.tile) }
        #expect(tile("/tile/0/001") == leaves[256..<512].flatMap(\.bytes))
        #expect(tile("/tile/0/002.p/188") == leaves[512..<700].flatMap(\.bytes))
        #expect(tile("/tile/0/001.p/3") == leaves[256..<259].flatMap(\.bytes))
        let above = [leaves[..<256], leaves[256..<512]].map {
            ReferenceTree.root($0, node: LogHash.node)
        }
        #expect(tile("/tile/1/000.p/2") == above.flatMap(\.bytes))
        let absent = [
            "/tile/0/002", "/tile/0/002.p/189", "/tile/0/003.p/1", "/tile/1/000.p/3",
            "/tile/2/000.p/1", "/tile/63/000.p/1", "/tile/entries/000",
            "/tile/0/x018/x446/x744/x073/x709/x551/615",
        ]
        for text in absent { #expect(tile(text) == nil, "\(text)") }
        let wrapping = try #require(TilePath(.hashes(level: 0), index: 1 << 56))
        #expect(log.tile(wrapping) == nil, "index times 256 is 2^64")
    }

    @Test func bundlesHoldEntriesAfterTheirLengths() throws {
        let entries = [[], [0xAA], [UInt8](repeating: 3, count: 258)]
        let bytes = try #require(EntryBundle.encode(entries))
        #expect(bytes == [0, 0, 0, 1, 0xAA, 1, 2] + [UInt8](repeating: 3, count: 258))
        #expect(try EntryBundle.decode(bytes) == entries)
        #expect(try EntryBundle.decode([]) == [])
    }

    @Test func refusesBundles() {
        #expect(EntryBundle.encode([[UInt8](repeating: 0, count: 65_536)]) == nil)
        #expect(EntryBundle.encode(Array(repeating: [], count: 257)) == nil)
        #expect(throws: DecodingFailure(.truncated, at: 2)) { try EntryBundle.decode([0, 3, 1, 2]) }
        #expect(throws: DecodingFailure(.truncated, at: 3)) { try EntryBundle.decode([0, 1, 9, 0]) }
        #expect(throws: DecodingFailure(.overLimit, at: 512)) {
            try EntryBundle.decode([UInt8](repeating: 0, count: 514))
        }
    }
}
