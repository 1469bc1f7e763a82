// The mandates chapter: giving, passing on, taking back, and holding an action against the chain.
import Primitives

/// The slice of state this chapter reads and writes.
protocol MandatesState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func mandate(_ id: MandateID) -> Mandate?
    mutating func set(_ mandate: Mandate)
}

/// A command of the mandates chapter.
public enum MandateCommand: Hashable, Sendable {
    /// The owner gives a mandate over its own money.
    case issue(number: UInt64, MandateTerms)
    /// The holder of `parent` passes some of it on.
    case delegate(by: AgentID, parent: MandateID, number: UInt64, MandateTerms)
    /// Whoever gave the mandate, or one above it, takes it back.
    case revoke(by: AccountID, MandateID)
}

/// Why a mandate is not given, passed on or taken back. Checks are made in this order.
public enum MandateFailure: Error, Hashable, Sendable {
    case ownerUnknown
    /// The signing key is not in force for the owner: people give mandates.
    case notOwnersKey
    /// `number` was used by this issuer.
    case numberUsed
    /// No kinds, a budget of zero, an expiry not in the future, or payees out of order.
    case invalidTerms
    case holderUnknown
    case mandateUnknown
    case notHolder
    case tooDeep
    /// The new holder has it already, further up.
    case cycle
    case scopeWidened
    case budgetWidened
    case payeesWidened
    case expiryWidened
    case purposeChanged
    /// Neither it nor one above it was given by this account.
    case notIssuer
    case alreadyRevoked
    /// Value moves under a mandate only, says the constitution.
    case mandateRequired
    /// This one, or one that it depends on.
    case revoked(MandateID)
    case expired(MandateID)
    case outOfScope(ActionKind)
    case payeeNotAllowed
    case overBudget(MandateID)
}

extension MandatesState {
    mutating func issue(
        _ number: UInt64, _ terms: MandateTerms, owner id: OwnerID, key: PublicKey,
        at time: Instant
    ) throws(MandateFailure) -> Mandate {
        guard let owner = owner(id) else { throw .ownerUnknown }
        guard owner.holds(key) else { throw .notOwnersKey }
        return try give(
            Mandate(
                id: MandateID(of: AccountID(id), number: number),
                issuer: MandateIssuer(account: AccountID(id), payer: id), parent: MandateID(),
                depth: 0, terms: terms), at: time)
    }

    /// The caller has checked that `issuer` is who acts.
    mutating func delegate(
        _ terms: MandateTerms, number: UInt64, from parent: MandateID, by issuer: AgentID,
        at time: Instant
    ) throws(MandateFailure) -> Mandate {
        let account = AccountID(issuer)
        let id = MandateID(of: account, number: number)
        guard mandate(id) == nil else { throw .numberUsed }
        guard terms.isValid(at: time) else { throw .invalidTerms }
        guard agent(terms.holder) != nil else { throw .holderUnknown }
        let chain = try chain(of: parent, at: time)
        guard let above = chain.first, above.terms.holder == issuer else { throw .notHolder }
        guard above.depth < Mandate.mostDepth else { throw .tooDeep }
        guard !chain.contains(where: { $0.terms.holder == terms.holder }) else { throw .cycle }
        try terms.checkNarrower(than: above)
        return try give(
            Mandate(
                id: id, issuer: MandateIssuer(account: account, payer: above.payer),
                parent: parent, depth: above.depth + 1, terms: terms), at: time)
    }

    private mutating func give(
        _ mandate: Mandate, at time: Instant
    ) throws(MandateFailure) -> Mandate {
        guard self.mandate(mandate.id) == nil else { throw .numberUsed }
        guard mandate.terms.isValid(at: time) else { throw .invalidTerms }
        guard agent(mandate.terms.holder) != nil else { throw .holderUnknown }
        set(mandate)
        return mandate
    }

    /// The caller has checked that `account` is who acts.
    mutating func revoke(
        _ id: MandateID, by account: AccountID, at time: Instant
    ) throws(MandateFailure) {
        guard var mandate = mandate(id) else { throw .mandateUnknown }
        guard hops(from: mandate).contains(where: { $0.issuer == account }) else {
            throw .notIssuer
        }
        guard mandate.revoked.nanoseconds == 0 else { throw .alreadyRevoked }
        mandate.revoked = time
        set(mandate)
    }

    /// The mandate and those that it depends on, up to the owner's.
    private func hops(from mandate: Mandate) -> [Mandate] {
        var hops: [Mandate] = []
        hops.reserveCapacity(Int(mandate.depth) + 1)
        hops.append(mandate)
        var parent = mandate.parent
        while !parent.isZero, hops.count <= Int(Mandate.mostDepth),
            let above = self.mandate(parent)
        {
            parent = above.parent
            hops.append(above)
        }
        return hops
    }

    /// The same, where all are in force.
    private func chain(
        of id: MandateID, at time: Instant
    ) throws(MandateFailure) -> [Mandate] {
        guard let mandate = mandate(id) else { throw .mandateUnknown }
        let hops = hops(from: mandate)
        for place in hops.indices {
            guard hops[place].revoked.nanoseconds == 0 else { throw .revoked(hops[place].id) }
            guard time < hops[place].terms.expires else { throw .expired(hops[place].id) }
        }
        return hops
    }

    /// Throws unless `id` lets `holder` do `action`.
    ///
    /// - Returns: the mandates that the value counts against, up to the owner's.
    func check(
        _ action: Action, of holder: AgentID, under id: MandateID, at time: Instant
    ) throws(MandateFailure) -> [Mandate] {
        let chain = try chain(of: id, at: time)
        guard let mandate = chain.first, mandate.terms.holder == holder else {
            throw .notHolder
        }
        guard mandate.terms.scope.contains(action.kind) else { throw .outOfScope(action.kind) }
        guard action.isWithin(mandate.terms.payees) else { throw .payeeNotAllowed }
        for place in chain.indices where action.value > chain[place].rest {
            throw .overBudget(chain[place].id)
        }
        return chain
    }

    /// Counts what was spent against every mandate of a chain that `check` gave.
    mutating func spend(_ value: Amount, under chain: [Mandate]) {
        for var hop in chain {
            hop.spent = hop.spent.adding(value) ?? hop.terms.budget
            set(hop)
        }
    }
}

extension MandateTerms {
    fileprivate func isValid(at time: Instant) -> Bool {
        !scope.isEmpty && budget > .zero && time < expires && payees.isStrictlyAscending
            && payees.count <= Self.mostPayees
    }

    /// Throws where these terms allow anything that those of `above` do not allow now.
    fileprivate func checkNarrower(than above: Mandate) throws(MandateFailure) {
        let wide = above.terms
        guard scope.isSubset(of: wide.scope) else { throw .scopeWidened }
        guard budget <= above.rest else { throw .budgetWidened }
        let isListed = !payees.isEmpty && payees.allSatisfy(wide.payees.contains)
        guard wide.payees.isEmpty || isListed else { throw .payeesWidened }
        guard expires <= wide.expires else { throw .expiryWidened }
        guard purpose == wide.purpose else { throw .purposeChanged }
    }
}
