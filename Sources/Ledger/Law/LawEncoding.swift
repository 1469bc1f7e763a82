// How the commands of the law and the market are written and read (docs/spec/ledger.md §2).
import Primitives

extension LawCommand {
    /// The numbers of the commands: sixteen for each chapter.
    private enum Tag: UInt8 {
        case transfer = 64
        case enact = 80
        case limit, grantRole, revokeRole
        case offerLicence, withdrawLicence, buyLicence, renewLicence, transferLicence
        case formTeam, joinTeam, leaveTeam, dissolveTeam
        case placeQuote, withdrawQuote, takeQuote
        case issueMandate = 96
        case delegateMandate, revokeMandate
        case cover
        case approve = 112
        case refuse
        case rule = 128
        case stop, resume
        case release = 144
        case postTask = 160
        case moveTask, batchTasks
        case stake = 176
        case unstake, withdrawStake, slash
        case listOffer = 192
        case updateOffer, delistOffer
        case openAuction = 208
        case commitBid, revealBid, closeAuction
        case voteFee = 224
    }

    private var tag: Tag {
        switch self {
        case .transfer: .transfer
        case .enact: .enact
        case .limit: .limit
        case .grantRole: .grantRole
        case .revokeRole: .revokeRole
        case .mandate(.issue): .issueMandate
        case .mandate(.delegate): .delegateMandate
        case .mandate(.revoke): .revokeMandate
        case .approve: .approve
        case .refuse: .refuse
        case .rule: .rule
        case .stop: .stop
        case .resume: .resume
        case .release: .release
        case .task(.post): .postTask
        case .task(.move): .moveTask
        case .task(.batch): .batchTasks
        case .stake(.stake): .stake
        case .stake(.unstake): .unstake
        case .stake(.withdraw): .withdrawStake
        case .stake(.slash): .slash
        case .offer(.list): .listOffer
        case .offer(.update): .updateOffer
        case .offer(.delist): .delistOffer
        case .auction(.open): .openAuction
        case .auction(.commit): .commitBid
        case .auction(.reveal): .revealBid
        case .auction(.close): .closeAuction
        case .licence(.offer): .offerLicence
        case .licence(.withdraw): .withdrawLicence
        case .licence(.buy): .buyLicence
        case .licence(.renew): .renewLicence
        case .licence(.transfer): .transferLicence
        case .team(.form): .formTeam
        case .team(.join): .joinTeam
        case .team(.leave): .leaveTeam
        case .team(.dissolve): .dissolveTeam
        case .quote(.place): .placeQuote
        case .quote(.withdraw): .withdrawQuote
        case .quote(.take): .takeQuote
        case .cover: .cover
        case .voteFee: .voteFee
        }
    }

    func write(to writer: inout ByteWriter) {
        writer.write(tag.rawValue)
        switch self {
        case .transfer(let transfer): transfer.write(to: &writer)
        case .enact(let constitution): constitution.write(to: &writer)
        case .limit(let account, let quota):
            writer.write(account)
            quota.write(to: &writer)
        case .grantRole(let grant): grant.write(to: &writer)
        case .revokeRole(let key): writer.write(key)
        case .mandate(let command): command.write(to: &writer)
        case .approve(let id), .refuse(let id): writer.write(id)
        case .rule(let agent, let kind, let ruling, let expires):
            writer.write(agent)
            writer.write(kind.rawValue)
            writer.write(ruling.rawValue)
            writer.write(expires)
        case .stop(let target), .resume(let target): target.write(to: &writer)
        case .release(let agent): writer.write(agent)
        case .task(let command): command.write(to: &writer)
        case .stake(let command): command.write(to: &writer)
        case .offer(let command): command.write(to: &writer)
        case .auction(let command): command.write(to: &writer)
        case .licence(let command): command.write(to: &writer)
        case .team(let command): command.write(to: &writer)
        case .quote(let command): command.write(to: &writer)
        case .cover(let command): command.write(to: &writer)
        case .voteFee(let millionths): writer.write(millionths)
        }
    }

    /// - Parameters:
    ///   - number: the command's number, read before.
    ///   - start: where it stood.
    init(
        number: UInt8, at start: Int, from reader: inout ByteReader
    ) throws(DecodingFailure) {
        guard let tag = Tag(rawValue: number) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        switch tag {
        case .transfer: self = .transfer(try Transfer(from: &reader))
        case .enact: self = .enact(try Constitution(from: &reader))
        case .limit: self = .limit(try reader.read(), try Quota(from: &reader))
        case .grantRole: self = .grantRole(try RoleGrant(from: &reader))
        case .revokeRole: self = .revokeRole(try reader.read())
        case .issueMandate:
            self = .mandate(
                .issue(number: try reader.read(), try MandateTerms(from: &reader)))
        case .delegateMandate:
            self = .mandate(
                .delegate(
                    by: try reader.read(), parent: try reader.read(),
                    number: try reader.read(), try MandateTerms(from: &reader)))
        case .revokeMandate:
            self = .mandate(.revoke(by: try reader.read(), try reader.read()))
        case .approve: self = .approve(try reader.read())
        case .refuse: self = .refuse(try reader.read())
        case .rule:
            self = .rule(
                try reader.read(), try reader.readKind(), try reader.readRuling(),
                expires: try reader.readInstant())
        case .stop: self = .stop(try StopTarget(from: &reader))
        case .resume: self = .resume(try StopTarget(from: &reader))
        case .release: self = .release(try reader.read())
        case .voteFee: self = .voteFee(try reader.read())
        case .postTask, .moveTask, .batchTasks, .stake, .unstake, .withdrawStake, .slash,
            .listOffer, .updateOffer, .delistOffer, .openAuction, .commitBid, .revealBid,
            .closeAuction:
            self = try Self.readMarket(tag, from: &reader)
        case .offerLicence, .withdrawLicence, .buyLicence, .renewLicence, .transferLicence:
            self = .licence(try Self.readLicence(tag, from: &reader))
        case .placeQuote:
            self = .quote(
                .place(
                    by: try reader.read(), number: try reader.read(),
                    try QuoteTerms(from: &reader)))
        case .withdrawQuote:
            self = .quote(.withdraw(by: try reader.read(), try reader.read()))
        case .takeQuote:
            self = .quote(
                .take(try QuoteTaking(from: &reader), try TaskTerms(from: &reader)))
        case .cover: self = .cover(try CoverCommand(from: &reader))
        case .formTeam, .joinTeam, .leaveTeam, .dissolveTeam:
            self = .team(try Self.readTeam(tag, from: &reader))
        }
    }

    private static func readTeam(
        _ tag: Tag, from reader: inout ByteReader
    ) throws(DecodingFailure) -> TeamCommand {
        switch tag {
        case .formTeam: return try TeamCommand(formingFrom: &reader)
        case .joinTeam:
            return .join(
                by: try reader.read(), lead: try reader.read(), agreement: try reader.read())
        case .leaveTeam: return .leave(by: try reader.read(), lead: try reader.read())
        case .dissolveTeam: return .dissolve(by: try reader.read())
        default: throw DecodingFailure(.outOfRange, at: reader.offset)
        }
    }

    private static func readLicence(
        _ tag: Tag, from reader: inout ByteReader
    ) throws(DecodingFailure) -> LicenceCommand {
        switch tag {
        case .offerLicence:
            return .offer(
                by: try reader.read(), number: try reader.read(), try LicenceTerms(from: &reader))
        case .withdrawLicence: return .withdraw(by: try reader.read(), try reader.read())
        case .buyLicence: return .buy(try LicencePurchase(from: &reader))
        case .renewLicence:
            return .renew(
                by: try reader.read(), try reader.read(), try Payment(from: &reader))
        case .transferLicence:
            return .transfer(by: try reader.read(), try reader.read(), to: try reader.read())
        default: throw DecodingFailure(.outOfRange, at: reader.offset)
        }
    }

    /// The commands of tasks, stakes, offers and auctions.
    private static func readMarket(
        _ tag: Tag, from reader: inout ByteReader
    ) throws(DecodingFailure) -> LawCommand {
        switch tag {
        case .stake: return .stake(.stake(by: try reader.read(), try reader.readAmount()))
        case .unstake:
            return .stake(.unstake(by: try reader.read(), try reader.readAmount()))
        case .withdrawStake: return .stake(.withdraw(by: try reader.read()))
        case .slash:
            return .stake(.slash(by: try reader.read(), evidence: try reader.read()))
        case .postTask:
            return .task(
                .post(
                    by: try reader.read(), number: try reader.read(),
                    mandate: try reader.read(), try TaskTerms(from: &reader)))
        case .moveTask:
            return .task(
                .move(
                    by: try reader.read(), try reader.read(), try TaskMove(from: &reader)))
        case .batchTasks: return .task(.batch(try TaskBatch(from: &reader)))
        case .listOffer:
            return .offer(
                .list(
                    by: try reader.read(), number: try reader.read(),
                    try OfferTerms(from: &reader)))
        case .updateOffer:
            return .offer(
                .update(
                    by: try reader.read(), try reader.read(), try OfferTerms(from: &reader)))
        case .delistOffer:
            return .offer(.delist(by: try reader.read(), try reader.read()))
        case .openAuction:
            return .auction(
                .open(
                    by: try reader.read(), number: try reader.read(),
                    mandate: try reader.read(), try TaskTerms(from: &reader),
                    AuctionTimes(bidding: try reader.read(), revealing: try reader.read())))
        case .commitBid:
            return .auction(
                .commit(
                    by: try reader.read(), try reader.read(), try reader.read(),
                    deposit: try reader.readAmount()))
        case .revealBid:
            return .auction(
                .reveal(
                    by: try reader.read(), try reader.read(), price: try reader.readAmount(),
                    salt: try reader.read()))
        case .closeAuction:
            return .auction(.close(by: try reader.read(), try reader.read()))
        default: throw DecodingFailure(.outOfRange, at: reader.offset)
        }
    }
}

extension MandateCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .issue(let number, let terms):
            writer.write(number)
            terms.write(to: &writer)
        case .delegate(let agent, let parent, let number, let terms):
            writer.write(agent)
            writer.write(parent)
            writer.write(number)
            terms.write(to: &writer)
        case .revoke(let account, let id):
            writer.write(account)
            writer.write(id)
        }
    }
}

extension Transfer {
    func write(to writer: inout ByteWriter) {
        writer.write(from)
        writer.write(to)
        writer.write(amount)
        writer.write(mandate)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        from = try reader.read()
        to = try reader.read()
        amount = try reader.readAmount()
        mandate = try reader.read()
    }
}
