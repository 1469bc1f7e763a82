// A run of tau-bench: task, trial, reward, and the messages of agent, user and tools.
import JSON
import Primitives

/// Makes the trace of one run. The recording has no times: they are made up from the base time and
/// the content, a second for each model call and a quarter for each tool call, and every span says
/// so in `althing.time.synthetic`.
struct TauBenchRun {
    private static let callNanoseconds = Nanoseconds.perSecond
    private static let toolNanoseconds = Nanoseconds.perSecond / 4

    private let run: JSONNode
    private let traceID: RunID
    private let agent: String
    private var clock: Instant
    private var conversation = Conversation()

    init(run: JSONNode, base: Instant) {
        self.run = run
        traceID = TraceText.traceID(of: run)
        agent = TauBenchRun.agentName(run)
        let second = traceID.bytes.prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 86_400
        clock = base.advanced(byNanoseconds: second * Nanoseconds.perSecond)
    }

    var trace: TraceText {
        var reader = self
        return reader.read()
    }

    private mutating func read() -> TraceText {
        let start = clock
        var spans: [SpanText] = []
        let messages = run["traj"]?.elements.map { $0 } ?? []
        for (index, message) in messages.enumerated() {
            if message["role"]?.isString("assistant") == true {
                spans.append(chat(message))
                for call in message["tool_calls"]?.elements.map({ $0 }) ?? [] {
                    spans.append(tool(ToolCall(call), messages[(index + 1)...]))
                }
            }
            conversation.append(Conversation.message(chat: message))
        }
        var trace = TraceText(service: "tau-bench", traceID: traceID, root: root(from: start))
        for span in spans { trace.append(span) }
        return trace
    }

    /// The heading of the policy in the system message names the agent: `# Airline Agent Policy`.
    private static func agentName(_ run: JSONNode) -> String {
        let line = run["traj"]?[0]?["content"]?.string?.split(separator: "\n").first ?? ""
        guard line.hasPrefix("# "), line.hasSuffix(" Policy"), line.utf8.count < 80 else {
            return "tau-bench agent"
        }
        return String(line.dropFirst(2).dropLast(7))
    }

    private func root(from start: Instant) -> SpanText {
        var span = SpanText("invoke_agent \(agent)", from: start, to: clock)
        span.set("gen_ai.operation.name", .text("invoke_agent"))
        common(&span)
        let reward = run["reward"]?.number
        if let task = Conversation.text(run["task_id"]) {
            span.set("gen_ai.task.id", .text("tau-bench/\(task)"))
        }
        if let cost = run["info"]?["user_cost"]?.number?.double, cost >= 0 {
            span.set("gen_ai.usage.cost", .double(cost))
            span.set("tau_bench.cost.scope", .text("simulated user"))
        }
        span.set("gen_ai.input.messages", .text(conversation.text))
        span.set("tau_bench.run", .text(run.text(without: ["traj"])))
        if let reward, let value = reward.double, value < 1 {
            if value > 0 {
                span.set("gen_ai.response.finish_reasons", .texts(["incomplete"]))
            } else {
                span.error = "reward \(reward.text)"
            }
        }
        return span
    }

    private func common(_ span: inout SpanText) {
        span.set("gen_ai.agent.name", .text(agent))
        span.set("gen_ai.conversation.id", .text(traceID.hex))
        span.set("althing.time.synthetic", .flag(true))
    }

    private mutating func chat(_ message: JSONNode) -> SpanText {
        let start = clock
        clock = clock.advanced(byNanoseconds: TauBenchRun.callNanoseconds)
        var span = SpanText("chat", from: start, to: clock)
        span.kind = 3
        span.set("gen_ai.operation.name", .text("chat"))
        common(&span)
        span.set("gen_ai.input.messages", .text(conversation.text))
        let output = Conversation.message(chat: message)
        span.set("gen_ai.output.messages", .text(Conversation.list([output])))
        return span
    }

    private mutating func tool(_ call: ToolCall, _ later: ArraySlice<JSONNode>) -> SpanText {
        let start = clock
        clock = clock.advanced(byNanoseconds: TauBenchRun.toolNanoseconds)
        var span = SpanText("execute_tool \(call.name)", from: start, to: clock)
        span.set("gen_ai.operation.name", .text("execute_tool"))
        common(&span)
        span.set("gen_ai.tool.name", .text(call.name))
        span.set("gen_ai.tool.call.id", .text(call.id))
        span.set("gen_ai.tool.call.arguments", .text(call.arguments))
        let answer = later.first { $0["tool_call_id"]?.isString(call.id) == true }
        let result = Conversation.text(answer?["content"])
        span.set("gen_ai.tool.call.result", ifPresent: result)
        if let result, result.hasPrefix("Error") { span.error = String(result.prefix(200)) }
        return span
    }
}
