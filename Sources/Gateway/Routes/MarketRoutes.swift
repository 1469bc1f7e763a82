// Routes about tasks, offers and auctions.
import JSON
import Ledger
import Node
import Platform
import Primitives

extension RouteTable {
    static let marketRoutes: [Route] = [
        Route("GET", "/v1/market", "The market's fee, and the validators' open votes on it",
            .json("Market"), .node(market)),
        Route("GET", "/v1/tasks", "Tasks", .json("TaskList"), .node(tasks))
            .query(.limit, .cursor, state, poster, worker, verifier),
        Route("GET", "/v1/tasks/{task}", "A task: its terms, where it stands, what is held for it",
            .json("Task"), .node(task)).problems(.noSuchTask),
        Route("GET", "/v1/tasks/{task}/receipt", "The receipt of a finished task, checked offline",
            .json("Receipt"), .node(receipt)).problems(.noSuchTask, .notCheckpointed),
        Route("GET", "/v1/offers", "Service offers", .json("OfferList"), .node(offers))
            .query(.limit, .cursor, seller, offered),
        Route("GET", "/v1/offers/{offer}", "A service offer", .json("Offer"), .node(offer))
            .problems(.noSuchOffer),
        Route("GET", "/v1/auctions", "Auctions of tasks", .json("AuctionList"), .node(auctions))
            .query(.limit, .cursor, poster),
        Route("GET", "/v1/auctions/{auction}", "An auction of a task by sealed bids",
            .json("Auction"), .node(auction)).problems(.noSuchAuction),
    ]

    private static let state = RouteParameter(
        name: "state", summary: "Only in this state.",
        schema: .oneOf(TaskState.allCases.map { "\($0)" }))
    private static let poster = RouteParameter(
        name: "poster", summary: "Only of this account.", schema: .hex(32))
    private static let worker = RouteParameter(
        name: "worker", summary: "Only those assigned to this account.", schema: .hex(32))
    private static let verifier = RouteParameter(
        name: "verifier", summary: "Only those that this account is to verify.", schema: .hex(32))
    private static let seller = RouteParameter(
        name: "seller", summary: "Only of this account.", schema: .hex(32))
    private static let offered = RouteParameter(
        name: "name", summary: "Only those whose name has this part, in any case.", schema: .text)

    @Sendable private static func market(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        var rules = MarketRules()
        if case .marketRules(let entry)? = try desk.law(.marketRules) { rules = entry }
        return .ready(.json { [rules] in $0.write(rules) })
    }

    @Sendable private static func task(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("task", as: PostedTaskID.self) ?? PostedTaskID()
        guard case .task(let task)? = try desk.law(.task(id)) else {
            throw Problem(.noSuchTask, "There is no task \(id).")
        }
        return .ready(.json { $0.write(task) })
    }

    @Sendable private static func receipt(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("task", as: PostedTaskID.self) ?? PostedTaskID()
        switch try asking({ () throws(NodeFailure) in try desk.node.receipt(task: id) }) {
        case .unknown: throw Problem(.noSuchTask, "There is no task \(id).")
        case .notFinal:
            throw Problem(
                .notCheckpointed, "The task has not ended, or no checkpoint says so yet.",
                retryAfterSeconds: 1)
        case .receipt(let receipt):
            return .later {
                HTTPResponse(status: 200, type: "application/json", body: receipt.json())
            }
        }
    }

    @Sendable private static func tasks(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let poster: AccountID? = try call.fixed("poster")
        let worker: AccountID? = try call.fixed("worker")
        let verifier: AccountID? = try call.fixed("verifier")
        let word = call["state"]
        let state = TaskState.allCases.first { "\($0)" == word }
        if word != nil, state == nil { throw .parameter("state", "not a state of a task") }
        func isWanted(_ task: PostedTask) -> Bool {
            poster ?? task.poster == task.poster && worker ?? task.worker == task.worker
                && state ?? task.state == task.state
        }
        let parties: [(TaskParty, AccountID?)] = [
            (.verifier, verifier), (.worker, worker), (.poster, poster),
        ]
        guard case (let party, let account?)? = parties.first(where: { $0.1 != nil }) else {
            return try desk.page(call, .task) {
                if case .task(let task) = $0, isWanted(task) { return task }
                return nil
            } write: { $0.write($1) }
        }
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.tasks(
                of: account, as: party, hasEnded: state?.isFinal, after: after, limit: limit,
                where: isWanted)
        }
        let next = call.cursors.text(page.next)
        return .later { .json { $0.page(page.items, next: next) { $0.write($1) } } }
    }

    @Sendable private static func offer(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("offer", as: OfferID.self) ?? OfferID()
        guard case .offer(let offer)? = try desk.law(.offer(id)) else {
            throw Problem(.noSuchOffer, "There is no offer \(id).")
        }
        return .ready(.json { $0.write(offer) })
    }

    @Sendable private static func offers(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let seller: AccountID? = try call.fixed("seller")
        let part = call["name"]?.lowercased()
        return try desk.page(call, .offer) {
            guard case .offer(let offer) = $0, seller ?? offer.seller == offer.seller,
                part.map({ offer.terms.name.lowercased().contains($0) }) ?? true
            else { return nil }
            return offer
        } write: { $0.write($1) }
    }

    @Sendable private static func auction(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("auction", as: PostedTaskID.self) ?? PostedTaskID()
        guard case .auction(let auction)? = try desk.law(.auction(id)) else {
            throw Problem(.noSuchAuction, "There is no auction \(id).")
        }
        return .ready(.json { $0.write(auction) })
    }

    @Sendable private static func auctions(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let poster: AccountID? = try call.fixed("poster")
        return try desk.page(call, .auction) {
            guard case .auction(let auction) = $0, poster ?? auction.poster == auction.poster
            else { return nil }
            return auction
        } write: { $0.write($1) }
    }
}
