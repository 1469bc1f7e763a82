// Routes about standing quotes, and covers of tasks.
import JSON
import Ledger
import Node
import Platform
import Primitives

extension RouteTable {
    static let quoteRoutes: [Route] = [
        Route("GET", "/v1/quotes", "Standing quotes", .json("QuoteList"), .node(quotes))
            .query(.limit, .cursor, maker, capability),
        Route("GET", "/v1/quotes/{quote}", "A standing quote", .json("Quote"), .node(quote))
            .problems(.noSuchQuote),
        Route("GET", "/v1/covers", "Covers of tasks", .json("CoverList"), .node(covers))
            .query(.limit, .cursor, task, underwriter),
        Route("GET", "/v1/covers/{cover}", "A cover of a task", .json("Cover"), .node(cover))
            .problems(.noSuchCover),
    ]

    private static let maker = RouteParameter(
        name: "maker", summary: "Only of this account.", schema: .hex(32))
    private static let capability = RouteParameter(
        name: "capability", summary: "Only those whose capability has this part, in any case.",
        schema: .text)
    private static let task = RouteParameter(
        name: "task", summary: "Only of this task.", schema: .hex(32))
    private static let underwriter = RouteParameter(
        name: "underwriter", summary: "Only of this account.", schema: .hex(32))

    @Sendable private static func quotes(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let maker: AccountID? = try call.fixed("maker")
        let part = call["capability"]?.lowercased()
        return try desk.page(call, .quote) {
            guard case .quote(let quote) = $0, maker ?? quote.maker == quote.maker,
                part.map({ quote.terms.capability.lowercased().contains($0) }) ?? true
            else { return nil }
            return quote
        } write: { $0.write($1) }
    }

    @Sendable private static func quote(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("quote", as: QuoteID.self) ?? QuoteID()
        guard case .quote(let quote)? = try desk.law(.quote(id)) else {
            throw Problem(.noSuchQuote, "There is no quote \(id).")
        }
        return .ready(.json { $0.write(quote) })
    }

    @Sendable private static func covers(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let task: PostedTaskID? = try call.fixed("task")
        let underwriter: AccountID? = try call.fixed("underwriter")
        return try desk.page(call, .cover) {
            guard case .cover(let cover) = $0, task ?? cover.terms.task == cover.terms.task,
                underwriter ?? cover.underwriter == cover.underwriter
            else { return nil }
            return cover
        } write: { $0.write($1) }
    }

    @Sendable private static func cover(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("cover", as: CoverID.self) ?? CoverID()
        guard case .cover(let cover)? = try desk.law(.cover(id)) else {
            throw Problem(.noSuchCover, "There is no cover \(id).")
        }
        return .ready(.json { $0.write(cover) })
    }
}
