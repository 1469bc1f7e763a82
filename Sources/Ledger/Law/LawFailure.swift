// Why the law or a chapter of it refuses a command or a batch.
import Primitives

/// Why a command of the law or the market, or a record, is refused.
public enum LawFailure: Error, Hashable, Sendable {
    case roles(RoleFailure)
    case standing(StandingFailure)
    case limits(LimitFailure)
    case forbidden(ForbiddenFailure)
    case mandates(MandateFailure)
    case approvals(ApprovalFailure)
    case accounts(AccountsFailure)
    case constitutions(ConstitutionFailure)
    case quotas(QuotaFailure)
    case guardianship(GuardFailure)
    case overrides(OverrideFailure)
    case anomalies(AnomalyFailure)
    case tasks(TaskFailure)
    case stakes(StakeFailure)
    case offers(OfferFailure)
    case auctions(AuctionFailure)
    case licences(LicenceFailure)
    case teams(TeamFailure)
    case quotes(QuoteFailure)
    case covers(CoverFailure)
    case marketRules(MarketRulesFailure)
    /// A batch holds records of this agent that its limits do not allow.
    case recordLimits(AgentID, LimitFailure)
    /// A batch holds records of this agent, which may not act.
    case recordForbidden(AgentID, ForbiddenFailure)

    /// A stable name: the chapter, a dot, the rule.
    public var name: String {
        let (chapter, rule): (String, any Error) =
            switch self {
            case .roles(let failure): ("roles", failure)
            case .standing(let failure): ("standing", failure)
            case .limits(let failure), .recordLimits(_, let failure): ("limits", failure)
            case .forbidden(let failure), .recordForbidden(_, let failure):
                ("forbidden", failure)
            case .mandates(let failure): ("mandates", failure)
            case .approvals(let failure): ("approvals", failure)
            case .accounts(let failure): ("accounts", failure)
            case .constitutions(let failure): ("constitutions", failure)
            case .quotas(let failure): ("quotas", failure)
            case .guardianship(let failure): ("guardianship", failure)
            case .overrides(let failure): ("overrides", failure)
            case .anomalies(let failure): ("anomalies", failure)
            case .tasks(let failure): ("tasks", failure)
            case .stakes(let failure): ("stakes", failure)
            case .offers(let failure): ("offers", failure)
            case .auctions(.terms(let failure)): ("tasks", failure)
            case .auctions(let failure): ("auctions", failure)
            case .licences(let failure): ("licences", failure)
            case .teams(let failure): ("teams", failure)
            case .quotes(.terms(let failure)): ("tasks", failure)
            case .quotes(let failure): ("quotes", failure)
            case .covers(let failure): ("covers", failure)
            case .marketRules(let failure): ("marketRules", failure)
            }
        return "\(chapter).\("\(rule)".prefix { $0 != "(" })"
    }
}
