// The kinds of action that limits, overrides and baselines tell apart.
import Primitives
import Records

/// What an agent does. Numbers 1 to 7 are the kinds of records (`record.md` §1).
public enum ActionKind: UInt8, CaseIterable, Sendable {
    case run = 1
    case modelCall
    case toolCall
    case handOff
    case retrieval
    case memory
    case otherRecord
    /// A transition of its program.
    case transition
    /// Moves money.
    case transfer = 16
    /// Passes a mandate on.
    case delegate
    /// Offers a task and pays its price in.
    case postTask
    /// Takes a task, or begins it.
    case takeTask
    /// Delivers, or gives back.
    case work
    /// Decides about a task: assigns, accepts, disputes, arbitrates, cancels.
    case judgeTask
    /// Says what the result of another's work is.
    case verifyTask
    /// Lays a stake down, or takes one back.
    case stake
    /// Brings evidence against a stake.
    case accuse
    /// Lists, changes or delists an offer.
    case offer
    /// Bids in an auction, or reveals a bid.
    case bid

    /// Of a record.
    init(_ kind: RecordKind) {
        switch kind {
        case .run: self = .run
        case .modelCall: self = .modelCall
        case .toolCall: self = .toolCall
        case .handOff: self = .handOff
        case .retrieval: self = .retrieval
        case .memory: self = .memory
        case .other: self = .otherRecord
        }
    }

    /// Whether it may be done in safe mode: it moves no money and binds nobody. Records are: what
    /// happened must be seen. So is finishing what was begun.
    public var isHarmless: Bool {
        switch self {
        case .run, .modelCall, .toolCall, .handOff, .retrieval, .memory, .otherRecord: true
        case .work: true
        case .transfer, .delegate, .postTask, .takeTask, .judgeTask, .verifyTask, .stake,
            .accuse, .offer, .bid, .transition:
            false
        }
    }
}

/// A set of kinds: bit k stands for the kind number k.
public struct KindSet: Hashable, Sendable {
    public private(set) var bits: UInt64

    public init(_ kinds: [ActionKind] = []) {
        bits = kinds.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

    /// One kind.
    init(_ kind: ActionKind) { bits = 1 << UInt64(kind.rawValue) }

    /// Bits without a kind are kept: `isKnown` says whether there are any.
    init(bits: UInt64) { self.bits = bits }

    /// Every kind there is.
    public static let all = KindSet(ActionKind.allCases)

    /// The kinds in the set, ascending.
    public var kinds: [ActionKind] { ActionKind.allCases.filter(contains) }

    public func contains(_ kind: ActionKind) -> Bool { bits >> UInt64(kind.rawValue) & 1 == 1 }
    public func isSubset(of other: KindSet) -> Bool { bits & ~other.bits == 0 }
    mutating func insert(_ kind: ActionKind) { bits |= 1 << UInt64(kind.rawValue) }
    mutating func formUnion(_ other: KindSet) { bits |= other.bits }
    func subtracting(_ other: KindSet) -> KindSet { KindSet(bits: bits & ~other.bits) }
    var isEmpty: Bool { bits == 0 }
    /// The kind with the smallest number.
    var first: ActionKind? { ActionKind(rawValue: UInt8(bits.trailingZeroBitCount)) }
}

extension ByteReader {
    mutating func readKinds() throws(DecodingFailure) -> KindSet {
        let start = offset
        let kinds = KindSet(bits: try read())
        guard kinds.isSubset(of: .all) else { throw DecodingFailure(.outOfRange, at: start) }
        return kinds
    }

    mutating func readKind() throws(DecodingFailure) -> ActionKind {
        let start = offset
        guard let kind = ActionKind(rawValue: try read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return kind
    }

    /// A count of one byte, at most `limit`, and that many identifiers.
    mutating func readIdentifiers<Kind>(
        limit: Int
    ) throws(DecodingFailure) -> [Bytes32<Kind>] {
        let start = offset
        let count = Int(try read(UInt8.self))
        guard count <= limit else { throw DecodingFailure(.overLimit, at: start) }
        return try readList(count: count)
    }
}

extension ByteWriter {
    /// As `readIdentifiers` reads them; at most 255.
    mutating func write<Kind>(identifiers: [Bytes32<Kind>]) {
        write(UInt8(clamping: identifiers.count))
        for identifier in identifiers { write(identifier) }
    }
}

extension Array where Element: Comparable {
    /// Whether each element is above the one before it: sorted, and none twice.
    var isStrictlyAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}
