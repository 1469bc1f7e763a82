// The generation of a coin's keys as replicated state: messages in the order of commits, no clock.
import Cryptography
import Primitives

/// Why a message changes nothing; looked at in this order.
public enum KeyGenerationFault: Error, Hashable, Sendable {
    /// The seat is not in the committee that the key is for.
    case unknownSeat
    /// The seat was convicted before.
    case seatExposed
    /// A dealing, and the set of dealings is closed.
    case notDealing
    /// A response, and dealings are still taken, or enough responses are here.
    case notResponding
    /// The seat has sent a message of this sort.
    case repeated
    /// A complaint names a dealing that is not in the set.
    case unknownDealing
    case invalidSignature
}

/// Joint-Feldman key generation (Gennaro, Jarecki, Krawczyk, Rabin, Journal of Cryptology 2007)
/// over a total order: phases end by counts, so all seats agree on them whatever the delays. It
/// holds no secret.
public struct KeyGeneration: Sendable {
    public enum Phase: Hashable, Sendable {
        /// Fewer than Q dealings are here.
        case dealing
        /// The set of dealings is closed; fewer than Q seats have responded.
        case responding
        /// `keys` are fixed.
        case complete
        /// Fewer than f + 1 dealings are good, so more than f seats are faulty: no key. The epoch
        /// starts with known leaders only.
        case failed
    }

    /// What a message has done.
    public struct Progress: Hashable, Sendable {
        /// The phase now.
        public let phase: Phase
        /// Against dealers or the sender, each valid in the setting.
        public let evidence: [KeyEvidence]
    }

    public let setting: KeySetting
    /// By ascending dealer.
    var dealings: [SignedDealing] = []
    var responded = SeatSet()
    /// Dealers with a bad share.
    var disqualified = SeatSet()
    /// Seats whose own message convicts them.
    var exposed = SeatSet()

    public init(_ setting: KeySetting) { self.setting = setting }

    public var phase: Phase {
        if dealings.count < setting.committee.quorum { return .dealing }
        if responded.count < setting.committee.quorum { return .responding }
        return qualified.count < setting.committee.someHonest ? .failed : .complete
    }

    /// QUAL so far: dealers that nobody has convicted, ascending.
    public var qualified: [Seat] {
        dealings.map(\.dealer).filter { !disqualified.contains($0) }
    }

    /// Whether the seat's message of the present phase is here.
    func hasSent(_ seat: Seat) -> Bool {
        switch phase {
        case .dealing: dealings.contains { $0.dealer == seat }
        case .responding: responded.contains(seat)
        case .complete, .failed: true
        }
    }

    /// Takes one message at its place in the order. A message that throws leaves no trace; one that
    /// convicts its sender leaves that only, and all later ones of the sender are refused at once.
    public mutating func take(
        _ signed: SignedKeyMessage
    ) throws(KeyGenerationFault) -> Progress {
        guard setting.committee.contains(signed.seat) else { throw .unknownSeat }
        guard !exposed.contains(signed.seat) else { throw .seatExposed }
        switch signed.message {
        case .dealing: return try takeDealing(signed)
        case .response(let complaints): return try takeResponse(signed, complaints)
        }
    }

    private mutating func takeDealing(
        _ signed: SignedKeyMessage
    ) throws(KeyGenerationFault) -> Progress {
        guard phase == .dealing else { throw .notDealing }
        guard !hasSent(signed.seat) else { throw .repeated }
        guard signed.isSigned(in: setting), let entry = SignedDealing(signed, in: setting) else {
            throw .invalidSignature
        }
        guard entry.dealing.isWellFormed(by: signed.seat, in: setting) else {
            exposed.insert(signed.seat)
            return Progress(phase: phase, evidence: [.malformedDealing(signed)])
        }
        let place = dealings.firstIndex { $0.dealer > signed.seat } ?? dealings.endIndex
        dealings.insert(entry, at: place)
        return Progress(phase: phase, evidence: [])
    }

    private mutating func takeResponse(
        _ signed: SignedKeyMessage, _ complaints: [Complaint]
    ) throws(KeyGenerationFault) -> Progress {
        guard phase == .responding else { throw .notResponding }
        guard !hasSent(signed.seat) else { throw .repeated }
        var accused: [SignedDealing] = []
        for complaint in complaints {
            guard let entry = dealings.first(where: { $0.dealer == complaint.dealer }),
                entry.digest == complaint.dealing
            else { throw .unknownDealing }
            accused.append(entry)
        }
        guard signed.isSigned(in: setting) else { throw .invalidSignature }
        var evidence: [KeyEvidence] = []
        for (complaint, entry) in zip(complaints, accused) {
            guard complaint.isUpheld(by: signed.seat, about: entry, in: setting) else {
                exposed.insert(signed.seat)
                let lie = KeyEvidence.falseComplaint(response: signed, dealing: entry.signed)
                return Progress(phase: phase, evidence: [lie])
            }
            guard !disqualified.contains(entry.dealer) else { continue }
            evidence.append(.badShare(dealing: entry.signed, complaint, by: signed.seat))
        }
        for entry in accused { disqualified.insert(entry.dealer) }
        responded.insert(signed.seat)
        return Progress(phase: phase, evidence: evidence)
    }

    /// The keys, once the phase is `complete`: sums over QUAL. It takes n·f multiplications in the
    /// group, for n = 100 tenths of a second: call it once and keep them.
    public func keys() -> CoinKeys? {
        guard phase == .complete else { return nil }
        var sums = [Point](repeating: .identity, count: setting.committee.faults + 1)
        for entry in dealings where !disqualified.contains(entry.dealer) {
            for (index, point) in entry.dealing.commitments.enumerated() {
                sums[index] = sums[index] + point
            }
        }
        return CoinKeys(
            groupKey: sums[0],
            publicShares: setting.committee.seats.map { Interpolation.value(of: sums, at: $0) })
    }
}
