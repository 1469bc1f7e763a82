// Routes about teams, and how they divide what tasks pay.
import JSON
import Ledger
import Node
import Platform
import Primitives

extension RouteTable {
    static let teamRoutes: [Route] = [
        Route("GET", "/v1/teams", "Teams of agents", .json("TeamList"), .node(teams))
            .query(.limit, .cursor, member),
        Route("GET", "/v1/teams/{lead}", "The team that an account leads", .json("Team"),
            .node(team)).problems(.noSuchTeam),
        Route("GET", "/v1/tasks/{task}/division",
            "How a task's pay is divided in the team of its worker", .json("Division"),
            .node(division)).problems(.noSuchTeam),
    ]

    private static let member = RouteParameter(
        name: "member", summary: "Only those of which this account is a member.", schema: .hex(32))

    @Sendable private static func teams(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let member: AccountID? = try call.fixed("member")
        return try desk.page(call, .team) {
            guard case .team(let team) = $0,
                member.map({ id in team.members.contains { $0.account == id } }) ?? true
            else { return nil }
            return team
        } write: { $0.write($1) }
    }

    @Sendable private static func team(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let lead = try call.fixed("lead", as: AccountID.self) ?? AccountID()
        guard case .team(let team)? = try desk.law(.team(lead)) else {
            throw Problem(.noSuchTeam, "The account \(lead) leads no team.")
        }
        return .ready(.json { $0.write(team) })
    }

    @Sendable private static func division(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let id = try call.fixed("task", as: PostedTaskID.self) ?? PostedTaskID()
        guard case .division(let division)? = try desk.law(.division(id)) else {
            throw Problem(.noSuchTeam, "No team was given the task \(id).")
        }
        return .ready(.json { $0.write(division) })
    }
}
