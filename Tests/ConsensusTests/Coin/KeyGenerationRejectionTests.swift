// Key generation: each message spoiled, each fault named, and evidence that convicts nobody
// honest.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct KeyGenerationRejectionTests {
    let seats: KeyCommittee

    init() throws { seats = try KeyCommittee(4) }

    func unsigned(_ message: SignedKeyMessage) -> SignedKeyMessage {
        SignedKeyMessage(seat: message.seat, message: message.message, signature: Signature())
    }

    @Test func faultsComeInOrder() throws {
        let ack = seats.participants[3].sign(.response([]))
        var generation = try seats.dealt(by: [0])
        let foreign = SignedKeyMessage(
            seat: Seat(4), message: ack.message, signature: ack.signature)
        #expect(throws: KeyGenerationFault.unknownSeat) { try generation.take(foreign) }
        #expect(throws: KeyGenerationFault.notResponding) { try generation.take(ack) }
        #expect(throws: KeyGenerationFault.repeated) { try generation.take(seats.dealing(0)) }
        #expect(throws: KeyGenerationFault.invalidSignature) {
            try generation.take(unsigned(seats.dealing(1)))
        }
        for dealer in [1, 2] { _ = try generation.take(seats.dealing(dealer)) }
        #expect(throws: KeyGenerationFault.notDealing) { try generation.take(seats.dealing(3)) }
        #expect(throws: KeyGenerationFault.invalidSignature) { try generation.take(unsigned(ack)) }
        let stranger = try seats.dealt(by: [3]).dealings[0]
        let complaint = seats.participants[3].complaint(about: stranger)
        let before = generation.encoded
        #expect(throws: KeyGenerationFault.unknownDealing) {
            try generation.take(seats.participants[3].sign(.response([complaint])))
        }
        #expect(generation.encoded == before)
        _ = try generation.take(ack)
        #expect(throws: KeyGenerationFault.repeated) { try generation.take(ack) }
        for seat in [0, 1] { _ = try generation.take(seats.participants[seat].sign(.response([]))) }
        let late = seats.participants[2].sign(.response([]))
        #expect(throws: KeyGenerationFault.notResponding) { try generation.take(late) }
    }

    /// The rows change one part of a good dealing; the sender is convicted and heard no more.
    @Test func malformedDealingsConvict() throws {
        let other = seats.participants[1].dealing(seed: KeyCommittee.seed(1, 0))
        let good = seats.participants[0].dealing(seed: KeyCommittee.seed(0, 0))
        func dealing(
            commitments: [Point]? = nil, secretProof: KnowledgeProof? = nil,
            ephemeral: Point? = nil, ephemeralProof: KnowledgeProof? = nil,
            shares: [SealedScalar]? = nil
        ) -> Dealing {
            Dealing(
                commitments: commitments ?? good.commitments,
                secretProof: secretProof ?? good.secretProof,
                ephemeral: ephemeral ?? good.ephemeral,
                ephemeralProof: ephemeralProof ?? good.ephemeralProof,
                shares: shares ?? good.shares)
        }
        let rows: [(String, Dealing)] = [
            ("one commitment too many", dealing(commitments: good.commitments + [.base])),
            ("one too few", dealing(commitments: [good.commitments[0]])),
            ("no commitments", dealing(commitments: [])),
            ("another's secret", dealing(commitments: other.commitments)),
            ("another's secret and proof", dealing(
                commitments: other.commitments, secretProof: other.secretProof)),
            ("another's ephemeral", dealing(ephemeral: other.ephemeral)),
            ("another's ephemeral and proof", dealing(
                ephemeral: other.ephemeral, ephemeralProof: other.ephemeralProof)),
            ("proofs exchanged", dealing(
                secretProof: good.ephemeralProof, ephemeralProof: good.secretProof)),
            ("secret as ephemeral", dealing(
                ephemeral: good.commitments[0], ephemeralProof: good.secretProof)),
            ("a share too few", dealing(shares: Array(good.shares.dropLast()))),
            ("another's dealing", other),
        ]
        for (name, bad) in rows {
            var generation = KeyGeneration(seats.setting)
            let signed = try SignedKeyMessage(
                decoding: seats.participants[0].sign(.dealing(bad)).encoded)
            let progress = try generation.take(signed)
            #expect(progress.evidence == [.malformedDealing(signed)], "\(name)")
            #expect(progress.evidence.allSatisfy { $0.isValid(in: seats.setting) }, "\(name)")
            #expect(generation.dealings.isEmpty, "\(name)")
            #expect(throws: KeyGenerationFault.seatExposed, "\(name)") {
                try generation.take(seats.dealing(0))
            }
        }
        let honest = KeyEvidence.malformedDealing(seats.dealing(0))
        #expect(!honest.isValid(in: seats.setting))
        let forged = seats.participants[0].sign(.dealing(other))
        #expect(!KeyEvidence.malformedDealing(unsigned(forged)).isValid(in: seats.setting))
    }

    @Test func falseComplaintsConvictTheirAuthor() throws {
        var generation = try seats.dealt(by: [0, 1, 2])
        let entry = generation.dealings[1]
        let response = seats.participants[3].sign(
            .response([seats.participants[3].complaint(about: entry)]))
        let progress = try generation.take(response)
        let evidence = KeyEvidence.falseComplaint(response: response, dealing: entry.signed)
        #expect(progress.evidence == [evidence] && evidence.seat == Seat(3))
        #expect(evidence.isValid(in: seats.setting))
        #expect(generation.qualified.count == 3 && generation.responded.count == 0)
        #expect(throws: KeyGenerationFault.seatExposed) {
            try generation.take(seats.participants[3].sign(.response([])))
        }
    }

    /// A dealer that signs a bad and a good dealing cannot turn the complaint about the first
    /// against its author.
    @Test func aSecondDealingDoesNotConvictTheVictim() throws {
        var generation = KeyGeneration(seats.setting)
        for message in [seats.badDealing(0, victims: [3]), seats.dealing(1), seats.dealing(2)] {
            _ = try generation.take(message)
        }
        let due = try #require(seats.participants[3].due(in: generation, seed: []))
        let progress = try generation.take(due)
        #expect(progress.evidence.map(\.seat) == [Seat(0)])
        #expect(generation.qualified == [Seat(1), Seat(2)])
        let frame = KeyEvidence.falseComplaint(response: due, dealing: seats.dealing(0))
        #expect(!frame.isValid(in: seats.setting))
        let bad = generation.dealings[0].signed
        let swapped = KeyEvidence.falseComplaint(response: due, dealing: bad)
        #expect(!swapped.isValid(in: seats.setting))
    }

    /// Nobody but the seat itself opens its share, and a good share convicts nobody.
    @Test func complaintsAreHeldToTheirProof() throws {
        var generation = KeyGeneration(seats.setting)
        for message in [seats.badDealing(0, victims: [3]), seats.dealing(1), seats.dealing(2)] {
            _ = try generation.take(message)
        }
        let entry = generation.dealings[0]
        let good = seats.participants[3].complaint(about: entry)
        #expect(good.isUpheld(by: Seat(3), about: entry, in: seats.setting))
        #expect(!good.isUpheld(by: Seat(2), about: entry, in: seats.setting))
        let spoiled = Complaint(
            dealer: good.dealer, dealing: good.dealing, shared: good.shared + .base,
            proof: good.proof)
        #expect(!spoiled.isUpheld(by: Seat(3), about: entry, in: seats.setting))
        for (index, honest) in generation.dealings.enumerated().dropFirst() {
            for seat in 0..<4 {
                let complaint = seats.participants[seat].complaint(about: honest)
                let by = Seat(UInt8(seat))
                #expect(!complaint.isUpheld(by: by, about: honest, in: seats.setting))
                let evidence = KeyEvidence.badShare(dealing: honest.signed, complaint, by: by)
                #expect(!evidence.isValid(in: seats.setting), "dealing \(index)")
            }
        }
        let stranger = KeyEvidence.badShare(dealing: entry.signed, good, by: Seat(4))
        #expect(!stranger.isValid(in: seats.setting))
        let unsigned = KeyEvidence.badShare(dealing: unsigned(entry.signed), good, by: Seat(3))
        #expect(!unsigned.isValid(in: seats.setting))
    }

    @Test func otherSettingsMeanNothing() throws {
        let view = seats.committee.view
        let message = seats.dealing(0)
        for (chain, epoch) in [(view.chain, UInt64(2)), (Digest(), UInt64(1))] {
            let other = try #require(CommitteeView(chain: chain, epoch: epoch, keys: view.keys))
            let setting = try #require(
                KeySetting(committee: other, sealingKeys: seats.setting.sealingKeys))
            var generation = KeyGeneration(setting)
            #expect(throws: KeyGenerationFault.invalidSignature) { try generation.take(message) }
        }
        let points = seats.setting.sealingKeys.dropLast() + [.base]
        let setting = try #require(KeySetting(committee: view, sealingKeys: Array(points)))
        var generation = KeyGeneration(setting)
        #expect(throws: KeyGenerationFault.invalidSignature) { try generation.take(message) }
    }

    /// The same seed deals another polynomial to another committee: two dealings of one polynomial
    /// would give f + 1 of its values away.
    @Test func aSeedDealsAnewToEveryCommittee() throws {
        let points = seats.setting.sealingKeys.dropLast() + [.base]
        let setting = try #require(
            KeySetting(committee: seats.committee.view, sealingKeys: Array(points)))
        let other = try #require(KeyParticipant(setting: setting, key: seats.committee.keys[0]))
        let dealing = seats.participants[0].dealing(seed: [7])
        #expect(dealing == seats.participants[0].dealing(seed: [7]))
        #expect(dealing.commitments[0] != seats.participants[0].dealing(seed: [8]).commitments[0])
        #expect(dealing.commitments[0] != other.dealing(seed: [7]).commitments[0])
        #expect(dealing.ephemeral != other.dealing(seed: [7]).ephemeral)
    }

    @Test func settingsAndParticipantsMustFit() throws {
        let view = seats.committee.view
        let keys = seats.setting.sealingKeys
        #expect(KeySetting(committee: view, sealingKeys: Array(keys.dropLast())) == nil)
        #expect(KeySetting(committee: view, sealingKeys: keys.dropLast() + [.identity]) == nil)
        let swapped = try #require(KeySetting(committee: view, sealingKeys: keys.reversed()))
        #expect(KeyParticipant(setting: swapped, key: seats.committee.keys[0]) == nil)
        let stranger = try #require(SigningKey(seed: [UInt8](repeating: 99, count: 32)))
        #expect(KeyParticipant(setting: seats.setting, key: stranger) == nil)
        let registration = SealingRegistration(key: seats.committee.keys[0])
        #expect(registration.isValid(for: view.keys[0]) && !registration.isValid(for: view.keys[1]))
    }

    @Test func messagesDecodeStrictly() throws {
        let generation = try seats.dealt(by: [0, 1, 2])
        let complaints = (0...1).map {
            seats.participants[3].complaint(about: generation.dealings[$0])
        }
        let response = seats.participants[3].sign(.response(complaints))
        for message in [seats.dealing(0), response] {
            let bytes = message.encoded
            #expect(try SignedKeyMessage(decoding: bytes) == message)
            for count in 0..<bytes.count {
                #expect(throws: DecodingFailure.self) {
                    try SignedKeyMessage(decoding: Array(bytes.prefix(count)))
                }
            }
            #expect(throws: DecodingFailure(.trailingBytes, at: bytes.count)) {
                try SignedKeyMessage(decoding: bytes + [0])
            }
        }
        let unordered = seats.participants[3].sign(.response(complaints.reversed()))
        #expect(throws: DecodingFailure(.notCanonical, at: 3 + 129)) {
            try SignedKeyMessage(decoding: unordered.encoded)
        }
        #expect(throws: DecodingFailure(.overLimit, at: 2)) {
            try SignedKeyMessage(decoding: [0, 1, 129])
        }
        #expect(throws: DecodingFailure(.overLimit, at: 2)) {
            try SignedKeyMessage(decoding: [0, 0, 255])
        }
        #expect(throws: DecodingFailure(.outOfRange, at: 1)) {
            try SignedKeyMessage(decoding: [0, 2])
        }
        #expect(throws: DecodingFailure(.outOfRange, at: 0)) { try KeyEvidence(decoding: [3]) }
    }

    /// Every single changed bit of a signed message is noticed somewhere.
    @Test(arguments: propertySeeds) func aChangedBitIsNoticed(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let bytes = seats.dealing(0).encoded
        for _ in 0..<16 {
            let bit = Int.random(in: 0..<8 * bytes.count, using: &chance)
            guard let bad = try? SignedKeyMessage(decoding: bytes.flipping(bit: bit)) else {
                continue
            }
            var generation = KeyGeneration(seats.setting)
            #expect(throws: KeyGenerationFault.self, "seed \(seed), bit \(bit)") {
                try generation.take(bad)
            }
        }
    }

    /// The state's own encoding, as a snapshot brings it.
    @Test func statesDecodeStrictly() throws {
        var generation = try seats.dealt(by: [0, 1, 2])
        _ = try generation.take(seats.participants[3].sign(.response([])))
        let bytes = generation.encoded
        let setting = seats.setting
        #expect(try KeyGeneration(decoding: bytes, in: setting).encoded == bytes)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: DecodingFailure.self) {
                try KeyGeneration(decoding: Array(bytes.prefix(count)), in: setting)
            }
        }
        #expect(throws: DecodingFailure.self) {
            try KeyGeneration(decoding: bytes + [0], in: setting)
        }
        let size = seats.dealing(0).encoded.count
        let (first, second) = (bytes[1..<1 + size], bytes[1 + size..<1 + 2 * size])
        let rows: [(DecodingFailure, [UInt8])] = [
            (.init(.overLimit, at: 0), [4] + bytes.dropFirst()),
            (.init(.notCanonical, at: 1 + size), [2] + second + first + [0, 0, 0]),
            (.init(.overLimit, at: 1 + size), [1] + first + [4, 0, 1, 2, 3, 0, 0]),
            // A response before the set of dealings is closed.
            (.init(.outOfRange, at: 2 + size), [1] + first + [1, 0, 0, 0]),
            (.init(.outOfRange, at: 3 + 3 * size), bytes.prefix(1 + 3 * size) + [0, 1, 3, 0]),
            (.init(.notCanonical, at: 3 + 3 * size), bytes.prefix(1 + 3 * size) + [2, 1, 1, 0, 0]),
            (.init(.outOfRange, at: 4 + 3 * size), bytes.prefix(1 + 3 * size) + [0, 0, 1, 4]),
        ]
        for (failure, row) in rows {
            #expect(throws: failure) { try KeyGeneration(decoding: row, in: setting) }
        }
    }
}
