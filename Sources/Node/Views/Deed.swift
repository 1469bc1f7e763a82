// An operation that was carried out about something, as the index keeps it.
import Ledger
import Primitives

/// What came of an operation that was carried out.
public enum DeedOutcome: UInt8, CaseIterable, Sendable {
    case done = 1
    /// The action waits for guardians.
    case asked
    /// The action was out of the ordinary and was not taken.
    case unusual
    /// One of two who must say the same did.
    case seconded

    init(_ effect: Effect) {
        switch effect {
        case .law(.approvalRequested): self = .asked
        case .law(.anomaly): self = .unusual
        case .law(.seconding), .law(.approvalGiven): self = .seconded
        default: self = .done
        }
    }
}

/// What the index says of an operation under each thing that it is about.
struct Deed {
    var operation: Digest
    /// Of the commit that carried it out.
    var time: Instant
    var outcome: DeedOutcome

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(operation)
        writer.write(time)
        writer.write(outcome.rawValue)
        return writer.bytes
    }

    init(operation: Digest, time: Instant, outcome: DeedOutcome) {
        (self.operation, self.time, self.outcome) = (operation, time, outcome)
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        operation = try reader.read()
        time = try reader.readInstant()
        guard let outcome = DeedOutcome(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: Digest.width + 8)
        }
        self.outcome = outcome
        try reader.finish()
    }
}

/// An operation of the law that was carried out, with its place.
public struct DeedView: Sendable {
    public var operation: SignedOperation
    /// Of the commit that carried it out.
    public var time: Instant
    public var outcome: DeedOutcome
    /// Of the checkpoint that holds it.
    public var height: UInt64
}
