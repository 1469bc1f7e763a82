// Entries of the law and the market as bytes: each has one encoding, and spoiled ones are refused.
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct LawEntryTests {
    private let empty = LedgerState(chain: World.chain)

    @Test func everyEntryIsRestored() throws {
        #expect(Set(LawSamples.entries.map(\.0.kind)) == Set(LawKind.allCases))
        for (key, entry) in LawSamples.entries {
            var state = empty
            #expect(entry.stateKey == .law(key))
            try state.restore(.law(key), from: entry.encoded)
            #expect(state.encodedEntry(.law(key)) == entry.encoded, "\(key.kind)")
            #expect(state.takeChanges().isEmpty)
            try state.restore(.law(key), from: [])
            #expect(state.encodedEntry(.law(key)) == nil, "\(key.kind)")
        }
    }

    @Test func truncationsAndLeftovers() throws {
        for (key, entry) in LawSamples.entries {
            var state = empty
            let bytes = entry.encoded
            for length in 1..<bytes.count {
                #expect(throws: DecodingFailure.self, "\(key.kind), \(length) bytes") {
                    try state.restore(.law(key), from: Array(bytes[..<length]))
                }
            }
            #expect(throws: DecodingFailure(.trailingBytes, at: bytes.count), "\(key.kind)") {
                try state.restore(.law(key), from: bytes + [0])
            }
            #expect(state.encodedEntry(.law(key)) == nil, "\(key.kind)")
        }
    }

    /// What is accepted after one turned bit encodes to itself.
    @Test func turnedBits() throws {
        for (key, entry) in LawSamples.entries {
            let bytes = entry.encoded
            for bit in 0..<bytes.count * 8 {
                var state = empty
                let spoiled = bytes.flipping(bit: bit)
                guard (try? state.restore(.law(key), from: spoiled)) != nil else { continue }
                #expect(
                    state.encodedEntry(.law(key)) == spoiled, "\(key.kind), bit \(bit)")
            }
        }
    }

    @Test func keysComeBackFromTheirBytes() {
        var places: Set<Digest> = []
        for (key, _) in LawSamples.entries {
            let bytes = StateKey.law(key).encoded
            #expect(StateKey(decoding: bytes) == .law(key))
            #expect(StateKey(decoding: Array(bytes.dropLast())) == nil)
            #expect(StateKey(decoding: bytes + [0]) == nil)
            #expect(places.insert(StateKey.law(key).place).inserted)
        }
    }
}
