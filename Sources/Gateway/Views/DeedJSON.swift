// Operations of the law as JSON: who did what, about how much, when.
import JSON
import Ledger
import Node
import Primitives

/// What an operation says, in words that are the same for all chapters.
struct DeedWords {
    var chapter: String
    var verb: String
    /// Who acts; nil where the owner does.
    var account: AccountID?
    var amount: Amount?
    /// What was delivered, sealed, or answered to.
    var digest: Digest?

    init(_ chapter: String, _ verb: String, by account: AccountID? = nil) {
        (self.chapter, self.verb, self.account) = (chapter, verb, account)
    }

    private func with(_ amount: Amount?) -> DeedWords {
        var words = self
        words.amount = amount
        return words
    }

    private func of(_ digest: Digest) -> DeedWords {
        var words = self
        words.digest = digest
        return words
    }

    /// The name of a case, without what it holds.
    private static func name(_ value: Any) -> String {
        String("\(value)".prefix { $0 != "(" })
    }

    init(_ command: Ledger::Command) {
        guard case .law(let command) = command else {
            self.init("identity", "change")
            return
        }
        self = Self.words(command)
    }

    private static func words(_ command: LawCommand) -> DeedWords {
        switch command {
        case .transfer(let transfer):
            DeedWords("account", "transfer", by: transfer.from).with(transfer.amount)
        case .enact: DeedWords("constitution", "enact")
        case .limit: DeedWords("quota", "set")
        case .grantRole: DeedWords("role", "grant")
        case .revokeRole: DeedWords("role", "revoke")
        case .mandate(let command): words(command)
        case .approve(let request): DeedWords("approval", "approve").of(request)
        case .refuse(let request): DeedWords("approval", "refuse").of(request)
        case .rule(_, _, let ruling, _): DeedWords("override", "\(ruling)")
        case .stop: DeedWords("agent", "stop")
        case .resume: DeedWords("agent", "resume")
        case .release: DeedWords("agent", "release")
        case .task(let command): words(command)
        case .stake(let command): words(command)
        case .offer(let command): words(command)
        case .auction(let command): words(command)
        case .licence(let command): words(command)
        case .team(let command): words(command)
        case .quote(let command): words(command)
        case .cover(let command): words(command)
        case .voteFee: DeedWords("market", "voteFee")
        }
    }

    private static func words(_ command: MandateCommand) -> DeedWords {
        switch command {
        case .issue(_, let terms): DeedWords("mandate", "issue").with(terms.budget)
        case .delegate(let agent, _, _, let terms):
            DeedWords("mandate", "delegate", by: AccountID(agent)).with(terms.budget)
        case .revoke(let account, _): DeedWords("mandate", "revoke", by: account)
        }
    }

    private static func words(_ command: TaskCommand) -> DeedWords {
        switch command {
        case .post(let account, _, _, let terms):
            return DeedWords("task", "post", by: account).with(terms.price)
        case .batch(let batch): return DeedWords("task", "batch", by: batch.account)
        case .move(let account, _, let move):
            let words = DeedWords("task", name(move), by: account)
            switch move {
            case .deliver(let digest), .dispute(let digest), .confirm(let digest),
                .prove(let digest, _):
                return words.of(digest)
            case .deliverRun(let claim): return words.of(claim.output)
            case .challenge(let deposit): return words.with(deposit)
            case .assign, .claim, .begin, .giveUp, .accept, .arbitrate, .cancel, .expire, .trace,
                .pick, .show:
                return words
            }
        }
    }

    private static func words(_ command: StakeCommand) -> DeedWords {
        switch command {
        case .stake(let account, let amount):
            DeedWords("stake", "stake", by: account).with(amount)
        case .unstake(let account, let amount):
            DeedWords("stake", "unstake", by: account).with(amount)
        case .withdraw(let account): DeedWords("stake", "withdraw", by: account)
        case .slash(let account, _): DeedWords("stake", "slash", by: account)
        }
    }

    private static func words(_ command: OfferCommand) -> DeedWords {
        switch command {
        case .list(let account, _, let terms):
            DeedWords("offer", "list", by: account).with(terms.pricePerUnit)
        case .update(let account, _, let terms):
            DeedWords("offer", "update", by: account).with(terms.pricePerUnit)
        case .delist(let account, _): DeedWords("offer", "delist", by: account)
        }
    }

    private static func words(_ command: LicenceCommand) -> DeedWords {
        switch command {
        case .offer(let account, _, let terms):
            DeedWords("licence", "offer", by: account).with(terms.price).of(terms.content)
        case .withdraw(let account, _): DeedWords("licence", "withdraw", by: account)
        case .buy(let purchase):
            DeedWords("licence", "buy", by: purchase.buyer).with(purchase.payment.price)
        case .renew(let account, _, let payment):
            DeedWords("licence", "renew", by: account).with(payment.price)
        case .transfer(let account, _, _): DeedWords("licence", "transfer", by: account)
        }
    }

    private static func words(_ command: TeamCommand) -> DeedWords {
        switch command {
        case .form(let account, _): DeedWords("team", "form", by: account)
        case .join(let account, _, let agreement):
            DeedWords("team", "join", by: account).of(agreement)
        case .leave(let account, _): DeedWords("team", "leave", by: account)
        case .dissolve(let account): DeedWords("team", "dissolve", by: account)
        }
    }

    private static func words(_ command: QuoteCommand) -> DeedWords {
        switch command {
        case .place(let account, _, let terms):
            DeedWords("quote", "place", by: account).with(terms.price.unit)
        case .withdraw(let account, _): DeedWords("quote", "withdraw", by: account)
        case .take(let taking, let terms):
            DeedWords("quote", "take", by: taking.account).with(terms.price)
        }
    }

    private static func words(_ command: CoverCommand) -> DeedWords {
        let words = DeedWords("cover", name(command.step), by: command.account)
        return switch command.step {
        case .offer(let terms): words.with(terms.amount)
        case .buy(_, let payment): words.with(payment.price)
        case .withdraw, .settle: words
        }
    }

    private static func words(_ command: AuctionCommand) -> DeedWords {
        switch command {
        case .open(let account, _, _, let terms, _):
            DeedWords("auction", "open", by: account).with(terms.price)
        case .commit(let account, _, let commitment, let deposit):
            DeedWords("auction", "bid", by: account).with(deposit).of(commitment)
        case .reveal(let account, _, let price, _):
            DeedWords("auction", "reveal", by: account).with(price)
        case .close(let account, _): DeedWords("auction", "close", by: account)
        }
    }
}

extension JSONWriter {
    mutating func write(_ view: DeedView) {
        let operation = view.operation
        let words = DeedWords(operation.command)
        object { object in
            object.member("operation", operation.digest.hex)
            object.member("time", quoted: view.time.nanoseconds)
            object.member("checkpoint", quoted: view.height)
            object.member("outcome", "\(view.outcome)")
            object.member("owner", operation.owner.hex)
            object.member("account", (words.account ?? AccountID(operation.owner)).hex)
            object.member("chapter", words.chapter)
            object.member("verb", words.verb)
            object.key("amount")
            if let amount = words.amount {
                object.writeQuoted(amount.nanoCredits)
            } else {
                object.writeNull()
            }
            object.member("digest", orNull: words.digest?.hex)
        }
    }
}
