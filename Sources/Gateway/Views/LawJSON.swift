// Accounts, constitutions, mandates, approvals and rulings as JSON; amounts in nano-credits.
import Cryptography
import JSON
import Ledger
import Node
import Primitives

/// An agent with its constitution and what people ruled.
struct GovernedAgent: Sendable {
    var agent: Agent
    var law: Constitution
    var rulings: AgentRulings
}

extension JSONWriter {
    mutating func write(_ governed: GovernedAgent) {
        object { object in
            object.member("agent", governed.agent.id.hex)
            object.member("name", governed.agent.name)
            object.member("owner", governed.agent.owner.hex)
            object.key("constitution")
            object.write(governed.law)
            object.key("rulings")
            object.write(governed.rulings)
        }
    }

    mutating func write(_ view: AccountView) {
        let id = view.id
        let kind = view.owner != nil ? "owner" : view.agent != nil ? "agent" : nil
        object { object in
            object.member("account", id.hex)
            object.member("kind", orNull: id == .fees ? "fees" : kind)
            object.member("name", orNull: view.owner?.name ?? view.agent?.name)
            object.member("balance", quoted: view.balance.nanoCredits)
            object.member("staked", quoted: view.stake?.staked.nanoCredits ?? 0)
            object.member("unbonding", quoted: view.stake?.unbonding.nanoCredits ?? 0)
            object.member("releases", quoted: view.stake?.releases.nanoseconds ?? 0)
            object.member("slashed", quoted: view.stake?.slashed.nanoCredits ?? 0)
            object.member("bound", quoted: view.stake?.bound.nanoCredits ?? 0)
        }
    }

    mutating func write(_ law: Constitution) {
        object { object in
            object.member("version", quoted: law.version)
            object.member("allowed", law.allowed)
            object.key("limits")
            object.write(law.limits)
            object.member("counterparties", hexList: law.counterparties)
            object.member("guardians", hexList: law.guardians)
            object.key("approvals")
            object.object { approvals in
                approvals.member("kinds", law.approvals.kinds)
                approvals.member("above", quoted: law.approvals.above.nanoCredits)
                approvals.member("threshold", law.approvals.threshold)
                approvals.member("lifetime", quoted: law.approvals.lifetime)
            }
            object.member("dualControl", law.dualControl)
            object.member("requiresMandate", law.requiresMandate)
            object.key("watch")
            object.object { watch in
                watch.member("on", law.watch.isOn)
                watch.member("hourly", law.watch.hourly)
                watch.member("factor", law.watch.factor)
                watch.member("warmUpActions", law.watch.warmUpActions)
                watch.member("warmUp", quoted: law.watch.warmUp)
            }
        }
    }

    private mutating func write(_ limits: ActionLimits) {
        object { object in
            object.member("stake", quoted: limits.stake.nanoCredits)
            object.member("dailyVolume", quoted: limits.dailyVolume.nanoCredits)
            object.member("valuePerAction", quoted: limits.valuePerAction.nanoCredits)
            object.member("gasPerDay", quoted: limits.gasPerDay)
            object.member("actionsPerHour", quoted: limits.actionsPerHour)
        }
    }

    mutating func write(_ roles: OwnerRoles) {
        object { object in
            object.member("owner", roles.owner.hex)
            object.key("roles")
            object.array { list in
                for grant in roles.grants { list.write(grant) }
            }
        }
    }

    private mutating func write(_ grant: RoleGrant) {
        object { object in
            object.member("key", grant.key.hex)
            object.member("did", DIDKey.encode(grant.key))
            object.member("role", "\(grant.role)")
            object.member("account", orNull: grant.account.isZero ? nil : grant.account.hex)
            object.member("workloads", grant.workloads)
        }
    }

    mutating func write(_ mandate: Mandate) {
        object { object in
            object.member("mandate", mandate.id.hex)
            object.member("payer", mandate.payer.hex)
            object.member("issuer", mandate.issuer.hex)
            object.member("parent", orNull: mandate.parent.isZero ? nil : mandate.parent.hex)
            object.member("depth", mandate.depth)
            object.member("holder", mandate.terms.holder.hex)
            object.member("scope", mandate.terms.scope)
            object.member("budget", quoted: mandate.terms.budget.nanoCredits)
            object.member("spent", quoted: mandate.spent.nanoCredits)
            object.member("payees", hexList: mandate.terms.payees)
            object.member("expires", quoted: mandate.terms.expires.nanoseconds)
            object.member("purpose", mandate.terms.purpose.hex)
            let revoked = mandate.revoked.nanoseconds
            object.member("revoked", quotedOrNull: revoked == 0 ? nil : revoked)
        }
    }

    mutating func write(_ approval: Approval) {
        object { object in
            object.member("approval", approval.id.hex)
            object.member("agent", approval.agent.hex)
            object.member("owner", approval.owner.hex)
            object.member("expires", quoted: approval.expires.nanoseconds)
            object.member("agreed", hexList: approval.agreed)
            object.key("action")
            guard let action = approval.asked else { return object.writeNull() }
            object.object { asked in
                asked.member("kind", "\(action.kind)")
                asked.member("account", action.account.hex)
                asked.member("value", quoted: action.value.nanoCredits)
                asked.member("receivers", hexList: action.receivers)
                asked.member("open", action.isOpen)
                asked.member("mandate", orNull: action.mandate.isZero ? nil : action.mandate.hex)
            }
        }
    }

    mutating func write(_ view: AgentRulings) {
        func time(_ instant: Instant?) -> UInt64? {
            instant.flatMap { $0.nanoseconds == 0 ? nil : $0.nanoseconds }
        }
        object { object in
            object.member("agent", view.agent.hex)
            object.member("stopped", quotedOrNull: time(view.rulings?.stopped))
            object.member("fleetStopped", quotedOrNull: time(view.fleetStopped))
            object.member("chainStopped", quotedOrNull: time(view.chainStopped))
            object.member("safeSince", quotedOrNull: time(view.conduct?.safeSince))
            object.member("actions", quoted: view.conduct?.total ?? 0)
            object.member("waiting", view.conduct?.waiting ?? 0)
            object.key("overrides")
            object.array { array in
                for override in view.rulings?.overrides ?? [] { array.write(override) }
            }
            object.key("proposed")
            if let proposed = view.rulings?.proposed {
                object.write(proposed)
            } else {
                object.writeNull()
            }
            object.key("anomaly")
            if let anomaly = view.anomaly { object.write(anomaly) } else { object.writeNull() }
        }
    }

    private mutating func write(_ override: Override) {
        object { object in
            object.member("kind", "\(override.kind)")
            object.member("ruling", "\(override.ruling)")
            object.member("expires", quoted: override.expires.nanoseconds)
            object.member("by", override.by.hex)
        }
    }

    private mutating func write(_ anomaly: Anomaly) {
        object { object in
            object.member("number", quoted: anomaly.number)
            object.member("rule", "\(anomaly.rule)")
            object.member("kind", "\(anomaly.kind)")
            object.member("time", quoted: anomaly.time.nanoseconds)
            object.member("value", quoted: anomaly.value.nanoCredits)
            let person = anomaly.releasedBy
            object.member("releasedBy", orNull: person.isZero ? nil : person.hex)
        }
    }

    private mutating func member(_ name: String, _ kinds: KindSet) {
        key(name)
        array { for kind in kinds.kinds { $0.write("\(kind)") } }
    }
}
