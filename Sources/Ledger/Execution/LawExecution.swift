// How a command of the law is carried out: judged, then given to its chapter, then noted.
import Primitives

extension ExecutionState {
    /// Carries out a command of the law or the market.
    ///
    /// - Parameters:
    ///   - operation: the signed operation that holds it.
    ///   - signer: who gives it, as its role allows.
    mutating func carryOut(
        _ command: LawCommand, of operation: SignedOperation, by signer: Signer,
        at time: Instant, proofs: ProofState
    ) throws(LawFailure) -> LawEffect {
        guard case .action(let action) = command.intent else {
            return try administer(command, by: signer, at: time)
        }
        let judgement = try judge(action, by: signer, at: time, approved: .no)
        switch judgement {
        case .waits(let law, let conduct):
            return try wait(for: operation, under: law, conduct: conduct, at: time)
        case .unusual(let finding, let conduct):
            enterSafeMode(conduct, for: finding, at: time)
            return .anomaly(conduct.agent, finding.rule, finding.kind)
        case .free, .lawful:
            return try act(command, action, judgement, at: time, proofs: proofs)
        }
    }

    /// Gives an action that is within the law to its chapter, and notes it.
    private mutating func act(
        _ command: LawCommand, _ action: Action, _ judgement: Judgement, at time: Instant,
        proofs: ProofState
    ) throws(LawFailure) -> LawEffect {
        var payer = action.account
        if case .lawful(let record) = judgement, let root = record.mandates.last {
            payer = AccountID(root.payer)
        }
        let effect = try perform(command, paidBy: payer, at: time, proofs: proofs)
        guard case .lawful(let record) = judgement else { return effect }
        spend(action.value, under: record.mandates)
        var conduct =
            record.file.conduct ?? Conduct(agent: AgentID(action.account), since: time)
        conduct.note(record.deed, at: time)
        set(conduct)
        return effect
    }

    /// The switch over the chapters that act; the law was asked before.
    private mutating func perform(
        _ command: LawCommand, paidBy payer: AccountID, at time: Instant, proofs: ProofState
    ) throws(LawFailure) -> LawEffect {
        switch command {
        case .transfer(let move):
            do {
                try transfer(move.amount, from: payer, to: move.to)
                return .transferred(from: payer, to: move.to, move.amount)
            } catch { throw .accounts(error) }
        case .mandate(.delegate(let agent, let parent, let number, let terms)):
            do {
                let mandate = try delegate(
                    terms, number: number, from: parent, by: agent, at: time)
                return .mandateGiven(mandate.id, to: terms.holder)
            } catch { throw .mandates(error) }
        case .task(let command):
            return try perform(command, paidBy: payer, at: time, proofs: proofs)
        case .auction(let command): return try perform(command, paidBy: payer, at: time)
        case .offer(let command):
            do {
                let offer = try apply(command, at: time)
                return .offerChanged(offer.id, isListed: offer.isListed)
            } catch { throw .offers(error) }
        case .licence(let command): return try perform(command, paidBy: payer, at: time)
        case .quote(let command): return try perform(command, paidBy: payer, at: time)
        case .cover(let command):
            do {
                let cover = try apply(command, paidBy: payer, at: time)
                return .coverChanged(cover.id, cover.state)
            } catch { throw .covers(error) }
        case .team(let command):
            do {
                let members = try apply(command, at: time).members
                let joined = members.count(where: \.hasJoined)
                return .teamChanged(lead: command.lead, joined: joined, of: members.count)
            } catch { throw .teams(error) }
        case .stake(let command):
            do {
                let stake = try apply(command, at: time)
                return .stakeChanged(stake.account, staked: stake.staked)
            } catch { throw .stakes(error) }
        case .enact, .limit, .grantRole, .revokeRole, .mandate(.issue), .mandate(.revoke),
            .approve, .refuse, .rule, .stop, .resume, .release, .voteFee:
            preconditionFailure("these are administration")
        }
    }

    private mutating func perform(
        _ command: TaskCommand, paidBy payer: AccountID, at time: Instant, proofs: ProofState
    ) throws(LawFailure) -> LawEffect {
        do {
            switch command {
            case .post(let account, let number, let mandate, let terms):
                let id = PostedTaskID(of: account, number: number)
                let wish = TaskWish(id: id, poster: account, payer: payer, mandate: mandate)
                _ = try post(wish, terms, at: time)
                return .taskPosted(id)
            case .move(let account, let id, let move):
                let task = try self.move(id, move, by: account, at: time, proofs: proofs)
                return .taskMoved(id, to: task.state)
            case .batch(let batch):
                let made = try make(batch, at: time)
                return .tasksMade(batch.account, made: made, of: batch.entries.count)
            }
        } catch { throw .tasks(error) }
    }

    private mutating func perform(
        _ command: AuctionCommand, paidBy payer: AccountID, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        do {
            switch command {
            case .open(let account, let number, let mandate, let terms, let times):
                let id = PostedTaskID(of: account, number: number)
                let wish = TaskWish(id: id, poster: account, payer: payer, mandate: mandate)
                _ = try open(wish, terms, times, at: time)
                return .auctionOpened(id)
            case .commit(let account, let id, let commitment, let deposit):
                _ = try commit(commitment, to: id, by: account, deposit: deposit, at: time)
                return .bidCommitted(id, by: account)
            case .reveal(let account, let id, let price, let salt):
                _ = try reveal(price, salt: salt, in: id, by: account, at: time)
                return .bidRevealed(id, by: account, price)
            case .close(_, let id):
                let winner = try close(id, at: time)
                return .auctionClosed(id, winner: winner?.bidder ?? AccountID())
            }
        } catch { throw .auctions(error) }
    }

    private mutating func perform(
        _ command: LicenceCommand, paidBy payer: AccountID, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        do {
            switch try apply(command, paidBy: payer, at: time) {
            case .offer(let offer): return .licenceOffered(offer.id, isListed: offer.isListed)
            case .licence(let licence):
                return .licenceHeld(licence.id, by: licence.holder, until: licence.until)
            }
        } catch { throw .licences(error) }
    }

    private mutating func perform(
        _ command: QuoteCommand, paidBy payer: AccountID, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        do {
            switch command {
            case .place(let account, let number, let terms):
                let quote = try place(terms, number: number, by: account, at: time)
                return .quoteChanged(quote.id, isOpen: quote.isOpen)
            case .withdraw(let account, let id):
                return .quoteChanged(try withdraw(id, by: account).id, isOpen: false)
            case .take(let taking, let terms):
                let quote = try take(taking, terms, paidBy: payer, at: time)
                return .quoteTaken(quote.id, task: taking.task, left: quote.terms.capacity)
            }
        } catch { throw .quotes(error) }
    }

    /// Keeps an action until guardians agree.
    private mutating func wait(
        for operation: SignedOperation, under law: Constitution, conduct: Conduct,
        at time: Instant
    ) throws(LawFailure) -> LawEffect {
        var writer = ByteWriter()
        operation.command.write(to: &writer)
        let approval = Approval(
            id: operation.digest, agent: conduct.agent, key: operation.key,
            owner: operation.owner, command: writer.bytes,
            expires: time.advanced(byNanoseconds: law.approvals.lifetime))
        do {
            try request(approval, under: law, conduct: conduct)
        } catch { throw .approvals(error) }
        return .approvalRequested(approval.id, agent: conduct.agent)
    }

    /// Carries out an action that enough guardians agreed to: once, as the law is now.
    private mutating func execute(
        _ approval: Approval, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        var reader = ByteReader(approval.command)
        guard case .law(let command)? = try? Command(from: &reader),
            case .action(let action) = command.intent
        else { throw .approvals(.approvalUnknown) }
        let asking = Signer(owner: approval.owner, key: approval.key)
        let signer = try admitted(.law(command), by: asking)
        let judgement = try judge(action, by: signer, at: time, approved: .byGuardians)
        // Nobody looked at its proofs while it waited.
        _ = try act(command, action, judgement, at: time, proofs: .open)
        close(approval)
        tell(approval, .done)
        return .approvalExecuted(approval.id, agent: approval.agent)
    }
}

// What people decide.
extension ExecutionState {
    private mutating func administer(
        _ command: LawCommand, by signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        switch command {
        case .transfer, .mandate(.delegate), .task, .stake, .offer, .auction, .licence,
            .team, .quote, .cover:
            preconditionFailure("these are actions")
        case .enact(let law):
            do {
                try enact(law, owner: signer.owner, key: signer.key)
                return .enacted(law.agent, version: law.version)
            } catch { throw .constitutions(error) }
        case .limit(let account, let quota):
            do {
                try limit(account, to: quota, owner: signer.owner, key: signer.key)
                return .limited(account)
            } catch { throw .quotas(error) }
        case .grantRole, .revokeRole: return try changeRole(command, by: signer)
        case .mandate(.issue(let number, let terms)):
            do {
                let mandate = try issue(
                    number, terms, owner: signer.owner, key: signer.key, at: time)
                return .mandateGiven(mandate.id, to: terms.holder)
            } catch { throw .mandates(error) }
        case .mandate(.revoke(let account, let id)):
            return try revoke(id, by: account, signer: signer, at: time)
        case .approve(let id): return try approve(id, by: signer, at: time)
        case .refuse(let id): return try refuse(id, by: signer)
        case .rule(let agent, let kind, let ruling, let expires):
            let override = Override(
                kind: kind, ruling: ruling, expires: expires, by: signer.owner)
            return try rule(override, over: agent, by: signer, at: time)
        case .stop(let target): return try stop(target, by: signer, at: time)
        case .resume(let target): return try resume(target, by: signer, at: time)
        case .release(let agent): return try release(agent, by: signer)
        case .voteFee(let millionths):
            do {
                let isAdopted = try voteFee(millionths: millionths, by: signer)
                return isAdopted
                    ? .feeAdopted(millionths) : .feeVoted(millionths, by: signer.key)
            } catch { throw .marketRules(error) }
        }
    }

    private mutating func changeRole(
        _ command: LawCommand, by signer: Signer
    ) throws(LawFailure) -> LawEffect {
        do {
            switch command {
            case .grantRole(let grant):
                try grantRole(grant, by: signer)
                return .roleGranted(grant.key, grant.role)
            case .revokeRole(let key):
                try revokeRole(of: key, by: signer)
                return .roleRevoked(key)
            default: preconditionFailure("these are not of roles")
            }
        } catch { throw .roles(error) }
    }

    private mutating func revoke(
        _ id: MandateID, by account: AccountID, signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        do {
            _ = try standing(of: signer.key, for: account, owner: signer.owner)
        } catch { throw .standing(error) }
        do {
            try revoke(id, by: account, at: time)
            return .mandateRevoked(id)
        } catch { throw .mandates(error) }
    }

    private func guards(_ agent: AgentID, _ signer: Signer) throws(LawFailure) -> Bool {
        do {
            return try checkGuard(of: agent, by: signer)
        } catch { throw .guardianship(error) }
    }

    private mutating func approve(
        _ id: Digest, by signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        guard let waiting = approval(id) else { throw .approvals(.approvalUnknown) }
        _ = try guards(waiting.agent, signer)
        let (agreed, isEnough): (Approval, Bool)
        do {
            (agreed, isEnough) = try self.agreed(to: waiting, by: signer.owner, at: time)
        } catch { throw .approvals(error) }
        if isEnough { return try execute(agreed, at: time) }
        set(agreed)
        return .approvalGiven(id, by: signer.owner)
    }

    private mutating func refuse(
        _ id: Digest, by signer: Signer
    ) throws(LawFailure) -> LawEffect {
        guard let waiting = approval(id) else { throw .approvals(.approvalUnknown) }
        _ = try guards(waiting.agent, signer)
        close(waiting)
        tell(waiting, .refused)
        return .approvalRefused(id, by: signer.owner)
    }

    private mutating func rule(
        _ override: Override, over agent: AgentID, by signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        let isDual = try guards(agent, signer)
        do {
            let holds = try rule(override, over: agent, isDual: isDual, at: time)
            return holds
                ? .ruled(agent, override.kind, override.ruling) : .seconding(by: signer.owner)
        } catch { throw .overrides(error) }
    }

    private mutating func stop(
        _ target: StopTarget, by signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        if case .agent(let agent) = target { _ = try guards(agent, signer) }
        do {
            var isDone = true
            switch target {
            case .agent(let agent): try stop(agent, at: time)
            case .fleet: try setFleet(isStopped: true, by: signer, at: time)
            case .chain: isDone = try voteChain(isStopped: true, by: signer, at: time)
            }
            return isDone ? .stopped(target, by: signer.owner) : .seconding(by: signer.owner)
        } catch { throw .overrides(error) }
    }

    private mutating func resume(
        _ target: StopTarget, by signer: Signer, at time: Instant
    ) throws(LawFailure) -> LawEffect {
        var isDual = false
        if case .agent(let agent) = target { isDual = try guards(agent, signer) }
        do {
            var isDone = true
            switch target {
            case .agent(let agent):
                isDone = try resume(agent, by: signer.owner, isDual: isDual)
            case .fleet: try setFleet(isStopped: false, by: signer, at: time)
            case .chain: isDone = try voteChain(isStopped: false, by: signer, at: time)
            }
            return isDone ? .resumed(target, by: signer.owner) : .seconding(by: signer.owner)
        } catch { throw .overrides(error) }
    }

    private mutating func release(
        _ agent: AgentID, by signer: Signer
    ) throws(LawFailure) -> LawEffect {
        let isDual = try guards(agent, signer)
        do {
            let isOut = try release(agent, by: signer.owner, isDual: isDual)
            return isOut ? .released(agent) : .seconding(by: signer.owner)
        } catch { throw .anomalies(error) }
    }
}
