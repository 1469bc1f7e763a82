// An auction of a task by sealed bids: what was put up, who bid, and how bids are written.
import Cryptography
import Primitives

/// A sealed bid and, once revealed, its price.
public struct Bid: Hashable, Sendable {
    public var bidder: AccountID
    public var commitment: Digest
    /// Zero before it is revealed.
    public var price = Amount.zero

    private static let domain = HashDomain("althing 2026 bid v1")

    /// What a bidder commits to. It names the bidder, so that nobody can copy another's.
    public static func commitment(
        auction: PostedTaskID, bidder: AccountID, price: Amount, salt: Digest
    ) -> Digest {
        var writer = ByteWriter(capacity: 112)
        writer.write(auction)
        writer.write(bidder)
        writer.write(price)
        writer.write(salt)
        return domain.hash(writer.bytes)
    }
}

/// Nanoseconds for bids, and for their opening.
public struct AuctionTimes: Hashable, Sendable {
    public var bidding: UInt64
    public var revealing: UInt64

    public init(bidding: UInt64, revealing: UInt64) {
        self.bidding = bidding
        self.revealing = revealing
    }

    var isValid: Bool {
        TaskTimes.range.contains(bidding) && TaskTimes.range.contains(revealing)
    }
}

/// An auction as it stands. The task that comes of it has the same identifier.
public struct Auction: Hashable, Sendable {
    public var id: PostedTaskID
    public var poster: AccountID
    /// Who paid the most that may be paid.
    public var payer: AccountID
    /// With one milestone: the most that may be paid.
    public var terms: TaskTerms
    /// Bids are taken before this.
    public var bidsUntil: Instant
    /// Bids are revealed from then and before this.
    public var revealsUntil: Instant
    /// In order of arrival.
    public var bids: [Bid] = []
    /// The price paid in, and the deposits of bids that are not revealed.
    public var held: Amount
    /// Nobody bids any more, and nothing is held.
    public var isClosed = false
    /// Under which it was opened; zero for none.
    public var mandate = MandateID()
    /// What goes over to the task: the market's fee and the poster's law as they were.
    public var fee = MarketFee.standard
    public var posterLaw: UInt64 = 0
    /// When it was closed; zero before.
    public var ended = Instant(nanoseconds: 0)

    public static let mostBids = 64

    /// The most that may be bid.
    public var reserve: Amount { terms.milestones.first ?? .zero }
    /// What a bidder lays down until it reveals: a hundredth of the reserve.
    public var deposit: Amount { Amount(nanoCredits: reserve.nanoCredits / 100) }

    /// The lowest revealed bid of those that may win; of equal ones the first to come.
    func winner(among mayWin: (Bid) -> Bool) -> Bid? {
        bids.filter { $0.price > .zero && mayWin($0) }.reduce(nil) { best, bid in
            guard let best, best.price <= bid.price else { return bid }
            return best
        }
    }
}

/// A command for auctions; the account acts.
public enum AuctionCommand: Hashable, Sendable {
    case open(by: AccountID, number: UInt64, mandate: MandateID, TaskTerms, AuctionTimes)
    /// `deposit` must be the auction's, so that the law sees it.
    case commit(by: AccountID, PostedTaskID, Digest, deposit: Amount)
    case reveal(by: AccountID, PostedTaskID, price: Amount, salt: Digest)
    /// Anybody says that the time is over.
    case close(by: AccountID, PostedTaskID)
}

extension Auction: StateEntry {
    var stateKey: StateKey { .law(.auction(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(poster)
        writer.write(payer)
        terms.write(to: &writer)
        writer.write(bidsUntil)
        writer.write(revealsUntil)
        writer.write(UInt8(clamping: bids.count))
        for bid in bids {
            writer.write(bid.bidder)
            writer.write(bid.commitment)
            writer.write(bid.price)
        }
        writer.write(held)
        writer.write(UInt8(isClosed ? 1 : 0))
        writer.write(mandate)
        fee.write(to: &writer)
        writer.write(posterLaw)
        writer.write(ended)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        poster = try reader.read()
        payer = try reader.read()
        terms = try TaskTerms(from: &reader)
        bidsUntil = try reader.readInstant()
        revealsUntil = try reader.readInstant()
        let start = reader.offset
        let count = try reader.read(UInt8.self)
        guard count <= Self.mostBids else { throw DecodingFailure(.overLimit, at: start) }
        for _ in 0..<count {
            bids.append(
                Bid(
                    bidder: try reader.read(), commitment: try reader.read(),
                    price: try reader.readAmount()))
        }
        held = try reader.readAmount()
        isClosed = try reader.readFlag()
        mandate = try reader.read()
        fee = try reader.readFee()
        posterLaw = try reader.read()
        ended = try reader.readInstant()
    }
}

extension AuctionCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .open(let account, let number, let mandate, let terms, let times):
            writer.write(account)
            writer.write(number)
            writer.write(mandate)
            terms.write(to: &writer)
            writer.write(times.bidding)
            writer.write(times.revealing)
        case .commit(let account, let id, let commitment, let deposit):
            writer.write(account)
            writer.write(id)
            writer.write(commitment)
            writer.write(deposit)
        case .reveal(let account, let id, let price, let salt):
            writer.write(account)
            writer.write(id)
            writer.write(price)
            writer.write(salt)
        case .close(let account, let id):
            writer.write(account)
            writer.write(id)
        }
    }
}
