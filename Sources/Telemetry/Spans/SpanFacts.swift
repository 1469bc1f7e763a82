// What a span means to the ledger: the fields of a record, whatever dialect it speaks.
import Primitives

/// What sort of action a span is; raw values are those of a record (docs/spec/record.md §1).
public enum SpanRole: UInt8, Hashable, Sendable, CaseIterable {
    case run = 1
    case modelCall = 2
    case toolCall = 3
    case handOff = 4
    case retrieval = 5
    case memory = 6
    case other = 7
}

/// How the action ended; raw values are those of a record.
public enum SpanOutcome: UInt8, Hashable, Sendable, CaseIterable {
    case success = 1
    case failure = 2
    case partial = 3
}

/// Who a span says acted.
public struct AgentClaim: Hashable, Sendable {
    /// Where the name was found.
    public enum Source: UInt8, Hashable, Sendable {
        /// An agent attribute of the span.
        case span
        /// An agent attribute of the resource.
        case resource
        /// `service.name`
        case service
        /// Nowhere: the name is `unknown`.
        case none
    }

    /// `gen_ai.agent.name`, else `gen_ai.agent.id`, else `service.name`, else `unknown`.
    public var name = "unknown"
    /// `gen_ai.agent.id` where there is one.
    public var id: String?
    /// `gen_ai.agent.version`, or `service.version` for a name of that source; cut to
    /// `Limits.versionBytes`, empty where there is none.
    public var version = ""
    /// Where the name comes from.
    public var source = Source.none
}

/// The fields of a record that a span decides, and what a person wants to see beside them.
public struct SpanFacts: Hashable, Sendable {
    /// What sort of action it was.
    public var role = SpanRole.other
    /// How it ended.
    public var outcome = SpanOutcome.success
    /// Who acted.
    public var agent = AgentClaim()
    /// Of `gen_ai.task.id` or `task.id`: the first 16 bytes of what 64 lower-case hexadecimal
    /// digits stand for, which name a task of the ledger; else of its BLAKE3. Zero where there is
    /// none.
    public var task = TaskID()
    /// Tokens in, those read from a cache among them.
    public var tokensIn: UInt64 = 0
    /// Tokens out, those of reasoning among them.
    public var tokensOut: UInt64 = 0
    /// Tokens read from a cache; at most `tokensIn`.
    public var tokensCached: UInt64 = 0
    /// Tokens of reasoning; at most `tokensOut`.
    public var tokensReasoning: UInt64 = 0
    /// Processor time in nanoseconds.
    public var computeNanoseconds: UInt64 = 0
    /// Memory in bytes.
    public var memoryBytes: UInt64 = 0
    /// Cost the span states, one credit for one US dollar.
    public var cost = Amount.zero
    /// `gen_ai.conversation.id`, else `session.id`; cut for display like all text below.
    public var conversation: String?
    /// The model that answered, else the one that was asked.
    public var model: String?
    /// `gen_ai.provider.name` or what stood for it.
    public var provider: String?
    /// The name of the tool.
    public var tool: String?
}
