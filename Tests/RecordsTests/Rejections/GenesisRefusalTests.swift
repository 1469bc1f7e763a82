// A genesis that states its settings: round trips, ranges, and what is refused.
import Primitives
import Records
import Testing

@Suite struct GenesisRefusalTests {
    private func genesis(_ change: (inout ChainSettings) -> Void) throws -> Genesis? {
        var settings = ChainSettings()
        change(&settings)
        let committee = try #require(Committee([PublicKey(repeating: 1)]))
        return Genesis(
            name: "g", created: Instant(nanoseconds: 1), committee: committee, settings: settings)
    }

    /// Bytes before the settings: version, name, time, count and one key.
    private static let head = 2 + 4 + 1 + 8 + 2 + 32

    @Test func standardSettingsAreLeftOut() throws {
        let standard = try #require(try genesis { _ in })
        #expect(standard.encoded.count == Self.head)
        #expect(standard.encoded[0] == 1)
        let other = try #require(try genesis { $0.knownRounds = 6 })
        #expect(other.encoded.count == Self.head + 2 + 5 * 8)
        #expect(other.encoded[0] == 2)
        #expect(other.digest != standard.digest)
        #expect(try Genesis(decoding: other.encoded) == other)
        let stated = [2] + standard.encoded.dropFirst() + other.encoded.dropFirst(Self.head)
            .enumerated().map { (2..<10).contains($0.offset) ? 0xFF : $0.element }
        #expect(throws: DecodingFailure(.notCanonical, at: Self.head)) {
            try Genesis(decoding: stated)
        }
    }

    @Test func settingsOfAgentsAreAThirdVersion() throws {
        let other = try #require(try genesis { $0.evidence = .all })
        #expect(other.encoded.count == Self.head + 2 + 5 * 8 + 1 + 8)
        #expect(other.encoded[0] == 3)
        #expect(try Genesis(decoding: other.encoded) == other)
        var standard = other.encoded
        standard[Self.head + 42] = 1
        #expect(throws: DecodingFailure(.notCanonical, at: Self.head)) {
            try Genesis(decoding: standard)
        }
        standard[Self.head + 42] = 4
        #expect(throws: DecodingFailure.self) { try Genesis(decoding: standard) }
    }

    static let changes: [(@Sendable (inout ChainSettings) -> Void, Bool)] = [
        ({ $0.leaders = 0 }, false), ({ $0.leaders = 1 }, true), ({ $0.leaders = 128 }, true),
        ({ $0.leaders = 129 }, false), ({ $0.knownRounds = 0 }, true),
        ({ $0.knownRounds = 1_000_000 }, true), ({ $0.knownRounds = 1_000_001 }, false),
        ({ $0.depth = 3 }, false), ({ $0.depth = 4 }, true), ({ $0.depth = 4_096 }, true),
        ({ $0.depth = 4_097 }, false), ({ $0.interval = 999_999 }, false),
        ({ $0.interval = 1_000_000 }, true), ({ $0.interval = Nanoseconds.perDay }, true),
        ({ $0.interval = Nanoseconds.perDay + 1 }, false), ({ $0.idleInterval = 0 }, false),
        ({ $0.epoch = 99_999_999 }, false), ({ $0.epoch = 100_000_000 }, true),
        ({ $0.epoch = 366 * Nanoseconds.perDay }, true), ({ $0.evidence = [] }, false),
        ({ $0.evidence = .proof }, true), ({ $0.evidence = .init(rawValue: 5) }, false),
        ({ $0.transitionGas = 999 }, false), ({ $0.transitionGas = 1_000 }, true),
        ({ $0.transitionGas = 10_000_000_001 }, false),
        ({ $0.epoch = 366 * Nanoseconds.perDay + 1 }, false),
    ]

    @Test(arguments: changes.indices)
    func ranges(index: Int) throws {
        let (change, isValid) = Self.changes[index]
        let made = try genesis(change)
        #expect((made != nil) == isValid, "change \(index)")
        if let made { #expect(try Genesis(decoding: made.encoded) == made) }
    }

    @Test func everySpoiledSettingIsRefusedOrAnotherChain() throws {
        let made = try #require(try genesis { $0.knownRounds = 6 })
        for bit in Self.head * 8..<made.encoded.count * 8 {
            var spoiled = made.encoded
            spoiled[bit / 8] ^= 1 << (bit % 8)
            guard let found = try? Genesis(decoding: spoiled) else { continue }
            #expect(found.digest != made.digest, "bit \(bit)")
        }
        for length in Self.head..<made.encoded.count {
            #expect(throws: DecodingFailure.self) {
                try Genesis(decoding: Array(made.encoded[..<length]))
            }
        }
    }
}
