// Open tasks and offers brought together: price and time decide, and anybody finds the same pairs.
import Ledger
import Primitives

/// A task that looks for somebody.
public struct Want: Hashable, Sendable {
    public var task: PostedTaskID
    /// What it pays at most.
    public var limit: Amount
    /// Since when it is open.
    public var since: Instant
    /// The offers that can do it; only these.
    public var offers: Set<OfferID>

    public init(task: PostedTaskID, limit: Amount, since: Instant, offers: Set<OfferID>) {
        (self.task, self.limit, self.since, self.offers) = (task, limit, since, offers)
    }
}

/// An offer that has room.
public struct Ask: Hashable, Sendable {
    public var offer: OfferID
    public var price: Amount
    /// Since when it is listed at that price.
    public var since: Instant
    /// Tasks that it can take now.
    public var room: UInt64

    public init(offer: OfferID, price: Amount, since: Instant, room: UInt64) {
        (self.offer, self.price, self.since, self.room) = (offer, price, since, room)
    }
}

/// A task and the offer that got it, at the offer's price.
public struct Pair: Hashable, Sendable {
    public var task: PostedTaskID
    public var offer: OfferID
    public var price: Amount

    public init(task: PostedTaskID, offer: OfferID, price: Amount) {
        (self.task, self.offer, self.price) = (task, offer, price)
    }
}

/// Matching by price and time (docs/spec/orchestrator.md §2).
public enum Matching {
    /// A price outside [reference / factor, reference · factor] is not matched.
    public static let breakerFactor: UInt128 = 2

    /// Tasks in order: the higher limit, then the earlier, then the lower id. Each takes, of its
    /// offers with room and a price within its limit and the breaker, the cheapest, then the
    /// earliest, then the lowest id.
    ///
    /// - Parameter reference: the price that the market's breaker measures by; nil where it is off.
    /// - Complexity: O(tasks · offers).
    public static func pairs(
        _ wants: [Want], _ asks: [Ask], reference: Amount? = nil
    ) -> [Pair] {
        var asks = asks.filter { isWithinBreaker($0.price, reference) }.sorted(by: comesFirst)
        var pairs: [Pair] = []
        for want in wants.sorted(by: comesFirst) {
            let place = asks.firstIndex {
                $0.room > 0 && $0.price <= want.limit && want.offers.contains($0.offer)
            }
            guard let place else { continue }
            asks[place].room -= 1
            pairs.append(
                Pair(task: want.task, offer: asks[place].offer, price: asks[place].price))
        }
        return pairs
    }

    /// Whether the market's breaker lets a price be matched.
    public static func isWithinBreaker(_ price: Amount, _ reference: Amount?) -> Bool {
        guard let reference else { return true }
        let (least, most) = (min(price, reference), max(price, reference))
        // Halved, not doubled: nothing can pass the range.
        let half = most.nanoCredits / breakerFactor + most.nanoCredits % breakerFactor
        return least.nanoCredits >= half
    }

    /// The reference after some pairs: the median price of the last ones, the lower of two.
    ///
    /// - Parameter prices: at least one.
    public static func reference(of prices: [Amount]) -> Amount? {
        prices.isEmpty ? nil : prices.sorted()[(prices.count - 1) / 2]
    }

    private static func comesFirst(_ left: Want, _ right: Want) -> Bool {
        if left.limit != right.limit { return left.limit > right.limit }
        return (left.since, left.task) < (right.since, right.task)
    }

    private static func comesFirst(_ left: Ask, _ right: Ask) -> Bool {
        if left.price != right.price { return left.price < right.price }
        return (left.since, left.offer) < (right.since, right.offer)
    }
}
