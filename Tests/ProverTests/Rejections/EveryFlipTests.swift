// Every byte of a proof, and every bit of every committed word, counts for the verifier: a share of
// them always, all of them where the environment names ALTHING_EVERY_FLIP.
import Foundation
import PVM
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct EveryFlipTests {
    private static let isWhole = ProcessInfo.processInfo.environment["ALTHING_EVERY_FLIP"] != nil

    /// Places of `count` that this share looks at; a share of 0 is one in `most`.
    private func places(_ count: Int, share: Int, most: Int) -> StrideTo<Int> {
        Self.isWhole
            ? stride(from: share, to: count, by: 8) : stride(from: share, to: count, by: most)
    }

    /// Eight shares; the whole is 10,000 bytes.
    @Test(arguments: 0..<8) func everyByteOfAProof(share: Int) throws {
        let run = try ProvenRun.whole(limit: 1)
        let bytes = try #require(run.proof()).encoded
        for place in places(bytes.count, share: share, most: 128) {
            var flipped = bytes
            flipped[place] ^= 1 << UInt8(place % 8)
            let passes = (try? RunProof(decoding: flipped).check(of: run.trace.program)) != nil
            #expect(!passes, "byte \(place)")
        }
    }

    /// Sixteen steps that leave no row unused; the whole is 70,000 proofs.
    @Test(arguments: 0..<8) func everyBitOfEveryCommittedWord(share: Int) throws {
        var run = try ProvenRun.full()
        #expect(run.isAccepted)
        for witness in run.witnesses { #expect(witness.active == witness.rowCount) }
        let words = run.witnesses.map(\.words.count)
        for place in places(64 * words.reduce(0, +), share: share, most: 1 << 14) {
            var (table, word) = (0, place / 64)
            while word >= words[table] {
                word -= words[table]
                table += 1
            }
            run.witnesses[table].words[word] ^= 1 << UInt64(place % 64)
            #expect(!run.isAccepted, "table \(table), word \(word), bit \(place % 64)")
            run.witnesses[table].words[word] ^= 1 << UInt64(place % 64)
        }
    }
}

extension ProvenRun {
    /// Sixteen steps that use every row of every table.
    static func full() throws -> ProvenRun {
        try ProvenRun(
            TestPrograms.everyTable, [0, 0x20000, 0, 0xFEDC_BA98_7654_3210, 0, 0, 0, 5, 0, 0, 77])
    }
}
