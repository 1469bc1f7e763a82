// What somebody offers, as far as finding it goes, and what somebody wants.
import Primitives

public enum ListingKind {}

/// What a service is found as: 32 bytes that mean something to the caller.
public typealias ListingID = Bytes32<ListingKind>

/// How a service is to be had.
public enum ListingForm: UInt8, CaseIterable, Sendable {
    /// Somebody may be given a task.
    case offer
    /// A price that holds: who takes it has a task done.
    case quote
    /// Several work together under a lead.
    case team
}

/// One service.
public struct Listing: Hashable, Sendable {
    public var id: ListingID
    /// What it says of itself, in words.
    public var text: String
    public var form = ListingForm.offer
    /// What a unit costs, in nano-credits; 2^128 - 1 where it has no price.
    public var price: UInt128
    /// Units at one time, at least 1.
    public var capacity: UInt64
    /// Of them in use.
    public var load: UInt64
    /// Share of good endings in millionths; nil where nothing is known.
    public var reputation: UInt32?
    /// Where it is; empty where it does not say.
    public var region: String

    public init(
        id: ListingID, text: String, price: UInt128, capacity: UInt64 = 1, load: UInt64 = 0
    ) {
        self.id = id
        self.text = text
        self.price = price
        self.capacity = capacity
        self.load = load
        region = ""
    }

    /// Used units in millionths of the capacity, at most 10^6.
    public var loadMillionths: UInt32 {
        guard load < capacity else { return 1_000_000 }
        let (high, low) = load.multipliedFullWidth(by: 1_000_000)
        return UInt32(clamping: capacity.dividingFullWidth((high, low)).quotient)
    }
}

/// What is wanted of a service beside what it says.
public struct ListingFilter: Hashable, Sendable {
    /// Nano-credits a unit.
    public var mostPrice: UInt128?
    /// Millionths; a service of which nothing is known does not pass.
    public var leastReputation: UInt32?
    /// Millionths of its capacity.
    public var mostLoad: UInt32?
    /// The same letters, in any case of ASCII.
    public var region: String?
    /// Of this form only.
    public var form: ListingForm?

    public init() {}

    public var isEmpty: Bool { self == ListingFilter() }

    public func passes(_ service: Listing) -> Bool {
        if let mostPrice, service.price > mostPrice { return false }
        if let leastReputation {
            guard let known = service.reputation, known >= leastReputation else { return false }
        }
        if let mostLoad, service.loadMillionths > mostLoad { return false }
        if let form, service.form != form { return false }
        if let region { return Self.folded(service.region) == Self.folded(region) }
        return true
    }

    static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
}

/// A service that was found.
public struct ListingMatch: Hashable, Sendable {
    public var service: Listing
    /// Cosine of its words with those wanted, in millionths.
    public var similarity: Int32
}
