// Messages in the chat format of most APIs, as the message lists of the GenAI conventions.
import JSON
import Primitives

/// The messages of a run so far, each as one JSON object of `gen_ai.input.messages`.
struct Conversation {
    private var messages: [[UInt8]] = []

    /// Everything said so far as a JSON array.
    var text: String { Conversation.list(messages) }

    mutating func append(_ message: [UInt8]) { messages.append(message) }

    static func list(_ messages: [[UInt8]]) -> String {
        var writer = JSONWriter(capacity: messages.reduce(2) { $0 + $1.count + 1 })
        writer.array { for message in messages { $0.writeRaw(message) } }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A message with a text.
    static func message(role: String, text: String) -> [UInt8] {
        message(role: role) { part in
            part.object {
                $0.member("type", "text")
                $0.member("content", text)
            }
        }
    }

    /// The answer of a tool.
    static func toolResponse(id: String, result: String) -> [UInt8] {
        message(role: "tool") { part in
            part.object {
                $0.member("type", "tool_call_response")
                $0.member("id", id)
                $0.member("result", result)
            }
        }
    }

    /// A `role`, `content`, `tool_calls` object of a chat API. Arguments of tool calls stay the
    /// text that they are.
    static func message(chat: JSONNode, finishReason: String? = nil) -> [UInt8] {
        let role = chat["role"]?.string ?? "assistant"
        if role == "tool" {
            return toolResponse(
                id: chat["tool_call_id"]?.string ?? "", result: text(chat["content"]) ?? "")
        }
        return message(role: role, finishReason: finishReason) { parts in
            if let content = text(chat["content"]) {
                parts.object {
                    $0.member("type", "text")
                    $0.member("content", content)
                }
            }
            for call in chat["tool_calls"]?.elements.map({ $0 }) ?? [] {
                let tool = ToolCall(call)
                parts.object {
                    $0.member("type", "tool_call")
                    $0.member("id", tool.id)
                    $0.member("name", tool.name)
                    $0.member("arguments", tool.arguments)
                }
            }
        }
    }

    private static func message(
        role: String, finishReason: String? = nil, _ parts: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("role", role)
            $0.key("parts")
            $0.array(parts)
            $0.member("finish_reason", ifPresent: finishReason)
        }
        return writer.bytes
    }

    /// A string as it is, null as nil, anything else as its JSON text.
    static func text(_ node: JSONNode?) -> String? {
        guard let node, !node.isNull else { return nil }
        return node.string ?? String(decoding: node.raw, as: UTF8.self)
    }
}

/// A tool call as chat APIs write it.
struct ToolCall {
    var id: String
    var name: String
    var arguments: String

    init(_ call: JSONNode) {
        id = call["id"]?.string ?? ""
        name = call["function"]?["name"]?.string ?? "unknown"
        arguments = Conversation.text(call["function"]?["arguments"]) ?? ""
    }
}

extension JSONNode {
    /// The object as text without some members: what has no attribute of its own.
    func text(without names: [String]) -> String {
        var writer = JSONWriter()
        writer.object {
            for (key, value) in members where !names.contains(where: { key.isString($0) }) {
                $0.key(key.string ?? "")
                $0.writeRaw(value.raw)
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    var rawText: String { String(decoding: raw, as: UTF8.self) }
}
