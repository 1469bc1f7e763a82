// `POST /v1/traces`: spans in, and the answer when they are durable.
import Node
import Platform
import Primitives
import Telemetry

/// One export request under way.
struct TraceExport: Sendable {
    let call: Call
    let format: TelemetryFormat
    let owner: OwnerID
    let lane: Lane

    private var context: Context { call.context }

    /// Takes room for the request, or refuses it; decoded on a thread of its own, handed over to
    /// the node, and answered from there.
    static func take(_ call: Call, _ body: [UInt8]) {
        let format = ExportBody.format(of: call.head.headers) ?? .json
        do throws(Problem) {
            let gate = ExportGate(context: call.context)
            let owner = try gate.check(call.head)
            let export = TraceExport(
                call: call, format: format, owner: owner, lane: try gate.lane(of: call.head))
            try export.wait(try ExportBody(call.head.headers), body)
        } catch {
            call.finish(error.status(format: format))
        }
    }

    /// Lets the body wait for its decoding, with room for about what is in it.
    private func wait(_ coded: ExportBody, _ body: [UInt8]) throws(Problem) {
        let spans = context.admission.estimate(body.count)
        try reserve(spans: spans, bytes: body.count)
        let job: Decoding.Job = {
            context.admission.release(spans: spans, bytes: body.count, lane)
            let start = note(.decoder, since: call.arrival)
            do throws(Problem) { try submit(coded, body, at: start) } catch {
                call.finish(error.status(format: format))
            }
        }
        context.decoding.put(job, spans: spans, lane)
    }

    /// Notes how long this request was in a stage; the time at its end.
    private func note(_ stage: LaneStage, since start: UInt64) -> UInt64 {
        let now = context.clock.monotonicNanoseconds()
        context.meters.lane(lane).longest(stage).note(now &- start)
        return now
    }

    private func reserve(spans: Int, bytes: Int) throws(Problem) {
        guard context.admission.reserve(spans: spans, bytes: bytes, lane) else {
            context.meters.noteRefused(.request, spans)
            context.meters.lane(lane).refused.add(spans)
            throw ExportGate(context: context).overload
        }
    }

    private func submit(
        _ coded: ExportBody, _ body: [UInt8], at start: UInt64
    ) throws(Problem) {
        let bytes = try coded.decoded(body, limit: context.settings.decompressedBytes)
        let request = try decode(bytes)
        context.meters.spansReceived.add(request.spans.count + request.refusals.count)
        guard !request.spans.isEmpty else {
            return answer(Outcome(refusals: request.refusals))
        }
        let count = request.spans.count
        let size = request.spans.reduce(0) { $0 + $1.payload.count }
        context.admission.note(spans: count, inBody: body.count)
        try reserve(spans: count, bytes: size)
        let submissions = request.spans.map(Submission.init)
        let positions = request.spans.map(\.index)
        let refusals = request.refusals
        let decoded = note(.decoding, since: start)
        let job: Intake.Job = { desk, isUrgent in
            let taken = note(.node, since: decoded)
            desk.node.submit(submissions, owner: owner, isUrgent: isUrgent) { outcome in
                context.admission.release(spans: count, bytes: size, lane)
                _ = note(.commit, since: taken)
                let time = context.clock.monotonicNanoseconds() &- call.arrival
                context.meters.lane(lane).times.note(time, count: count)
                finish(outcome, refusals, positions)
            }
        }
        context.intake.put(job, spans: count, lane, for: context.node)
    }

    private func decode(_ bytes: [UInt8]) throws(Problem) -> TraceRequest {
        do throws(TelemetryFailure) {
            return try TraceRequest.decode(
                bytes, format: format, now: context.clock.now(), limits: context.settings.telemetry)
        } catch {
            throw Problem(error)
        }
    }

    private func finish(
        _ outcome: SubmissionOutcome, _ refusals: [SpanRefusal], _ positions: [Int]
    ) {
        switch outcome {
        case .recorded(let recorded):
            let late = recorded.refused.map { (index: positions[$0.index], reason: $0.reason) }
            context.meters.spansRecorded.add(recorded.recorded)
            context.meters.spansDuplicate.add(recorded.duplicates)
            answer(Outcome(refusals: refusals, late: late))
        case .notCertified: refuse(.notCertified, .committee, positions.count)
        case .overloaded: refuse(ExportGate(context: context).overload, .committee, positions.count)
        case .notAValidator: refuse(.notAValidator, .committee, positions.count)
        case .undecided: refuse(.undecided, .committee, positions.count)
        case .storageFailed: refuse(.storageFailed, .storage, positions.count)
        case .ownerRefused: refuse(.ownerRefused(owner), .request, positions.count)
        }
    }

    private func refuse(_ problem: Problem, _ reason: RefusalReason, _ count: Int) {
        context.meters.noteRefused(reason, count)
        call.finish(problem.status(format: format))
    }

    private func answer(_ outcome: Outcome) {
        for refusal in outcome.refusals {
            context.meters.noteRefused(RefusalReason(refusal.reason))
        }
        for refusal in outcome.late { context.meters.noteRefused(RefusalReason(refusal.reason)) }
        let body = ExportAnswer.body(
            .traces, format: format, rejected: outcome.count, message: outcome.message)
        call.finish(HTTPResponse(status: 200, type: format.mediaType, body: body))
    }

    /// Spans refused one by one, by the decoder and by the node.
    struct Outcome {
        var refusals: [SpanRefusal] = []
        var late: [(index: Int, reason: SubmissionRefusal)] = []

        /// Refusals that are spelt out.
        private static let listed = 5

        var count: Int { refusals.count + late.count }

        var message: String {
            let all = refusals.map { ($0.index, $0.reason.description) }
                + late.map { ($0.index, $0.reason.sentence) }
            let sorted = all.sorted { $0.0 < $1.0 }
            var parts = sorted.prefix(Self.listed).map { "span \($0.0): \($0.1)" }
            if all.count > Self.listed { parts.append("and \(all.count - Self.listed) more") }
            return parts.joined(separator: "; ")
        }
    }
}

extension Problem {
    /// A request that is no message of its signal, or too much of one.
    init(_ failure: TelemetryFailure) {
        switch failure {
        case .tooLarge, .tooManySpans: self.init(.bodyTooLarge, failure.description)
        default: self.init(.malformedBody, failure.description)
        }
    }
}
