// Routes of the agents that run on this node: the key for one, messages to one, and the list.
import Agents
import JSON
import Ledger
import Node
import Platform
import Primitives

extension RouteTable {
    static let hostingRoutes: [Route] = [
        Route("GET", "/v1/agents/{agent}/key",
            "The key with which this node would run an agent of an owner, and its proof",
            .json("AgentKey"), .take(agentKey)
        ).query(keyOwner).problems(.unauthorized, .forbidden, .unavailable),
        Route("POST", "/v1/agents/{agent}/messages",
            "Gives a message to an agent that runs here; answers once its transition is accepted",
            .json("AgentAnswer"), .take(takeMessage)
        ).body("application/json").problems(
            .malformedBody, .unsupportedMediaType, .unauthorized, .forbidden, .noSuchAgent,
            .agentFailed, .overloaded, .undecided, .unavailable, .bodyTooLarge),
        Route("GET", "/v1/hosted", "The agents that run on this node", .json("HostedList"),
            .take(hosted)).query(.limit, .cursor),
    ]

    private static let keyOwner = RouteParameter(
        name: "owner", summary: "The owner of the agent.", schema: .hex(32))

    private static func agents(_ call: Call) throws(Problem) -> AgentThreads {
        guard let agents = call.context.agents else {
            throw Problem(.unavailable, "This node runs no agents.")
        }
        return agents
    }

    /// In production an agent belongs to the owner of the token.
    private static func check(_ call: Call, _ owner: OwnerID) throws(Problem) {
        guard case .production = call.context.mode else { return }
        guard try call.context.access.owner(of: call.head.headers) == owner else {
            throw Problem(.forbidden, "The token is not of the agent's owner.")
        }
    }

    @Sendable private static func agentKey(_ call: Call, _: [UInt8]) throws(Problem) {
        guard let agent = try call.fixed("agent", as: AgentID.self),
            let owner = try call.fixed("owner", as: OwnerID.self)
        else { throw .parameter("owner", "is needed") }
        try check(call, owner)
        let chain = try agents(call).chain
        guard let key = chain.secret.agentKey(agent, of: owner) else {
            throw Problem(.internalFault, "No key could be derived.")
        }
        let message = KeyProof.message(for: .agent, chain: chain.digest, owner: owner)
        call.finish(
            .json { writer in
                writer.object {
                    $0.member("agent", agent.hex)
                    $0.member("key", key.publicKey.hex)
                    $0.member("proof", key.sign(message).hex)
                }
            }.cached("no-store"))
    }

    @Sendable private static func takeMessage(_ call: Call, _ body: [UInt8]) throws(Problem) {
        guard call.head.headers["content-type"]?.lowercased() == "application/json" else {
            throw Problem(.unsupportedMediaType, "Send application/json.")
        }
        guard let agent = try call.fixed("agent", as: AgentID.self) else { return }
        let words = try words(body)
        let agents = try agents(call)
        let arrival = call.context.clock.monotonicNanoseconds()
        let reply: AgentThread.Reply = { result in
            switch result {
            case .failure(let problem): call.fail(problem)
            case .success(let answer):
                call.finish(HTTPResponse.json { $0.write(agent, answer) }.cached("no-store"))
            }
        }
        call.onNode { desk throws(Problem) in
            let view = try asking { () throws(NodeFailure) in try desk.node.agent(agent) }
            guard let view else {
                throw Problem(.noSuchAgent, "No agent \(agent) is registered.")
            }
            try check(call, view.agent.owner)
            agents.call(agent, words, arrival: arrival, in: desk, reply: reply)
        }
    }

    /// `{"input": [words]}`: numbers up to 2^53, or any as decimal text.
    private static func words(_ body: [UInt8]) throws(Problem) -> [UInt64] {
        let malformed = Problem(
            .malformedBody,
            "Send {\"input\": [words]}: at most \(AgentLimits.wordsPerFrame), as text or numbers.")
        guard let value = try? JSONValue(parsing: body), let list = value["input"]?.array,
            list.count <= AgentLimits.wordsPerFrame
        else { throw malformed }
        var words: [UInt64] = []
        for item in list {
            let text: String? = item.string
            guard let word = text.flatMap({ UInt64($0) }) ?? item.integer() else {
                throw malformed
            }
            words.append(word)
        }
        return words
    }

    @Sendable private static func hosted(_ call: Call, _: [UInt8]) throws(Problem) {
        let (limit, after) = (try call.limit(), try call.cursor())
        let mark = after.flatMap { AgentID($0) }
        try agents(call).list(after: mark, limit: limit) { views, hasMore in
            let next = call.cursors.text(hasMore ? views.last?.host.place.agent.bytes : nil)
            call.finish(
                .json { writer in
                    writer.page(views, next: next) { $0.write($1.host, gas: $1.gas) }
                })
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ agent: AgentID, _ answer: CallAnswer) {
        object { object in
            object.member("agent", agent.hex)
            object.key("output")
            object.array { for word in answer.output { $0.write(String(word)) } }
            object.member("transitions", answer.transitions)
            object.member("sequence", quoted: answer.sequence)
            object.member("root", answer.root.hex)
            object.member("steps", quoted: answer.steps)
        }
    }

    fileprivate mutating func write(_ host: HostedAgent, gas: UInt64) {
        let place = host.place
        object { object in
            object.member("agent", place.agent.hex)
            object.member("owner", place.owner.hex)
            object.member("program", place.instance.program.hex)
            object.member("sequence", quoted: place.instance.sequence)
            object.member("root", place.instance.root.hex)
            object.member("steps", quoted: host.steps)
            object.member("gas", quoted: gas)
            object.member("deposit", quoted: place.instance.account.deposit)
            object.member("waiting", host.queue.count + host.given.count)
            object.member("calls", ifPresent: place.instance.call?.callee.hex)
            object.member("trouble", ifPresent: host.trouble)
        }
    }
}
