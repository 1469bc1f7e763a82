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
            object.member("covered", quoted: task.covered.nanoCredits)
            object.member("slashed", task.isSlashed)
            object.member("mandate", orNull: task.mandate.isZero ? nil : task.mandate.hex)
            object.member("fee", task.fee.millionths)
            object.key("laws")
            object.object { laws in
                laws.member("poster", quoted: task.laws.poster)
                laws.member("worker", quoted: task.laws.worker)
            }
            object.member("earned", quoted: task.earned.nanoCredits)
            object.member("charged", quoted: task.charged.nanoCredits)
            let ended = task.ended.nanoseconds
            object.member("ended", quotedOrNull: ended == 0 ? nil : ended)
            object.key("claim")
            object.write(task.claim)
            object.key("challenge")
            object.write(task.challenge)
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

    private mutating func write(_ claim: RunClaim?) {
        guard let claim else { return writeNull() }
        object { object in
            object.member("root", claim.root.hex)
            object.member("written", claim.written)
            object.member("output", claim.output.hex)
        }
    }

    private mutating func write(_ challenge: Challenge?) {
        guard let challenge else { return writeNull() }
        object { object in
            object.member("challenger", challenge.challenger.hex)
            object.member("rounds", challenge.rounds)
            object.member("start", quoted: challenge.start)
            object.member("before", challenge.before.hex)
            object.member("after", challenge.after.hex)
            object.member("trace", hexList: challenge.trace)
            object.member("workersTurn", challenge.isWorkersTurn)
            object.member("lost", challenge.isLost)
        }
    }

    mutating func write(_ rules: MarketRules) {
        object { object in
            object.member("feeMillionths", rules.fee.millionths)
            object.member("epoch", quoted: rules.epoch)
            object.key("votes")
            object.array { array in
                for vote in rules.votes {
                    array.object {
                        $0.member("voter", vote.voter.hex)
                        $0.member("feeMillionths", vote.fee.millionths)
                    }
                }
            }
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
            object.member("kind", verification.name)
            switch verification {
            case .attested: break
            case .redundant(let quorum, let verifiers, let fee):
                object.member("quorum", quorum)
                object.member("verifiers", hexList: verifiers)
                object.member("fee", quoted: fee.nanoCredits)
            case .reexecuted(let run, let rules):
                object.writeRun(run)
                object.member("rounds", rules.rounds)
                object.member("deposit", quoted: rules.deposit.nanoCredits)
                object.member("reward", quoted: rules.reward.nanoCredits)
            case .proven(let run): object.writeRun(run)
            }
        }
    }

    private mutating func writeRun(_ run: TaskRun) {
        member("program", run.program.hex)
        member("input", run.input.hex)
        member("words", run.words)
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
            object.member("dailyVolume", quoted: terms.dailyVolume.nanoCredits)
            object.member("bond", quoted: terms.bond.nanoCredits)
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
            object.member("mandate", orNull: auction.mandate.isZero ? nil : auction.mandate.hex)
            object.member("fee", auction.fee.millionths)
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
