// Why spans are refused, as the few words that label a counter.
import Node
import Telemetry

/// Labels of `althing_spans_refused_total`: a fixed list, so that no sender can add series.
enum RefusalReason: String, CaseIterable, Sendable {
    case identifier
    case time
    case tokens
    case cost
    case usage
    case text
    case size
    case shape
    case agentName = "agent_name"
    case agentNotActive = "agent_not_active"
    case agentRefused = "agent_refused"
    /// Over a quota, or over the agent's constitution.
    case limit
    /// Stopped or denied by somebody.
    case forbidden
    /// The whole request was refused: malformed, too large, over a limit, without a right.
    case request
    case storage
    /// The committee did not certify it, or not in time.
    case committee

    init(_ reason: SpanRefusal.Reason) {
        switch reason {
        case .traceIDLength, .traceIDZero, .spanIDLength, .spanIDZero, .parentIDLength,
            .idNotHexadecimal:
            self = .identifier
        case .endsBeforeStart, .timeOutOfRange: self = .time
        case .negativeTokens, .tokensOutOfRange: self = .tokens
        case .costOutOfRange: self = .cost
        case .usageOutOfRange: self = .usage
        case .invalidText: self = .text
        case .attributeTooLarge, .originTooLarge, .payloadTooLarge: self = .size
        case .agentNameTooLong: self = .agentName
        case .enumerationNotInteger, .invalidInteger, .wrongType: self = .shape
        }
    }

    init(_ refusal: SubmissionRefusal) {
        switch refusal {
        case .agentNotActive: self = .agentNotActive
        case .agentRefused: self = .agentRefused
        case .startInFuture: self = .time
        case .payloadTooLarge: self = .size
        case .quantityTooLarge: self = .tokens
        case .limit(.forbidden): self = .forbidden
        case .limit: self = .limit
        }
    }
}

extension SubmissionRefusal {
    /// For `partial_success.error_message`.
    var sentence: String {
        switch self {
        case .agentNotActive: "the agent is suspended or retired"
        case .agentRefused: "the agent could not be registered"
        case .startInFuture: "it starts too far ahead of the node's time"
        case .payloadTooLarge: "its payload is over the limit"
        case .quantityTooLarge: "its tokens or cost are over the limit"
        case .limit(let refusal): refusal.sentence
        }
    }
}
