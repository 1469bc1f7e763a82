// The one place where the law judges an action or a batch, before any chapter sees it.
import Primitives

/// Who gives a command.
struct Signer {
    var owner: OwnerID
    /// As the chapters see it: an owner's key where one with a role stands for the owner.
    var key: PublicKey
    /// Of the key that signed; nil where it has none.
    var role: Role?
    /// What is known of the owner, as it was when the command was admitted.
    var file: OwnerFile?
}

/// How an action was judged that is not refused.
enum Judgement {
    /// A person acts for itself, or takes its money back from an agent.
    case free
    /// Within the law; what is to be noted once it is done.
    case lawful(Record)
    /// People must agree first. In boxes, this and the next: no other case carries as much.
    indirect case waits(Constitution, Conduct)
    /// Out of the ordinary: not done.
    indirect case unusual(Finding, Conduct)

    struct Record {
        /// What was known of the agent, with its conduct.
        var file: AgentFile
        var deed: Deed
        /// What the value counts against.
        var mandates: [Mandate]
    }
}

/// How far people have looked at an action already.
enum Approved {
    case no
    /// Enough guardians agreed: it does not wait again, and is not out of the ordinary.
    case byGuardians
}

extension ExecutionState {
    /// Everything that must hold before an action, in the order of `docs/spec/ledger.md` §10.
    func judge(
        _ action: Action, by signer: Signer, at time: Instant, approved: Approved
    ) throws(LawFailure) -> Judgement {
        if isReturn(action, by: signer) {
            try requireChain()
            return .free
        }
        guard let owner = signer.file?.owner else { throw .standing(.ownerUnknown) }
        let standing: Standing
        do {
            standing = try self.standing(of: signer.key, for: action.account, under: owner)
        } catch { throw .standing(error) }
        guard case .agent(let agent) = standing else {
            try requireChain()
            return try judgeOwner(action)
        }
        guard let file = file(of: agent), let law = file.constitution else {
            throw .limits(.noConstitution)
        }
        let conduct = file.conduct ?? Conduct(agent: agent, since: time)
        let deed = Deed(kinds: KindSet(action.kind), value: action.value)
        do {
            let staked = action.stake == .zero ? .zero : stake(action.account).staked
            try law.check(deed, action, staked: staked, after: conduct, at: time)
        } catch { throw .limits(error) }
        let ruling = try rulingInForce(
            over: action.kind, fleet: signer.file?.fleetStop, file.rulings, at: time)
        let mandates = try mandatesInForce(for: action, of: agent, under: law, at: time)
        let isAllowed = ruling == .allow || approved == .byGuardians
        if conduct.isSafe, !action.kind.isHarmless, ruling != .allow {
            throw .forbidden(.safeMode)
        }
        if !isAllowed, let finding = conduct.finding(in: deed, by: law.watch, at: time) {
            return .unusual(finding, conduct)
        }
        if !isAllowed, law.needsApproval(action.kind, value: action.value) {
            return .waits(law, conduct)
        }
        return .lawful(
            Judgement.Record(file: file, deed: deed, mandates: mandates))
    }

    private func requireChain() throws(LawFailure) {
        do { try checkChain() } catch { throw .forbidden(error) }
    }

    /// An owner takes money back from its agent: it may at any time, whatever the agent may. A key
    /// with a role may not.
    private func isReturn(_ action: Action, by signer: Signer) -> Bool {
        guard signer.role == nil, action.kind == .transfer, action.mandate.isZero,
            action.otherReceivers.isEmpty, action.receiver == AccountID(signer.owner),
            agent(AgentID(action.account))?.owner == signer.owner
        else { return false }
        return signer.file?.owner?.holds(signer.key) ?? false
    }

    /// An owner acts with its own money: mandates are for agents.
    private func judgeOwner(_ action: Action) throws(LawFailure) -> Judgement {
        guard action.mandate.isZero else { throw .mandates(.notHolder) }
        return .free
    }

    /// What people ruled over this kind of action, where nothing is stopped.
    private func rulingInForce(
        over kind: ActionKind, fleet: FleetStop?, _ rulings: Rulings?, at time: Instant
    ) throws(LawFailure) -> Ruling {
        do throws(ForbiddenFailure) {
            try checkChain()
            try Self.checkStops(fleet, rulings)
            let ruling = rulings?.ruling(kind, at: time) ?? .ordinary
            if ruling == .deny { throw .denied(kind) }
            return ruling
        } catch { throw .forbidden(error) }
    }

    /// The mandates that an action needs.
    private func mandatesInForce(
        for action: Action, of agent: AgentID, under law: Constitution, at time: Instant
    ) throws(LawFailure) -> [Mandate] {
        do throws(MandateFailure) {
            if action.mandate.isZero {
                if law.requiresMandate, action.value > .zero { throw .mandateRequired }
                return []
            }
            return try check(action, of: agent, under: action.mandate, at: time)
        } catch { throw .mandates(error) }
    }
}
