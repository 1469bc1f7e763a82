// A transcript tells apart whatever could be confused.
import BinaryFields
import Ligerito
import Testing

@Suite struct TranscriptTests {
    private func challenge(_ build: (inout Transcript) -> Void) -> GF128 {
        var transcript = Transcript()
        build(&transcript)
        return transcript.challenge()
    }

    @Test func whatIsAbsorbedMatters() {
        let zeros = [UInt8](repeating: 0, count: 64)
        let all = [
            challenge { _ in },
            challenge { $0.absorb(.statement, [UInt8]()) },
            challenge { $0.absorb(.root, [UInt8]()) },
            challenge { $0.absorb(.statement, [0]) },
            challenge { $0.absorb(.statement, [0, 0]) },
            challenge { $0.absorb(.statement, zeros) },
            challenge { $0.absorb(.statement, zeros + zeros) },
            challenge { $0.absorb(.statement, zeros); $0.absorb(.statement, zeros) },
            challenge { $0.absorb(.statement, [1]); $0.absorb(.statement, [2]) },
            challenge { $0.absorb(.statement, [2]); $0.absorb(.statement, [1]) },
            challenge { _ = $0.challenge() },
            challenge { _ = $0.positions(count: 1, bits: 5) },
            challenge { _ = $0.positions(count: 9, bits: 5) },
        ]
        #expect(Set(all).count == all.count)
    }

    @Test func positionsAscendBelowTheirBound() {
        var transcript = Transcript()
        for bits in [0, 1, 5, 20, 32] {
            let positions = transcript.positions(count: 40, bits: bits)
            #expect(positions == Array(Set(positions)).sorted())
            #expect(positions.allSatisfy { $0 >> bits == 0 && $0 >= 0 })
            #expect(bits < 20 || positions.count == 40)
        }
    }
}
