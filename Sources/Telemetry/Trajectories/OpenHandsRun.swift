// A run of OpenHands: events with times, raw model responses, metrics per response.
import JSON
import Primitives

/// Makes the trace of one run. Times have no zone in the recording and are read as UTC, which
/// `althing.time.zone` says; where one is missing the time before it stands in.
struct OpenHandsRun {
    private let run: JSONNode
    private let traceID: RunID
    private let base: Instant
    private let events: [JSONNode]
    /// For the id of an action the first observation that names it as its cause.
    private let observations: [Int64: JSONNode]
    private let agent: String
    private let version: String?
    private var conversation = Conversation()
    private var metrics: OpenHandsMetrics
    private var spans: [SpanText] = []
    /// Events that have no span of their own, as JSON text.
    private var rest: [String] = []

    init(run: JSONNode, base: Instant) {
        self.run = run
        self.base = base
        traceID = TraceText.traceID(of: run)
        events = run["history"]?.elements.map { $0 } ?? []
        observations = Dictionary(
            events.compactMap { event in
                event["cause"]?.integer(as: Int64.self).map { ($0, event) }
            }, uniquingKeysWith: { first, _ in first })
        agent = run["metadata"]?["agent_class"]?.string ?? "OpenHands agent"
        version = events.lazy.compactMap { $0["args"]?["openhands_version"]?.string }.first
        metrics = OpenHandsMetrics(run["metrics"])
    }

    var trace: TraceText {
        var reader = self
        return reader.read()
    }

    private mutating func read() -> TraceText {
        let start = events.first.flatMap { OpenHandsRun.time($0) } ?? base
        var last = start
        for event in events {
            let time = max(last, OpenHandsRun.time(event) ?? last)
            read(event, at: time, after: last)
            last = time
        }
        var trace = TraceText(
            service: "openhands", traceID: traceID, root: root(from: start, to: last))
        for span in spans { trace.append(span) }
        return trace
    }

    private static func time(_ event: JSONNode) -> Instant? {
        event["timestamp"]?.string.flatMap { CivilTime.instant($0) }
    }

    private mutating func read(_ event: JSONNode, at time: Instant, after last: Instant) {
        let isObservation = event["observation"] != nil
        if !isObservation, let response = event["tool_call_metadata"]?["model_response"] {
            spans.append(chat(event, response, at: time, after: last))
            if let answer = observation(of: event) {
                let end = OpenHandsRun.time(answer) ?? time
                spans.append(tool(event, answer, from: time, to: end))
            }
        } else if isObservation, let id = event["tool_call_metadata"]?["tool_call_id"]?.string {
            let result = Conversation.text(event["content"]) ?? ""
            conversation.append(Conversation.toolResponse(id: id, result: result))
        } else {
            spans.append(contentsOf: plain(event, isObservation, from: last, to: time))
        }
    }

    /// The observation that an action caused.
    private func observation(of action: JSONNode) -> JSONNode? {
        action["id"]?.integer(as: Int64.self).flatMap { observations[$0] }
    }

    /// An event without a model response: a message joins the conversation, a look-up or an error
    /// becomes a span, and what is neither is kept with the root.
    private mutating func plain(
        _ event: JSONNode, _ isObservation: Bool, from start: Instant, to end: Instant
    ) -> [SpanText] {
        let text = Conversation.text(event["content"]) ?? event["args"]?["content"]?.string
        if isObservation {
            if event["observation"]?.isString("recall") == true {
                return [sideSpan("retrieval", event, from: start, to: end)]
            }
            if event["observation"]?.isString("error") == true {
                var span = sideSpan("error", event, from: start, to: end)
                span.error = text ?? "error"
                if let text { conversation.append(Conversation.message(role: "user", text: text)) }
                return [span]
            }
        } else if let text {
            let isSystem = event["action"]?.isString("system") == true
            let role = isSystem ? "system" : event["source"]?.string ?? "user"
            conversation.append(
                Conversation.message(role: role == "agent" ? "assistant" : role, text: text))
        }
        rest.append(event.rawText)
        return []
    }

    private func sideSpan(
        _ operation: String, _ event: JSONNode, from start: Instant, to end: Instant
    ) -> SpanText {
        var span = SpanText(operation, from: start, to: end)
        if operation == "retrieval" { span.set("gen_ai.operation.name", .text(operation)) }
        common(&span)
        span.set("openhands.event", .text(event.rawText))
        return span
    }

    private func root(from start: Instant, to end: Instant) -> SpanText {
        var span = SpanText("invoke_agent \(agent)", from: start, to: end)
        span.set("gen_ai.operation.name", .text("invoke_agent"))
        common(&span)
        span.set("gen_ai.task.id", ifPresent: run["instance_id"]?.string)
        span.set(
            "gen_ai.request.model", ifPresent: run["metadata"]?["llm_config"]?["model"]?.string)
        span.set("openhands.run", .text(run.text(without: ["history"])))
        span.set("openhands.events", .texts(rest))
        span.error = run["error"].flatMap { Conversation.text($0) }
        return span
    }

    private func common(_ span: inout SpanText) {
        span.set("gen_ai.agent.name", .text(agent))
        span.set("gen_ai.agent.version", ifPresent: version)
        span.set("gen_ai.conversation.id", .text(traceID.hex))
        span.set("althing.time.zone", .text("assumed UTC"))
    }

    private mutating func chat(
        _ event: JSONNode, _ response: JSONNode, at time: Instant, after last: Instant
    ) -> SpanText {
        let usage = metrics.usage(of: response, in: event)
        let start = usage.latencyNanoseconds.flatMap { latency in
            time.nanoseconds > latency ? Instant(nanoseconds: time.nanoseconds - latency) : nil
        }
        let model = response["model"]?.string
        var span = SpanText("chat \(model ?? "")", from: start ?? last, to: time)
        span.kind = 3
        span.set("gen_ai.operation.name", .text("chat"))
        common(&span)
        span.set(
            "gen_ai.request.model", ifPresent: run["metadata"]?["llm_config"]?["model"]?.string)
        span.set("gen_ai.response.model", ifPresent: model)
        span.set("gen_ai.response.id", ifPresent: response["id"]?.string)
        usage.write(to: &span)
        span.set("gen_ai.input.messages", .text(conversation.text))
        say(response, in: &span)
        span.set("openhands.event", .text(event.rawText))
        return span
    }

    /// Adds the answers of a response to the span and the first to the conversation.
    private mutating func say(_ response: JSONNode, in span: inout SpanText) {
        var reasons: [String] = []
        var answers: [[UInt8]] = []
        for choice in response["choices"]?.elements.map({ $0 }) ?? [] {
            guard let message = choice["message"] else { continue }
            let reason = choice["finish_reason"]?.string
            if let reason { reasons.append(reason) }
            answers.append(Conversation.message(chat: message, finishReason: reason))
        }
        if !reasons.isEmpty { span.set("gen_ai.response.finish_reasons", .texts(reasons)) }
        span.set("gen_ai.output.messages", .text(Conversation.list(answers)))
        if let first = answers.first { conversation.append(first) }
    }

    private func tool(
        _ action: JSONNode, _ answer: JSONNode, from start: Instant, to end: Instant
    ) -> SpanText {
        let metadata = action["tool_call_metadata"]
        let name = metadata?["function_name"]?.string ?? "unknown"
        let id = metadata?["tool_call_id"]?.string ?? ""
        var span = SpanText("execute_tool \(name)", from: start, to: end)
        span.set("gen_ai.operation.name", .text("execute_tool"))
        common(&span)
        span.set("gen_ai.tool.name", .text(name))
        span.set("gen_ai.tool.call.id", .text(id))
        let message = metadata?["model_response"]?["choices"]?[0]?["message"]
        let call = message?["tool_calls"]?.elements.map { ToolCall($0) }.first { $0.id == id }
        span.set("gen_ai.tool.call.arguments", ifPresent: call?.arguments)
        span.set("gen_ai.tool.call.result", ifPresent: Conversation.text(answer["content"]))
        span.set("openhands.event", .text(answer.rawText))
        if answer["success"]?.bool == false || answer["observation"]?.isString("error") == true {
            span.error = "the tool failed"
        }
        return span
    }
}
