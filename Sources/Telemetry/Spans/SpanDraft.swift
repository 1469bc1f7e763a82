// A span while it is read, and the judgement on it: the same for both formats.
import Primitives

/// What a resource and a scope say for all their spans.
struct SpanOrigin {
    var collector: FactCollector
    var scopeName = ""
    /// What the payload repeats of the resource: protobuf fields, or JSON members.
    var resource: [UInt8] = []
    /// What the payload repeats of the scope.
    var scope: [UInt8] = []

    mutating func check(text: UnsafeRawBufferPointer) {
        if !WireText.isValid(text) { collector.refuse(.invalidText) }
    }
}

/// A span as it was sent, not judged yet.
struct SpanDraft {
    var view = SpanView()
    var collector: FactCollector

    init(origin: SpanOrigin) {
        collector = origin.collector
        view.scopeName = origin.scopeName
    }

    mutating func setTraceID(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == RunID.width else {
            return collector.refuse(.traceIDLength(bytes.count))
        }
        view.traceID = RunID(loading: bytes)
    }

    mutating func setSpanID(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == OperationID.width else {
            return collector.refuse(.spanIDLength(bytes.count))
        }
        view.spanID = OperationID(loading: bytes)
    }

    /// Empty or all zero: the span has no parent.
    mutating func setParent(_ bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty { return }
        guard bytes.count == OperationID.width else {
            return collector.refuse(.parentIDLength(bytes.count))
        }
        let parent = OperationID(loading: bytes)
        view.parentSpanID = parent.isZero ? nil : parent
    }

    mutating func addLink(_ trace: UnsafeRawBufferPointer, _ span: UnsafeRawBufferPointer) {
        guard trace.count == RunID.width, span.count == OperationID.width else { return }
        let link = SpanLink(traceID: RunID(loading: trace), spanID: OperationID(loading: span))
        if !link.traceID.isZero && !link.spanID.isZero { view.links.append(link) }
    }

    mutating func check(text: UnsafeRawBufferPointer) {
        if !WireText.isValid(text) { collector.refuse(.invalidText) }
    }
}

/// Decides on drafts, against the clock and the limits.
struct SpanJudge {
    let now: Instant
    let limits: TelemetryLimits
    private let latest: Instant

    init(now: Instant, limits: TelemetryLimits) {
        self.now = now
        self.limits = limits
        latest = now.advanced(byNanoseconds: limits.futureNanoseconds)
    }

    /// Why the draft is refused, nil where it is not. A fault found while reading comes first, then
    /// missing ids, then times.
    func refusal(of draft: SpanDraft) -> SpanRefusal.Reason? {
        if let reason = draft.collector.refusal { return reason }
        if draft.view.traceID.isZero { return .traceIDZero }
        if draft.view.spanID.isZero { return .spanIDZero }
        if draft.view.end < draft.view.start { return .endsBeforeStart }
        if draft.view.start < limits.earliest || latest < draft.view.end { return .timeOutOfRange }
        return nil
    }
}

/// A request while it is read.
struct RequestDraft {
    private var request = TraceRequest()
    private var count = 0
    private var payloadBytes = 0
    private var failure: TelemetryFailure?

    /// The request, or why it as a whole is too much.
    var result: Result<TraceRequest, TelemetryFailure> {
        if let failure { return .failure(failure) }
        return .success(request)
    }

    /// Makes room for that many spans where it is worth it.
    mutating func expect(_ spans: Int) {
        let room = min(spans, TelemetryLimits().spansPerRequest)
        if room > request.spans.count { request.spans.reserveCapacity(request.spans.count + room) }
    }

    /// Judges one draft; `payload` is asked for only where the span is accepted.
    mutating func take(
        _ draft: consuming SpanDraft, _ judge: SpanJudge, payload: () -> [UInt8]
    ) {
        let index = count
        count += 1
        if count > judge.limits.spansPerRequest { failure = .tooManySpans }
        guard failure == nil else { return }
        if let reason = judge.refusal(of: draft) {
            request.refusals.append(SpanRefusal(index: index, reason: reason))
            return
        }
        let stored = payload()
        guard stored.count <= judge.limits.payloadBytes else {
            let reason = SpanRefusal.Reason.payloadTooLarge(stored.count)
            request.refusals.append(SpanRefusal(index: index, reason: reason))
            return
        }
        payloadBytes += stored.count
        if payloadBytes > judge.limits.payloadBytesPerRequest { failure = .tooLarge }
        draft.view.index = index
        draft.view.payload = stored
        request.spans.append(draft.view)
    }
}
