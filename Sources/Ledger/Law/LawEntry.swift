// One entry of the law or the market with its value, and what a state must offer to hold them.
import Primitives

/// An entry of the law or the market. In boxes: a check reads ten of them, and the largest kind
/// would else be copied for each.
public indirect enum LawEntry: Sendable {
    case account(Account)
    case constitution(Constitution)
    case conduct(Conduct)
    case anomaly(Anomaly)
    case mandate(Mandate)
    case approval(Approval)
    case rulings(Rulings)
    case fleetStop(FleetStop)
    case chainStop(ChainStop)
    case task(PostedTask)
    case stake(Stake)
    case offer(Offer)
    case auction(Auction)
    case marketRules(MarketRules)
    case licenceOffer(LicenceOffer)
    case licence(Licence)
    case team(Team)
    case division(Division)
    case quote(Quote)
    case cover(Cover)
    case quota(AccountQuota)
    case roles(OwnerRoles)

    private var content: any StateEntry {
        switch self {
        case .account(let entry): entry
        case .constitution(let entry): entry
        case .conduct(let entry): entry
        case .anomaly(let entry): entry
        case .mandate(let entry): entry
        case .approval(let entry): entry
        case .rulings(let entry): entry
        case .fleetStop(let entry): entry
        case .chainStop(let entry): entry
        case .task(let entry): entry
        case .stake(let entry): entry
        case .offer(let entry): entry
        case .auction(let entry): entry
        case .marketRules(let entry): entry
        case .licenceOffer(let entry): entry
        case .licence(let entry): entry
        case .team(let entry): entry
        case .division(let entry): entry
        case .quote(let entry): entry
        case .cover(let entry): entry
        case .quota(let entry): entry
        case .roles(let entry): entry
        }
    }

    var stateKey: StateKey { content.stateKey }
    var encoded: [UInt8] { content.encoded }

    /// The entry of this kind whose value in the state is `bytes`.
    public init(decoding bytes: [UInt8], kind: LawKind) throws(DecodingFailure) {
        switch kind {
        case .account: self = .account(try Account(decoding: bytes))
        case .constitution: self = .constitution(try Constitution(decoding: bytes))
        case .conduct: self = .conduct(try Conduct(decoding: bytes))
        case .anomaly: self = .anomaly(try Anomaly(decoding: bytes))
        case .mandate: self = .mandate(try Mandate(decoding: bytes))
        case .approval: self = .approval(try Approval(decoding: bytes))
        case .rulings: self = .rulings(try Rulings(decoding: bytes))
        case .fleetStop: self = .fleetStop(try FleetStop(decoding: bytes))
        case .chainStop: self = .chainStop(try ChainStop(decoding: bytes))
        case .task: self = .task(try PostedTask(decoding: bytes))
        case .stake: self = .stake(try Stake(decoding: bytes))
        case .offer: self = .offer(try Offer(decoding: bytes))
        case .auction: self = .auction(try Auction(decoding: bytes))
        case .marketRules: self = .marketRules(try MarketRules(decoding: bytes))
        case .licenceOffer: self = .licenceOffer(try LicenceOffer(decoding: bytes))
        case .licence: self = .licence(try Licence(decoding: bytes))
        case .team: self = .team(try Team(decoding: bytes))
        case .division: self = .division(try Division(decoding: bytes))
        case .quote: self = .quote(try Quote(decoding: bytes))
        case .cover: self = .cover(try Cover(decoding: bytes))
        case .quota: self = .quota(try AccountQuota(decoding: bytes))
        case .roles: self = .roles(try OwnerRoles(decoding: bytes))
        }
    }
}

/// A state that holds such entries by their keys.
///
/// The slices of the chapters are met by the extensions below, once for every such state.
protocol LawStore {
    func law(_ key: LawKey) -> LawEntry?
    mutating func setLaw(_ key: LawKey, to entry: LawEntry)
    mutating func removeLaw(_ key: LawKey)
    /// What an account holds before its first entry.
    func endowment(of id: AccountID) -> Amount
}

extension LawStore {
    func account(_ id: AccountID) -> Account {
        if case .account(let entry)? = law(.account(id)) { return entry }
        return Account(id: id, balance: endowment(of: id))
    }

    mutating func set(_ account: Account) {
        setLaw(.account(account.id), to: .account(account))
    }

    func constitution(_ agent: AgentID) -> Constitution? {
        if case .constitution(let entry)? = law(.constitution(agent)) { return entry }
        return nil
    }

    mutating func set(_ constitution: Constitution) {
        setLaw(.constitution(constitution.agent), to: .constitution(constitution))
    }

    func conduct(_ agent: AgentID) -> Conduct? {
        if case .conduct(let entry)? = law(.conduct(agent)) { return entry }
        return nil
    }

    mutating func set(_ conduct: Conduct) {
        setLaw(.conduct(conduct.agent), to: .conduct(conduct))
    }

    func anomaly(_ agent: AgentID) -> Anomaly? {
        if case .anomaly(let entry)? = law(.anomaly(agent)) { return entry }
        return nil
    }

    mutating func set(_ anomaly: Anomaly) {
        setLaw(.anomaly(anomaly.agent), to: .anomaly(anomaly))
    }

    func mandate(_ id: MandateID) -> Mandate? {
        if case .mandate(let entry)? = law(.mandate(id)) { return entry }
        return nil
    }

    mutating func set(_ mandate: Mandate) {
        setLaw(.mandate(mandate.id), to: .mandate(mandate))
    }

    func approval(_ id: Digest) -> Approval? {
        if case .approval(let entry)? = law(.approval(id)) { return entry }
        return nil
    }

    mutating func set(_ approval: Approval) {
        setLaw(.approval(approval.id), to: .approval(approval))
    }

    mutating func remove(_ approval: Approval) { removeLaw(.approval(approval.id)) }

    func rulings(_ agent: AgentID) -> Rulings? {
        if case .rulings(let entry)? = law(.rulings(agent)) { return entry }
        return nil
    }

    mutating func set(_ rulings: Rulings) {
        setLaw(.rulings(rulings.agent), to: .rulings(rulings))
    }

    func fleetStop(_ owner: OwnerID) -> FleetStop? {
        if case .fleetStop(let entry)? = law(.fleetStop(owner)) { return entry }
        return nil
    }

    mutating func set(_ stop: FleetStop) { setLaw(.fleetStop(stop.owner), to: .fleetStop(stop)) }

    var chainStop: ChainStop? {
        if case .chainStop(let entry)? = law(.chainStop) { return entry }
        return nil
    }

    func task(_ id: PostedTaskID) -> PostedTask? {
        if case .task(let entry)? = law(.task(id)) { return entry }
        return nil
    }

    mutating func set(_ task: PostedTask) { setLaw(.task(task.id), to: .task(task)) }

    func stake(_ account: AccountID) -> Stake {
        if case .stake(let entry)? = law(.stake(account)) { return entry }
        return Stake(account: account)
    }

    mutating func set(_ stake: Stake) { setLaw(.stake(stake.account), to: .stake(stake)) }

    func offer(_ id: OfferID) -> Offer? {
        if case .offer(let entry)? = law(.offer(id)) { return entry }
        return nil
    }

    mutating func set(_ offer: Offer) { setLaw(.offer(offer.id), to: .offer(offer)) }

    func auction(_ id: PostedTaskID) -> Auction? {
        if case .auction(let entry)? = law(.auction(id)) { return entry }
        return nil
    }

    mutating func set(_ auction: Auction) {
        setLaw(.auction(auction.id), to: .auction(auction))
    }

    var marketRules: MarketRules {
        if case .marketRules(let entry)? = law(.marketRules) { return entry }
        return MarketRules()
    }

    mutating func set(_ rules: MarketRules) { setLaw(.marketRules, to: .marketRules(rules)) }

    func licenceOffer(_ id: LicenceOfferID) -> LicenceOffer? {
        if case .licenceOffer(let entry)? = law(.licenceOffer(id)) { return entry }
        return nil
    }

    mutating func set(_ offer: LicenceOffer) {
        setLaw(.licenceOffer(offer.id), to: .licenceOffer(offer))
    }

    func licence(_ id: LicenceID) -> Licence? {
        if case .licence(let entry)? = law(.licence(id)) { return entry }
        return nil
    }

    mutating func set(_ licence: Licence) {
        setLaw(.licence(licence.id), to: .licence(licence))
    }

    func team(_ lead: AccountID) -> Team? {
        if case .team(let entry)? = law(.team(lead)) { return entry }
        return nil
    }

    mutating func set(_ team: Team) { setLaw(.team(team.lead), to: .team(team)) }
    mutating func removeTeam(_ lead: AccountID) { removeLaw(.team(lead)) }

    func division(_ task: PostedTaskID) -> Division? {
        if case .division(let entry)? = law(.division(task)) { return entry }
        return nil
    }

    mutating func set(_ division: Division) {
        setLaw(.division(division.task), to: .division(division))
    }

    func quote(_ id: QuoteID) -> Quote? {
        if case .quote(let entry)? = law(.quote(id)) { return entry }
        return nil
    }

    mutating func set(_ quote: Quote) { setLaw(.quote(quote.id), to: .quote(quote)) }

    func cover(_ id: CoverID) -> Cover? {
        if case .cover(let entry)? = law(.cover(id)) { return entry }
        return nil
    }

    mutating func set(_ cover: Cover) { setLaw(.cover(cover.id), to: .cover(cover)) }

    func quota(_ account: AccountID) -> Quota? {
        if case .quota(let entry)? = law(.quota(account)) { return entry.quota }
        return nil
    }

    mutating func set(_ quota: AccountQuota) {
        setLaw(.quota(quota.account), to: .quota(quota))
    }

    mutating func removeQuota(_ account: AccountID) { removeLaw(.quota(account)) }

    func roles(_ owner: OwnerID) -> OwnerRoles? {
        if case .roles(let entry)? = law(.roles(owner)) { return entry }
        return nil
    }

    mutating func set(_ roles: OwnerRoles) { setLaw(.roles(roles.owner), to: .roles(roles)) }
    mutating func removeRoles(_ owner: OwnerID) { removeLaw(.roles(owner)) }

    mutating func set(_ stop: ChainStop) { setLaw(.chainStop, to: .chainStop(stop)) }
}
