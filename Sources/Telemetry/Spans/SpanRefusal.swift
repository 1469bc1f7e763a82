// Why one span of a request is refused while the others are accepted.

/// A refused span and the reason.
public struct SpanRefusal: Hashable, Sendable {
    /// What is wrong with a span.
    public enum Reason: Hashable, Sendable {
        /// A trace id of another length than 16 bytes; the length.
        case traceIDLength(Int)
        /// A trace id of zeros only.
        case traceIDZero
        /// A span id of another length than 8 bytes; the length.
        case spanIDLength(Int)
        /// A span id of zeros only.
        case spanIDZero
        /// A parent span id that is neither empty nor 8 bytes; the length.
        case parentIDLength(Int)
        /// An id in JSON that is not hexadecimal.
        case idNotHexadecimal
        /// The end before the start.
        case endsBeforeStart
        /// A time before `TelemetryLimits.earliest` or too far ahead of the clock.
        case timeOutOfRange
        /// A token count below zero.
        case negativeTokens
        /// A token count over `TelemetryLimits.tokensPerSpan`, or not a whole number.
        case tokensOutOfRange
        /// A cost below zero, over `TelemetryLimits.costPerSpan`, or not a number.
        case costOutOfRange
        /// A processor time or memory size below zero or too large.
        case usageOutOfRange
        /// Text that is not UTF-8 in the span, its scope or its resource.
        case invalidText
        /// An attribute over `TelemetryLimits.attributeBytes`; its bytes.
        case attributeTooLarge(Int)
        /// A resource or scope over `TelemetryLimits.originBytes`.
        case originTooLarge
        /// A payload over `TelemetryLimits.payloadBytes`; its bytes.
        case payloadTooLarge(Int)
        /// A name of an agent over `Limits.nameBytes` bytes.
        case agentNameTooLong
        /// `kind` or `status.code` in JSON as a name: OTLP/JSON allows integers only.
        case enumerationNotInteger
        /// An integer in JSON that is not one, or does not fit its field.
        case invalidInteger
        /// A field in JSON of another type than the message has.
        case wrongType
    }

    /// Position among all spans of the request.
    public var index: Int
    /// What is wrong.
    public var reason: Reason

    public init(index: Int, reason: Reason) {
        self.index = index
        self.reason = reason
    }
}

extension SpanRefusal.Reason: CustomStringConvertible {
    /// The reason as part of a sentence.
    public var description: String {
        switch self {
        case .traceIDLength(let count): "trace id of \(count) bytes instead of 16"
        case .traceIDZero: "trace id is zero"
        case .spanIDLength(let count): "span id of \(count) bytes instead of 8"
        case .spanIDZero: "span id is zero"
        case .parentIDLength(let count): "parent span id of \(count) bytes instead of 8"
        case .idNotHexadecimal: "id is not hexadecimal"
        case .endsBeforeStart: "ends before it starts"
        case .timeOutOfRange: "time is before 2000 or too far in the future"
        case .negativeTokens: "negative token count"
        case .tokensOutOfRange: "token count out of range"
        case .costOutOfRange: "cost out of range"
        case .usageOutOfRange: "processor time or memory out of range"
        case .invalidText: "text is not UTF-8"
        case .attributeTooLarge(let count): "attribute of \(count) bytes is over the limit"
        case .originTooLarge: "resource or scope is over the limit"
        case .payloadTooLarge(let count): "span of \(count) bytes is over the limit"
        case .agentNameTooLong: "agent name is over the limit"
        case .enumerationNotInteger: "kind and status code must be integers"
        case .invalidInteger: "integer is malformed or does not fit"
        case .wrongType: "a field has the wrong type"
        }
    }
}

extension TraceRequest {
    /// The refusals in one line for `partial_success.error_message`; empty where there are none.
    /// The first five are spelt out.
    public var refusalMessage: String {
        guard !refusals.isEmpty else { return "" }
        let listed = refusals.prefix(5).map { "span \($0.index): \($0.reason)" }
        let rest = refusals.count - listed.count
        return listed.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}
