// `receipt verify` on the shared vectors and on spoiled copies: part, words and status.
import Foundation
import JSON
import Primitives
import TestSupport
import Testing

@testable import Command

@Suite struct ReceiptVerifyTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Vectors/receipts").path

    /// The entries of Tests/Vectors/receipts/index.json.
    private static func vectors() throws -> [JSONValue] {
        let bytes = try LocalFiles.read(folder + "/index.json", limit: 1 << 20)
        return try JSONValue(parsing: bytes).array ?? []
    }

    @Test func vectorsAreJudgedAsTheirIndexSays() throws {
        let directory = try TemporaryDirectory()
        let vectors = try Self.vectors()
        #expect(vectors.count > 100)
        for vector in vectors {
            let name = vector.text("file")
            var line = ["receipt", "verify", Self.folder + "/" + name, "--json"]
            if let chain = vector["chain"]?.string { line += ["--chain", chain] }
            if let payload = vector["payload"]?.string {
                let file = directory.file("payload")
                try LocalFiles.write(try #require(Hex.decode(payload)), to: file)
                line += ["--payload", file]
            }
            let ending = althing(line)
            let part = vector["part"]?.string
            let json = try ending.json
            #expect(json["part"]?.string == part, "\(name)")
            #expect(json["verified"]?.bool == (part == nil), "\(name)")
            #expect(ending.code == (part == nil ? .ok : .refused), "\(name)")
            let failed = json.list("checks").filter { $0.text("result") == "failed" }
            #expect(failed.map { $0.text("part") } == (part.map { [$0] } ?? []), "\(name)")
        }
    }

    private static let sound = folder + "/accepted/batch-honest.json"

    @Test func textShowsEveryCheck() {
        let ending = althing("receipt", "verify", Self.sound)
        #expect(ending.code == .ok)
        let lines = ending.out.split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ")[0] } == [
            "format", "genesis", "record", "batchInclusion", "batchSignature",
            "checkpointInclusion", "committee", "certificate", "payload",
        ])
        #expect(lines.dropLast().allSatisfy { $0.split(separator: " ")[1] == "ok" })
        #expect(lines.last?.hasSuffix("not given") == true)
    }

    @Test(arguments: propertySeeds)
    func aSpoiledByteIsFoundAndNamed(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = try LocalFiles.read(Self.sound, limit: 1 << 20)
        let digits = bytes.indices.filter {
            (0x30...0x39).contains(bytes[$0]) || (0x61...0x66).contains(bytes[$0])
        }
        let place = try #require(digits.randomElement(using: &generator))
        bytes[place] = bytes[place] == 0x39 ? 0x38 : bytes[place] == 0x66 ? 0x65 : bytes[place] + 1
        let directory = try TemporaryDirectory()
        let file = directory.file("r.json")
        try LocalFiles.write(bytes, to: file)
        let ending = althing("receipt", "verify", file)
        #expect(ending.code == .refused, "seed \(seed), byte \(place)")
        #expect(ending.out.contains("FAILED"), "seed \(seed)")
        #expect(ending.error.hasPrefix("althing: \(file) is refused: "), "seed \(seed)")
    }

    @Test func theDemonstrationSpoilsTheRecord() throws {
        let bytes = try LocalFiles.read(Self.sound, limit: 1 << 20)
        let (spoiled, offset) = try #require(DemoReceipt.spoil(bytes))
        #expect(zip(bytes, spoiled).enumerated().filter { $0.element.0 != $0.element.1 }
            .map(\.offset) == [offset])
        let report = ReceiptReport(text: spoiled, trust: .genesis(nil), payload: nil)
        #expect(report.refusal?.part == .record)
        #expect(DemoReceipt.spoil(Array("{}".utf8)) == nil)
    }

    @Test func anAbsentFileIsAFailureAndNotARefusal() {
        #expect(althing("receipt", "verify", "/nonexistent/r.json").code == .failed)
    }

    @Test func aFileThatIsNoGenesisIsNamed() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("genesis", "nothing")
        let ending = althing("receipt", "verify", Self.sound, "--genesis", file)
        #expect(ending.code == .failed)
        #expect(ending.error.contains("\(file): not a genesis"))
    }
}
