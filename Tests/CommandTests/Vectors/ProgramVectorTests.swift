// `program vectors` on the published vectors of shared/data/pvm, and on spoiled ones.
import Foundation
import Primitives
import Testing

@testable import Command

@Suite struct ProgramVectorTests {
    /// Nil where the vectors are not on this machine.
    private static let folder: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let override = ProcessInfo.processInfo.environment["ALTHING_SHARED_DATA"]
        let data = override.map { URL(filePath: $0) } ?? root.appending(path: "../shared/data")
        let path = data.appending(path: "pvm").standardized.path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test(.enabled(if: folder != nil, "../shared/data/pvm is absent"))
    func everyVectorPasses() throws {
        let ending = althing("program", "vectors", try #require(Self.folder))
        #expect(ending.out == "154 passed, 0 failed\n")
        #expect(ending.code == .ok)
    }

    /// A program that adds 1 to register 1 and traps.
    private static let good = """
        {"name": "add", "initial-regs": [0,5,0,0,0,0,0,0,0,0,0,0,0], "initial-pc": 0,
        "initial-page-map": [{"address": 131072, "length": 4096, "is-writable": true}],
        "initial-memory": [], "initial-gas": 10, "program": [0,0,3,149,17,1,1],
        "expected-status": "panic", "expected-regs": [0,6,0,0,0,0,0,0,0,0,0,0,0],
        "expected-pc": 3, "expected-memory": [], "expected-gas": 8}
        """

    @Test(arguments: [
        ("", "", ""), ("\"panic\"", "\"halt\"", "status: panic, expected halt"),
        ("[0,6,", "[0,7,", "regs: r1 is 6, expected 7"),
        ("\"expected-pc\": 3", "\"expected-pc\": 0", "pc: 3, expected 0"),
        ("\"expected-gas\": 8", "\"expected-gas\": 9", "gas: 8, expected 9"),
        (
            "\"expected-memory\": []",
            "\"expected-memory\": [{\"address\": 131072, \"contents\": [1]}]",
            "memory at 131072: 00, expected 01"
        ),
        ("[0,0,3,", "[0,0,4,", "program: expected one that can be decoded"),
        ("\"initial-gas\": 10", "\"initial-gas\": -1", "no vector: initial-gas"),
    ])
    func theFirstDifferenceIsNamed(old: String, new: String, difference: String) throws {
        let directory = try TemporaryDirectory()
        let text = old.isEmpty ? Self.good : Self.good.replacingOccurrences(of: old, with: new)
        let file = directory.file("add.json")
        try LocalFiles.write(Array(text.utf8), to: file)
        let folder = String(file.dropLast("/add.json".count))
        let ending = althing("program", "vectors", folder)
        let isGood = difference.isEmpty
        let end = isGood ? "1 passed, 0 failed\n" : "\(file): \(difference)\n0 passed, 1 failed\n"
        #expect(ending.out == end)
        #expect(ending.code == (isGood ? .ok : .refused))
    }
}
