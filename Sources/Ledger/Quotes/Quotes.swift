// The quotes chapter: a maker stands ready, and whoever takes a quote has a task that is assigned
// and paid in, in one step (docs/spec/ledger.md §21).
import Primitives

/// Why a quote is not placed, withdrawn or taken. Checks are made in this order.
public enum QuoteFailure: Error, Hashable, Sendable {
    case invalidTerms
    /// A part of the price more than twice or less than half of what it was an hour ago or less.
    case breaker(reference: QuotePrice)
    case quoteUnknown
    /// It is another's.
    case notMaker
    case notOpen
    case tooLate
    /// No units, or more than are left.
    case notEnough(left: UInt64)
    /// The task is for somebody else than the maker.
    case wrongWorker
    /// The milestones do not come to the price.
    case wrongPrice(Amount)
    /// The maker wants more time to deliver.
    case tooShort(UInt64)
    /// As of a posted task.
    case terms(TaskFailure)
}

/// The slice of state this chapter reads and writes: that of tasks, and quotes.
protocol QuotesState: TasksState {
    func quote(_ id: QuoteID) -> Quote?
    mutating func set(_ quote: Quote)
}

extension QuotesState {
    mutating func place(
        _ terms: QuoteTerms, number: UInt64, by maker: AccountID, at time: Instant
    ) throws(QuoteFailure) -> Quote {
        guard terms.isValid(at: time) else { throw .invalidTerms }
        let id = QuoteID(of: maker, number: number)
        guard var quote = quote(id) else {
            let fresh = Quote(
                id: id, maker: maker, terms: terms, reference: terms.price, referenceSince: time)
            set(fresh)
            return fresh
        }
        guard quote.allows(terms.price, at: time) else {
            throw .breaker(reference: quote.reference)
        }
        if time.nanoseconds(since: quote.referenceSince) >= Offer.breakerTime {
            (quote.reference, quote.referenceSince) = (terms.price, time)
        }
        (quote.terms, quote.isOpen) = (terms, true)
        set(quote)
        return quote
    }

    mutating func withdraw(
        _ id: QuoteID, by maker: AccountID
    ) throws(QuoteFailure) -> Quote {
        guard var quote = quote(id) else { throw .quoteUnknown }
        guard quote.maker == maker else { throw .notMaker }
        guard quote.isOpen else { throw .notOpen }
        quote.isOpen = false
        set(quote)
        return quote
    }

    /// The task is the maker's at once, and its price is held.
    mutating func take(
        _ taking: QuoteTaking, _ terms: TaskTerms, paidBy payer: AccountID, at time: Instant
    ) throws(QuoteFailure) -> Quote {
        guard var quote = quote(taking.quote) else { throw .quoteUnknown }
        guard quote.isOpen else { throw .notOpen }
        guard time < quote.terms.until else { throw .tooLate }
        guard taking.units > 0, let left = quote.terms.capacity.subtracting(taking.units),
            let price = quote.terms.price.of(taking.units)
        else { throw .notEnough(left: quote.terms.capacity) }
        guard terms.worker == quote.maker else { throw .wrongWorker }
        guard terms.wages == price else { throw .wrongPrice(price) }
        guard terms.times.deliver >= quote.terms.deliver else {
            throw .tooShort(quote.terms.deliver)
        }
        let wish = TaskWish(
            id: taking.task, poster: taking.account, payer: payer, mandate: taking.mandate)
        var task: PostedTask
        do { task = try post(wish, terms, at: time) } catch { throw .terms(error) }
        task.worker = quote.maker
        var step = TaskStep(task: task, time: time)
        step.enter(.assigned)
        set(step.task)
        enlist(for: step.task)
        quote.terms.capacity = left
        set(quote)
        return quote
    }
}

extension UInt64 {
    /// Nil below zero.
    fileprivate func subtracting(_ other: UInt64) -> UInt64? {
        let (rest, overflow) = subtractingReportingOverflow(other)
        return overflow ? nil : rest
    }
}
