// Key generation with up to f faulty seats of every sort: one outcome for all, and keys that work.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

/// What a faulty seat does.
private enum Fault: CaseIterable {
    case silent, badShares, badCommitment, malformed, copiedDealing, copiedEphemeral
    case falseComplaint, brokenComplaint, silentInResponse
}

/// One run: messages of all seats in an order drawn from a seed.
private struct KeyRun {
    let seats: KeyCommittee
    let faults: [Int: Fault]
    var chance: SeededGenerator
    var generation: KeyGeneration
    var evidence: [KeyEvidence] = []
    /// Seats that got a bad share, by dealer.
    var victims: [Int: [Int]] = [:]
    var sent: [(seat: Int, phase: KeyGeneration.Phase)] = []

    init(_ count: Int, seed: UInt64) throws {
        seats = try KeyCommittee(count)
        chance = SeededGenerator(seed: seed)
        let view = seats.committee.view
        let faulty = Array(0..<count).shuffled(using: &chance).prefix(view.faults)
        var faults: [Int: Fault] = [:]
        for (place, seat) in faulty.enumerated() {
            let all = Fault.allCases
            faults[seat] = all[(Int(seed) + place) % all.count]
        }
        self.faults = faults
        generation = KeyGeneration(seats.setting)
    }

    var honest: [Int] { seats.participants.indices.filter { faults[$0] == nil } }

    /// Until nobody has anything to say.
    mutating func run() throws {
        while let seat = next() {
            let phase = generation.phase
            sent.append((seat, phase))
            guard let message = message(of: seat, in: phase) else { continue }
            let decoded = try SignedKeyMessage(decoding: message.encoded)
            if let progress = try? generation.take(decoded) { evidence += progress.evidence }
            if chance.next() % 4 == 0 {
                generation = try KeyGeneration(decoding: generation.encoded, in: seats.setting)
            }
        }
    }

    /// A seat that has not spoken in this phase.
    private mutating func next() -> Int? {
        let phase = generation.phase
        guard phase == .dealing || phase == .responding else { return nil }
        return seats.participants.indices.filter { seat in
            !sent.contains { $0.seat == seat && $0.phase == phase }
        }.randomElement(using: &chance)
    }

    private mutating func message(
        of seat: Int, in phase: KeyGeneration.Phase
    ) -> SignedKeyMessage? {
        let participant = seats.participants[seat]
        let due = participant.due(in: generation, seed: KeyCommittee.seed(seat, 0))
        guard let fault = faults[seat] else { return due }
        return phase == .dealing
            ? dealing(of: seat, fault, due) : response(of: seat, fault, due)
    }

    private mutating func dealing(
        of seat: Int, _ fault: Fault, _ due: SignedKeyMessage?
    ) -> SignedKeyMessage? {
        let participant = seats.participants[seat]
        let good = participant.dealing(seed: KeyCommittee.seed(seat, 0))
        let other = generation.dealings.first { Int($0.dealer.index) != seat }
        var parts = (good.commitments, good.ephemeral, good.ephemeralProof, good.shares)
        switch fault {
        case .silent: return nil
        case .badShares:
            victims[seat] = seats.participants.indices.filter { _ in chance.next() % 2 == 0 }
            return seats.badDealing(seat, victims: victims[seat] ?? [])
        case .badCommitment:
            parts.0[parts.0.count - 1] = parts.0[parts.0.count - 1] + .base
            victims[seat] = Array(seats.participants.indices)
        case .malformed: parts.0.append(.base)
        case .copiedDealing:
            guard let other else { return due }
            return participant.sign(.dealing(other.dealing))
        case .copiedEphemeral:
            guard let other else { return due }
            parts.1 = other.dealing.ephemeral
            parts.2 = other.dealing.ephemeralProof
        case .falseComplaint, .brokenComplaint, .silentInResponse: return due
        }
        return participant.sign(.dealing(Dealing(
            commitments: parts.0, secretProof: good.secretProof, ephemeral: parts.1,
            ephemeralProof: parts.2, shares: parts.3)))
    }

    private func response(
        of seat: Int, _ fault: Fault, _ due: SignedKeyMessage?
    ) -> SignedKeyMessage? {
        let participant = seats.participants[seat]
        guard let victim = generation.dealings.first(where: { entry in
            faults[Int(entry.dealer.index)] == nil
        }) else { return due }
        let complaint = participant.complaint(about: victim)
        switch fault {
        case .falseComplaint: return participant.sign(.response([complaint]))
        case .brokenComplaint:
            return participant.sign(.response([Complaint(
                dealer: complaint.dealer, dealing: complaint.dealing,
                shared: complaint.shared + .base, proof: complaint.proof)]))
        case .silentInResponse: return nil
        default: return due
        }
    }
}

@Suite struct KeyGenerationTests {
    @Test(arguments: [1, 2, 3, 4, 7]) func honestSeatsAgreeOnKeysThatWork(count: Int) throws {
        let seats = try KeyCommittee(count)
        var generation = KeyGeneration(seats.setting)
        var sent = 0
        while generation.phase == .dealing || generation.phase == .responding {
            let message = seats.participants.lazy.compactMap {
                $0.due(in: generation, seed: KeyCommittee.seed(Int($0.seat.index), 0))
            }.first
            let progress = try generation.take(try #require(message))
            #expect(progress.phase == generation.phase && progress.evidence.isEmpty)
            sent += 1
        }
        #expect(generation.phase == .complete && sent == 2 * seats.committee.view.quorum)
        let secrets = seats.participants.compactMap { $0.secret(from: generation) }
        #expect(secrets.count == count)
        try expectKeysWork(generation, secrets, seats, "n \(count)")
    }

    @Test(arguments: [4, 7], Array(1...36)) func faultySeatsChangeNothing(
        count: Int, seed: Int
    ) throws {
        var run = try KeyRun(count, seed: UInt64(seed))
        try run.run()
        let name = "n \(count), seed \(seed), \(run.faults.sorted { $0.key < $1.key })"
        #expect(run.generation.phase == .complete, "\(name)")
        let convicted = run.evidence.map(\.seat)
        for evidence in run.evidence {
            #expect(run.faults[Int(evidence.seat.index)] != nil, "\(name)")
            #expect(evidence.isValid(in: run.seats.setting), "\(name)")
            #expect(try KeyEvidence(decoding: evidence.encoded) == evidence, "\(name)")
        }
        let qualified = run.generation.qualified
        for (dealer, victims) in run.victims.sorted(by: { $0.key < $1.key }) {
            let heard = victims.filter {
                run.faults[$0] == nil && run.generation.responded.contains(Seat(UInt8($0)))
            }
            let seat = Seat(UInt8(dealer))
            guard run.generation.dealings.contains(where: { $0.dealer == seat }) else { continue }
            #expect(qualified.contains(seat) || convicted.contains(seat), "\(name)")
            #expect(heard.isEmpty || !qualified.contains(seat), "\(name)")
        }
        let secrets = run.honest.compactMap { seat -> CoinSecret? in
            run.seats.participants[seat].secret(from: run.generation)
        }
        #expect(secrets.count >= run.seats.committee.view.someHonest, "\(name)")
        try expectKeysWork(run.generation, secrets, run.seats, name)
    }

    /// Every holder's secret fits its public share, and any f + 1 of them open the same coin.
    func expectKeysWork(
        _ generation: KeyGeneration, _ secrets: [CoinSecret], _ seats: KeyCommittee, _ name: String
    ) throws {
        let keys = try #require(generation.keys(), "\(name)")
        let coin = try #require(Coin(committee: seats.committee.view, keys: keys))
        for secret in secrets {
            let point = Point(baseTimes: secret.value)
            #expect(point == keys.publicShares[Int(secret.seat.index)], "\(name)")
        }
        let shares = secrets.map {
            coin.share(of: Round(9), secret: $0, key: seats.committee.keys[Int($0.seat.index)])
        }
        var values: Set<Digest> = []
        for choice in subsets(of: shares.count, count: coin.threshold) {
            let whole = try #require(OpenedCoin(shares: choice.map { shares[$0] }))
            values.insert(try whole.value(in: coin))
        }
        #expect(values.count == 1, "\(name)")
        let weights = Interpolation.weightsAtZero(
            secrets.prefix(coin.threshold).map(\.seat))
        let group = zip(secrets, weights).reduce(Scalar.zero) { $0 + $1.0.value * $1.1 }
        #expect(Point(baseTimes: group) == keys.groupKey, "\(name)")
    }

    /// The order within a phase does not matter to the state, once the same messages are in it.
    @Test(arguments: propertySeeds) func theStateIsAFunctionOfItsMessages(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let seats = try KeyCommittee(4)
        let dealings = [seats.badDealing(0, victims: [1, 2]), seats.dealing(1), seats.dealing(3)]
        var states: [KeyGeneration] = []
        for _ in 0..<2 {
            var generation = KeyGeneration(seats.setting)
            for message in dealings.shuffled(using: &chance) { _ = try generation.take(message) }
            for seat in [0, 1, 2].shuffled(using: &chance) {
                let message = seats.participants[seat].due(in: generation, seed: [])
                _ = try generation.take(try #require(message))
            }
            states.append(generation)
        }
        #expect(states[0].encoded == states[1].encoded, "seed \(seed)")
        #expect(states[0].keys() == states[1].keys(), "seed \(seed)")
        #expect(states[0].qualified == [Seat(1), Seat(3)], "seed \(seed)")
    }

    /// A victim that answers too late has no share; the others open coins without it.
    @Test func aLateVictimEndsWithoutAShare() throws {
        let seats = try KeyCommittee(4)
        var generation = KeyGeneration(seats.setting)
        _ = try generation.take(seats.badDealing(0, victims: [3]))
        for dealer in 1...2 { _ = try generation.take(seats.dealing(dealer)) }
        for seat in 0...2 {
            let message = seats.participants[seat].due(in: generation, seed: [])
            _ = try generation.take(try #require(message))
        }
        #expect(generation.phase == .complete && generation.qualified.count == 3)
        #expect(seats.participants[3].secret(from: generation) == nil)
        #expect(seats.participants[3].due(in: generation, seed: []) == nil)
        let secrets = (0...2).compactMap { seats.participants[$0].secret(from: generation) }
        #expect(secrets.count == 3)
        try expectKeysWork(generation, secrets, seats, "late victim")
        // Its complaint convicts the dealer all the same.
        let complaint = seats.participants[3].complaint(about: generation.dealings[0])
        let evidence = KeyEvidence.badShare(
            dealing: generation.dealings[0].signed, complaint, by: Seat(3))
        #expect(evidence.isValid(in: seats.setting))
    }

    /// More than f dealers are bad: no key rather than one that f seats know.
    @Test func tooFewGoodDealersFail() throws {
        let seats = try KeyCommittee(4)
        var generation = KeyGeneration(seats.setting)
        for dealer in 0...1 { _ = try generation.take(seats.badDealing(dealer, victims: [3])) }
        _ = try generation.take(seats.dealing(2))
        for seat in [3, 2, 0] {
            #expect(generation.phase == .responding)
            let message = seats.participants[seat].due(in: generation, seed: [])
            _ = try generation.take(try #require(message))
        }
        #expect(generation.phase == .failed && generation.keys() == nil)
        #expect(seats.participants[2].secret(from: generation) == nil)
        #expect(seats.participants[2].due(in: generation, seed: []) == nil)
    }
}
