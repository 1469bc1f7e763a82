// Standing quotes: what a maker does at once for whoever takes it, at a price in two parts.
import Cryptography
import Primitives

public enum QuoteKind: NumberedKind {
    public static let domain = HashDomain("althing 2026 quote v1")
}

/// A quote: the digest of its maker and a number that the maker chose.
public typealias QuoteID = Bytes32<QuoteKind>

/// The two parts of a price.
public struct QuotePrice: Hashable, Sendable {
    /// Of each task; may be zero.
    public var base: Amount
    /// Of each unit of it; not zero.
    public var unit: Amount

    public init(base: Amount = .zero, unit: Amount) { (self.base, self.unit) = (base, unit) }

    /// Of a task of so many units; nil where it passes 2^128 - 1.
    public func of(_ units: UInt64) -> Amount? {
        let (sum, overflow) = unit.nanoCredits.multipliedReportingOverflow(by: UInt128(units))
        return overflow ? nil : base.adding(Amount(nanoCredits: sum))
    }
}

/// What a maker does, for how much, until when.
public struct QuoteTerms: Hashable, Sendable {
    /// A name, as in `docs/spec/ledger.md` §1.
    public var capability: String
    public var price: QuotePrice
    /// Units that may still be taken.
    public var capacity: UInt64
    /// It is taken before this.
    public var until: Instant
    /// Nanoseconds that the maker wants to deliver in, at least.
    public var deliver: UInt64

    public init(
        capability: String, price: QuotePrice, capacity: UInt64, until: Instant, deliver: UInt64
    ) {
        (self.capability, self.price, self.capacity) = (capability, price, capacity)
        (self.until, self.deliver) = (until, deliver)
    }

    func isValid(at time: Instant) -> Bool {
        isValidName(capability) && price.unit > .zero && capacity > 0 && until > time
            && TaskTimes.range.contains(deliver)
    }
}

/// A quote as it stands.
public struct Quote: Hashable, Sendable {
    public var id: QuoteID
    public var maker: AccountID
    public var terms: QuoteTerms
    public var isOpen = true
    /// The price by which the breaker measures, and since when.
    public var reference: QuotePrice
    public var referenceSince: Instant

    /// Whether the circuit breaker lets both parts of the price go there now.
    func allows(_ price: QuotePrice, at time: Instant) -> Bool {
        [(price.base, reference.base), (price.unit, reference.unit)].allSatisfy {
            Offer.allows($0, after: $1, since: referenceSince, at: time)
        }
    }
}

/// Somebody takes so many units of a quote: a task for the maker.
public struct QuoteTaking: Hashable, Sendable {
    public var account: AccountID
    /// Of the task.
    public var number: UInt64
    /// Under which its price is paid; zero for none.
    public var mandate: MandateID
    public var quote: QuoteID
    public var units: UInt64

    public init(
        by account: AccountID, number: UInt64, mandate: MandateID = MandateID(), _ quote: QuoteID,
        units: UInt64
    ) {
        (self.account, self.number, self.mandate) = (account, number, mandate)
        (self.quote, self.units) = (quote, units)
    }

    public var task: PostedTaskID { PostedTaskID(of: account, number: number) }
}

/// A command for quotes; the account acts.
public enum QuoteCommand: Hashable, Sendable {
    /// Places a quote, or changes the one of that number.
    case place(by: AccountID, number: UInt64, QuoteTerms)
    case withdraw(by: AccountID, QuoteID)
    /// The terms name the maker as the worker, and their milestones are the price.
    case take(QuoteTaking, TaskTerms)
}

extension QuotePrice {
    func write(to writer: inout ByteWriter) {
        writer.write(base)
        writer.write(unit)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        base = try reader.readAmount()
        unit = try reader.readAmount()
    }
}

extension QuoteTerms {
    func write(to writer: inout ByteWriter) {
        writer.write(capability)
        price.write(to: &writer)
        writer.write(capacity)
        writer.write(until)
        writer.write(deliver)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        capability = try reader.readText(limit: Limits.nameBytes)
        price = try QuotePrice(from: &reader)
        capacity = try reader.read()
        until = try reader.readInstant()
        deliver = try reader.read()
    }
}

extension Quote: StateEntry {
    var stateKey: StateKey { .law(.quote(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(maker)
        terms.write(to: &writer)
        writer.write(UInt8(isOpen ? 1 : 0))
        reference.write(to: &writer)
        writer.write(referenceSince)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        maker = try reader.read()
        terms = try QuoteTerms(from: &reader)
        isOpen = try reader.readFlag()
        reference = try QuotePrice(from: &reader)
        referenceSince = try reader.readInstant()
    }
}

extension QuoteTaking {
    func write(to writer: inout ByteWriter) {
        writer.write(account)
        writer.write(number)
        writer.write(mandate)
        writer.write(quote)
        writer.write(units)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        account = try reader.read()
        number = try reader.read()
        mandate = try reader.read()
        quote = try reader.read()
        units = try reader.read()
    }
}

extension QuoteCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .place(let account, let number, let terms):
            writer.write(account)
            writer.write(number)
            terms.write(to: &writer)
        case .withdraw(let account, let id):
            writer.write(account)
            writer.write(id)
        case .take(let taking, let terms):
            taking.write(to: &writer)
            terms.write(to: &writer)
        }
    }
}
