// The canonical bytes of a key generation under way, for state and snapshots.
import Primitives

extension KeyGeneration {
    /// u8 count ‖ count × signed dealing by ascending dealer ‖ responded ‖ disqualified ‖ exposed;
    /// each set is u8 count and its seats ascending. The setting is not in it.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt8(clamping: dealings.count))
        for entry in dealings { entry.signed.encode(to: &writer) }
        for set in [responded, disqualified, exposed] {
            writer.write(UInt8(clamping: set.count))
            for seat in setting.committee.seats where set.contains(seat) {
                writer.write(seat.index)
            }
        }
        return writer.bytes
    }

    /// Reads a state that some committee certified: signatures and proofs are not checked again,
    /// but it is one that messages can lead to as far as counts go.
    public init(decoding bytes: [UInt8], in setting: KeySetting) throws(DecodingFailure) {
        self.init(setting)
        var reader = ByteReader(bytes)
        let committee = setting.committee
        for _ in 0..<(try Self.count(from: &reader, most: committee.quorum)) {
            let offset = reader.offset
            let signed = try SignedKeyMessage(from: &reader)
            guard committee.contains(signed.seat), let entry = SignedDealing(signed, in: setting),
                entry.dealing.commitments.count == committee.faults + 1,
                entry.dealing.shares.count == committee.count
            else { throw DecodingFailure(.outOfRange, at: offset) }
            guard dealings.last.map({ $0.dealer < entry.dealer }) ?? true else {
                throw DecodingFailure(.notCanonical, at: offset)
            }
            dealings.append(entry)
        }
        let isClosed = dealings.count == committee.quorum
        responded = try Self.set(
            from: &reader, among: isClosed ? committee.seats : [], most: committee.quorum)
        disqualified = try Self.set(
            from: &reader, among: isClosed ? dealings.map(\.dealer) : [], most: committee.quorum)
        exposed = try Self.set(from: &reader, among: committee.seats, most: committee.count)
        try reader.finish()
    }

    private static func count(
        from reader: inout ByteReader, most: Int
    ) throws(DecodingFailure) -> Int {
        let offset = reader.offset
        let count = Int(try reader.read(UInt8.self))
        guard count <= most else { throw DecodingFailure(.overLimit, at: offset) }
        return count
    }

    private static func set(
        from reader: inout ByteReader, among seats: [Seat], most: Int
    ) throws(DecodingFailure) -> SeatSet {
        var (set, last) = (SeatSet(), Seat?.none)
        for _ in 0..<(try count(from: &reader, most: most)) {
            let offset = reader.offset
            let seat = Seat(try reader.read())
            guard seats.contains(seat) else { throw DecodingFailure(.outOfRange, at: offset) }
            guard last.map({ $0 < seat }) ?? true else {
                throw DecodingFailure(.notCanonical, at: offset)
            }
            set.insert(seat)
            last = seat
        }
        return set
    }
}
