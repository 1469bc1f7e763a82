// The constraints and times of an open payment mandate, each with what the ledger makes of it.
import JSON
import Ledger
import Primitives

struct ConstraintReader {
    private let mandate: MandateClaims
    private var met: Set<String> = []
    private var budget: Amount?
    /// Payments may not be greater than this, whatever is left.
    private var most: Amount?
    private var recurs = false
    private var payees: [AccountID] = []
    private var purpose = Digest()
    /// Seconds since 1970.
    private var notBefore: UInt64 = 0
    private var notAfter = UInt64.max
    private(set) var terms = MandateTerms(holder: AgentID(), expires: Instant(nanoseconds: 0))

    init(_ mandate: MandateClaims) { self.mandate = mandate }

    /// Reads the constraints, in the order in which they stand.
    mutating func read() throws(MandateImportFailure) {
        guard let constraints = mandate.value["constraints"]?.array else {
            throw .malformed("constraints")
        }
        for (place, constraint) in constraints.enumerated() {
            guard let type = constraint["type"]?.string else { throw .malformed("constraints") }
            guard met.insert(type).inserted else { throw .repeatedConstraint(type) }
            let here = "/constraints/\(place)"
            let lists = mandate.hidden.filter { $0 == here || $0.hasPrefix(here + "/") }
            let isShort = lists == [here + "/allowed"]
            guard lists.isEmpty || isShort && type == "payment.allowed_payees" else {
                throw .hiddenClaims
            }
            try read(constraint, type)
        }
    }

    private mutating func read(
        _ constraint: JSONValue, _ type: String
    ) throws(MandateImportFailure) {
        switch type {
        case "payment.budget":
            try require(constraint, ["max", "currency"], type)
            budget = try amount(constraint["max"], constraint, type, isMinor: false)
        case "payment.amount_range":
            try require(constraint, ["max", "min", "currency"], type)
            if let least = constraint["min"], least.integer(as: UInt64.self) != 0 {
                throw .wouldWiden(type)
            }
            most = try amount(constraint["max"], constraint, type, isMinor: true)
        case "payment.agent_recurrence":
            try require(constraint, ["frequency", "max_occurrences"], type)
            guard constraint["frequency"]?.string == "ON_DEMAND",
                constraint["max_occurrences"] == nil
            else { throw .wouldWiden(type) }
            recurs = true
        case "payment.allowed_payees":
            try require(constraint, ["allowed"], type)
            payees = try payees(constraint["allowed"], type)
        case "payment.execution_date":
            try require(constraint, ["not_before", "not_after"], type)
            if let first = constraint["not_before"] { notBefore = try date(first, type) }
            if let last = constraint["not_after"] { notAfter = try date(last, type) }
        case "payment.reference":
            try require(constraint, ["conditional_transaction_id"], type)
            guard let text = constraint["conditional_transaction_id"]?.string,
                let digest = Base64.decode(text, as: .urlSafe).flatMap(Digest.init)
            else { throw .malformed(type) }
            purpose = digest
        default: throw .constraintNotMapped(type)
        }
    }

    /// A member that is not known could be a limit.
    private func require(
        _ constraint: JSONValue, _ names: Set<String>, _ type: String
    ) throws(MandateImportFailure) {
        let members = constraint.object ?? []
        guard members.allSatisfy({ $0.key == "type" || names.contains($0.key) }) else {
            throw .malformed(type)
        }
    }

    /// A budget is in credits, a range in nano-credits: AP2 has the one in major and the other in
    /// minor units.
    private func amount(
        _ value: JSONValue?, _ constraint: JSONValue, _ type: String, isMinor: Bool
    ) throws(MandateImportFailure) -> Amount {
        guard let currency = constraint["currency"]?.string, let number = value?.number else {
            throw .malformed(type)
        }
        guard currency == MandateWords.currency else { throw .otherCurrency(currency) }
        let whole = number.integer(as: UInt128.self).map { Amount(nanoCredits: $0) }
        guard let amount = isMinor ? whole : CreditText.amount(number) else {
            throw .malformed(type)
        }
        return amount
    }

    private func payees(
        _ list: JSONValue?, _ type: String
    ) throws(MandateImportFailure) -> [AccountID] {
        guard let elements = list?.array else { throw .malformed(type) }
        var found: Set<AccountID> = []
        for element in elements {
            guard let id = element["id"]?.string.flatMap(AccountID.init(hex:)) else {
                throw .payeeUnknown
            }
            found.insert(id)
        }
        guard !found.isEmpty else { throw .noPayees }
        return found.sorted()
    }

    private func date(_ value: JSONValue, _ type: String) throws(MandateImportFailure) -> UInt64 {
        guard let seconds = value.string.flatMap(DateText.seconds) else { throw .malformed(type) }
        return seconds
    }

    private func time(_ name: String) throws(MandateImportFailure) -> UInt64? {
        guard let value = mandate.value[name] else { return nil }
        guard let seconds = value.integer(as: UInt64.self) else { throw .malformed(name) }
        return seconds
    }

    /// What only all constraints together tell.
    mutating func finish(at now: Instant, leeway: UInt64) throws(MandateImportFailure) {
        guard let budget else { throw .noBudget }
        guard recurs else { throw .noRecurrence }
        if let most, most < budget { throw .wouldWiden("payment.amount_range") }
        let scope = try scope()
        guard let exp = try time("exp") else { throw .noExpiry }
        let (issued, first) = (try time("iat") ?? 0, try time("nbf") ?? 0)
        let (seconds, overflow) = min(exp, notAfter)
            .multipliedReportingOverflow(by: Nanoseconds.perSecond)
        let expires = Instant(nanoseconds: overflow ? .max : seconds)
        guard now < expires else { throw .expired }
        guard issued <= now.seconds + leeway, max(first, notBefore) <= now.seconds else {
            throw .notYet
        }
        terms.expires = expires
        (terms.budget, terms.payees, terms.purpose) = (budget, payees, purpose)
        terms.scope = scope
    }

    /// A payment is a transfer; documents of a ledger may say more.
    private func scope() throws(MandateImportFailure) -> KindSet {
        guard let claim = mandate.value[MandateWords.scope] else { return KindSet([.transfer]) }
        guard let names = claim.array, !names.isEmpty else { throw .malformed(MandateWords.scope) }
        var kinds: [ActionKind] = []
        for name in names {
            guard let kind = ActionKind.allCases.first(where: { "\($0)" == name.string }) else {
                throw .malformed(MandateWords.scope)
            }
            kinds.append(kind)
        }
        return KindSet(kinds)
    }
}
