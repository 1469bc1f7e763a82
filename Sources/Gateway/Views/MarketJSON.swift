// Tasks, offers and auctions as JSON; amounts in nano-credits, times in nanoseconds.
import JSON
import Ledger
import Primitives

extension JSONWriter {
    mutating func write(_ task: PostedTask) {
        object { object in
            object.member("task", task.id.hex)
            object.member("state", "\(task.state)")
            object.member("poster", task.poster.hex)
            object.member("payer", task.payer.hex)
            object.member("worker", orNull: task.worker.isZero ? nil : task.worker.hex)
            object.member("paid", task.paid)
            object.member("attempt", task.attempt)
            let due = task.due.nanoseconds
            object.member("due", quotedOrNull: task.state.isFinal ? nil : due)
            object.member("result", orNull: task.result.isZero ? nil : task.result.hex)
            object.member("held", quoted: task.held.nanoCredits)
            object.member("slashed", task.isSlashed)
            object.key("confirmations")
            object.array { array in
                for confirmation in task.confirmations {
                    array.object {
                        $0.member("verifier", confirmation.verifier.hex)
                        $0.member("result", confirmation.result.hex)
                    }
                }
            }
            object.key("votes")
            object.array { array in
                for vote in task.votes {
                    array.object {
                        $0.member("arbiter", vote.arbiter.hex)
                        $0.member("verdict", "\(vote.verdict)")
                    }
                }
            }
            object.key("terms")
            object.write(task.terms)
        }
    }

    private mutating func write(_ terms: TaskTerms) {
        object { object in
            object.member("specification", terms.specification.hex)
            object.member("worker", orNull: terms.worker.isZero ? nil : terms.worker.hex)
            object.key("milestones")
            object.array { for milestone in terms.milestones {
                $0.writeQuoted(milestone.nanoCredits)
            } }
            object.member("price", quoted: terms.price?.nanoCredits ?? 0)
            object.key("times")
            object.object { times in
                times.member("assign", quoted: terms.times.assign)
                times.member("begin", quoted: terms.times.begin)
                times.member("deliver", quoted: terms.times.deliver)
                times.member("judge", quoted: terms.times.judge)
                times.member("arbitrate", quoted: terms.times.arbitrate)
            }
            object.member("attempts", terms.attempts)
            object.member("arbiters", hexList: terms.arbiters)
            object.member("stake", quoted: terms.stake.nanoCredits)
            object.key("verification")
            object.write(terms.verification)
        }
    }

    private mutating func write(_ verification: Verification) {
        object { object in
            switch verification {
            case .attested: object.member("kind", "attested")
            case .redundant(let quorum, let verifiers, let fee):
                object.member("kind", "redundant")
                object.member("quorum", quorum)
                object.member("verifiers", hexList: verifiers)
                object.member("fee", quoted: fee.nanoCredits)
            }
        }
    }

    mutating func write(_ offer: Offer) {
        let terms = offer.terms
        object { object in
            object.member("offer", offer.id.hex)
            object.member("seller", offer.seller.hex)
            object.member("listed", offer.isListed)
            object.member("name", terms.name)
            object.member("pricePerUnit", quoted: terms.pricePerUnit.nanoCredits)
            object.member("capacity", quoted: terms.capacity)
            object.member("load", quoted: terms.load)
            object.member("model", orNull: terms.model.isZero ? nil : terms.model.hex)
            object.member("schema", orNull: terms.schema.isZero ? nil : terms.schema.hex)
            object.member("accuracy", terms.accuracy)
            object.member("reference", quoted: offer.reference.nanoCredits)
            object.member("referenceSince", quoted: offer.referenceSince.nanoseconds)
        }
    }

    mutating func write(_ auction: Auction) {
        object { object in
            object.member("auction", auction.id.hex)
            object.member("poster", auction.poster.hex)
            object.member("payer", auction.payer.hex)
            object.member("closed", auction.isClosed)
            object.member("reserve", quoted: auction.reserve.nanoCredits)
            object.member("deposit", quoted: auction.deposit.nanoCredits)
            object.member("held", quoted: auction.held.nanoCredits)
            object.member("bidsUntil", quoted: auction.bidsUntil.nanoseconds)
            object.member("revealsUntil", quoted: auction.revealsUntil.nanoseconds)
            object.key("bids")
            object.array { array in
                for bid in auction.bids {
                    array.object {
                        $0.member("bidder", bid.bidder.hex)
                        $0.member("commitment", bid.commitment.hex)
                        $0.key("price")
                        if bid.price > .zero {
                            $0.writeQuoted(bid.price.nanoCredits)
                        } else {
                            $0.writeNull()
                        }
                    }
                }
            }
            object.key("terms")
            object.write(auction.terms)
        }
    }
}
