// The auctions chapter: sealed bids, their opening, and the task that the lowest one gets.
import Primitives

/// The slice of state this chapter reads and writes: that of tasks, and auctions.
protocol AuctionsState: TasksState {
    mutating func set(_ auction: Auction)
}

/// Why nothing is put up, bid or closed. Checks are made in this order.
public enum AuctionFailure: Error, Hashable, Sendable {
    /// The terms: as of a posted task.
    case terms(TaskFailure)
    /// Not one milestone, a worker is named, or a time out of its range.
    case invalidTerms
    case auctionUnknown
    case alreadyClosed
    case tooEarly
    case tooLate
    /// Who bids has an owner with another part in it.
    case conflict(AccountID)
    /// An owner bids once, whichever account it uses.
    case alreadyBid
    case commitmentTaken
    case tooManyBids
    case wrongDeposit(Amount)
    case insufficient(balance: Amount)
    /// This account has no bid that is still sealed.
    case noBid
    /// Price and salt are not those that were committed to.
    case wrongReveal
    /// Zero, or more than the reserve.
    case invalidPrice
    /// A balance would pass 2^128 - 1, which the supply does not let happen.
    case overflow
}

extension AuctionsState {
    mutating func open(
        _ wish: TaskWish, _ terms: TaskTerms, _ times: AuctionTimes, at time: Instant
    ) throws(AuctionFailure) -> Auction {
        guard times.isValid, terms.milestones.count == 1, terms.worker.isZero else {
            throw .invalidTerms
        }
        let rest: Account
        let price: Amount
        do {
            (rest, price) = try charge(wish.id, terms, by: wish.poster, payer: wish.payer)
        } catch { throw .terms(error) }
        let bidsUntil = time.advanced(byNanoseconds: times.bidding)
        var auction = Auction(
            id: wish.id, poster: wish.poster, payer: wish.payer, terms: terms,
            bidsUntil: bidsUntil,
            revealsUntil: bidsUntil.advanced(byNanoseconds: times.revealing), held: price)
        (auction.mandate, auction.fee) = (wish.mandate, marketRules.fee)
        auction.posterLaw = lawVersion(of: wish.poster)
        set(rest)
        set(auction)
        return auction
    }

    private func current(_ id: PostedTaskID) throws(AuctionFailure) -> Auction {
        guard let auction = auction(id) else { throw .auctionUnknown }
        guard !auction.isClosed else { throw .alreadyClosed }
        return auction
    }

    mutating func commit(
        _ commitment: Digest, to id: PostedTaskID, by bidder: AccountID, deposit: Amount,
        at time: Instant
    ) throws(AuctionFailure) -> Auction {
        var auction = try current(id)
        guard time < auction.bidsUntil else { throw .tooLate }
        do {
            try checkApart(bidder, from: auction.poster, auction.terms)
        } catch { throw .conflict(bidder) }
        let owner = ownerOf(bidder)
        for bid in auction.bids where ownerOf(bid.bidder) == owner { throw .alreadyBid }
        guard !auction.bids.contains(where: { $0.commitment == commitment }) else {
            throw .commitmentTaken
        }
        guard auction.bids.count < Auction.mostBids else { throw .tooManyBids }
        guard deposit == auction.deposit else { throw .wrongDeposit(auction.deposit) }
        var account = account(bidder)
        guard let rest = account.balance.subtracting(deposit) else {
            throw .insufficient(balance: account.balance)
        }
        guard let held = auction.held.adding(deposit) else { throw .overflow }
        (account.balance, auction.held) = (rest, held)
        auction.bids.append(Bid(bidder: bidder, commitment: commitment))
        set(account)
        set(auction)
        return auction
    }

    mutating func reveal(
        _ price: Amount, salt: Digest, in id: PostedTaskID, by bidder: AccountID,
        at time: Instant
    ) throws(AuctionFailure) -> Auction {
        var auction = try current(id)
        guard time >= auction.bidsUntil else { throw .tooEarly }
        guard time < auction.revealsUntil else { throw .tooLate }
        let place = auction.bids.firstIndex { $0.bidder == bidder && $0.price == .zero }
        guard let place else { throw .noBid }
        let commitment = Bid.commitment(
            auction: id, bidder: bidder, price: price, salt: salt)
        guard auction.bids[place].commitment == commitment else { throw .wrongReveal }
        guard price > .zero, price <= auction.reserve else { throw .invalidPrice }
        auction.bids[place].price = price
        let payout = auction.take(auction.deposit, for: bidder)
        do { try pay([payout]) } catch { throw .overflow }
        set(auction)
        return auction
    }

    /// Ends an auction: the winner is assigned the task at its price, what is saved goes back, and
    /// deposits of bids that were never revealed go to the account of fees.
    ///
    /// - Returns: the bid that won; nil where none did.
    mutating func close(
        _ id: PostedTaskID, at time: Instant
    ) throws(AuctionFailure) -> Bid? {
        var auction = try current(id)
        guard time >= auction.revealsUntil else { throw .tooEarly }
        var payouts: [Payout] = []
        for bid in auction.bids where bid.price == .zero {
            payouts.append(auction.take(auction.deposit, for: .fees))
        }
        let winner = auction.winner { isApart($0, in: auction) }
        let task = winner.flatMap { auction.task(for: $0, at: time) }
        _ = auction.take(task?.held ?? .zero, for: auction.payer)
        payouts.append(auction.take(auction.held, for: auction.payer))
        do { try pay(payouts) } catch { throw .overflow }
        (auction.isClosed, auction.ended) = (true, time)
        set(auction)
        if let task {
            set(task)
            enlist(for: task)
        }
        return winner
    }

    /// Whether nobody of a bidder's team is a party: it may have changed since the bid.
    private func isApart(_ bid: Bid, in auction: Auction) -> Bool {
        do {
            try checkApart(bid.bidder, from: auction.poster, auction.terms)
            return true
        } catch { return false }
    }
}

extension Auction {
    /// Takes an amount, or what there is, out of what is held.
    fileprivate mutating func take(_ amount: Amount, for receiver: AccountID) -> Payout {
        let amount = min(amount, held)
        held = held.subtracting(amount) ?? .zero
        return Payout(receiver: receiver, amount: amount)
    }

    /// The task of the winner, which is to begin.
    fileprivate func task(for bid: Bid, at time: Instant) -> PostedTask? {
        var terms = terms
        terms.milestones = [bid.price]
        terms.worker = bid.bidder
        guard terms.price != nil else { return nil }
        var task = PostedTask(id: id, poster: poster, payer: payer, terms, fee: fee)
        (task.worker, task.mandate, task.laws.poster) = (bid.bidder, mandate, posterLaw)
        var step = TaskStep(task: task, time: time)
        step.enter(.assigned)
        return step.task
    }
}
