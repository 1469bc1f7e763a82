// `ExportTraceServiceRequest` in protobuf: walks resources and scopes, and cuts out each span.
import Primitives

/// Field numbers of `collector/trace/v1/trace_service.proto` and `trace/v1/trace.proto`.
struct ProtobufTraces {
    private let bytes: UnsafeRawBufferPointer
    private let judge: SpanJudge
    private var request = RequestDraft()

    static func decode(
        _ bytes: [UInt8], now: Instant, limits: TelemetryLimits
    ) throws(TelemetryFailure) -> TraceRequest {
        var result: Result<TraceRequest, TelemetryFailure> = .success(TraceRequest())
        bytes.withUnsafeBytes { raw in
            var decoder = ProtobufTraces(
                bytes: raw, judge: SpanJudge(now: now, limits: limits))
            result = decoder.run()
        }
        return try result.get()
    }

    private init(bytes: UnsafeRawBufferPointer, judge: SpanJudge) {
        self.bytes = bytes
        self.judge = judge
    }

    private mutating func run() -> Result<TraceRequest, TelemetryFailure> {
        do throws(WireFailure) {
            var fields = WireReader(bytes)
            while let field = try fields.next(bytes: 1) { try resourceSpans(field) }
        } catch {
            return .failure(.protobuf(error))
        }
        return request.result
    }

    /// `ResourceSpans`: everything but field 2 goes into the payload of every span below it.
    private mutating func resourceSpans(_ message: WireField) throws(WireFailure) {
        var origin = SpanOrigin(collector: FactCollector(limits: judge.limits))
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            if field.isBytes(2) { continue }
            origin.resource.append(contentsOf: bytes[field.start..<field.end])
            if field.isBytes(1) { try resource(field, &origin) }
            if field.isBytes(3) { origin.check(text: field.body(in: bytes)) }
        }
        if origin.resource.count > judge.limits.originBytes {
            origin.collector.refuse(.originTooLarge)
        }
        fields = WireReader(bytes, inside: message)
        while let field = try fields.next(bytes: 2) { try scopeSpans(field, origin) }
    }

    private func resource(
        _ message: WireField, _ origin: inout SpanOrigin
    ) throws(WireFailure) {
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next(bytes: 1) {
            let attribute = try ProtobufAttribute(bytes, field)
            if !attribute.isText { origin.collector.refuse(.invalidText) }
            guard let key = AttributeTable.shared.find(attribute.key) else { continue }
            origin.collector.noteResource(key, attribute.value)
        }
    }

    /// `ScopeSpans`: everything but field 2 goes into the payload of every span below it.
    private mutating func scopeSpans(
        _ message: WireField, _ resource: SpanOrigin
    ) throws(WireFailure) {
        var origin = resource
        var count = 0
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            if field.isBytes(2) {
                count += 1
                continue
            }
            origin.scope.append(contentsOf: bytes[field.start..<field.end])
            if field.isBytes(1) { try scope(field, &origin) }
            if field.isBytes(3) { origin.check(text: field.body(in: bytes)) }
        }
        if origin.scope.count > judge.limits.originBytes {
            origin.collector.refuse(.originTooLarge)
        }
        request.expect(count)
        fields = WireReader(bytes, inside: message)
        while let field = try fields.next(bytes: 2) { try span(field, origin) }
    }

    private func scope(_ message: WireField, _ origin: inout SpanOrigin) throws(WireFailure) {
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            switch (field.number, field.kind) {
            case (1, .bytes):
                let name = field.body(in: bytes)
                origin.check(text: name)
                origin.scopeName = WireText.prefix(name, limit: judge.limits.displayBytes)
            case (2, .bytes):
                origin.check(text: field.body(in: bytes))
            case (3, .bytes):
                if !(try ProtobufAttribute(bytes, field)).isText {
                    origin.collector.refuse(.invalidText)
                }
            default: continue
            }
        }
    }

    private mutating func span(_ field: WireField, _ origin: SpanOrigin) throws(WireFailure) {
        let draft = try ProtobufSpan.read(field, of: bytes, origin, judge.limits)
        request.take(draft, judge) {
            ProtobufTraces.payload(of: field.body(in: bytes), origin)
        }
    }

    /// One `ResourceSpans` message that holds this span only.
    private static func payload(
        of span: UnsafeRawBufferPointer, _ origin: SpanOrigin
    ) -> [UInt8] {
        let spanField = 1 + WireWriter.width(ofVarint: span.count) + span.count
        let scopeCount = origin.scope.count + spanField
        let scopeField = 1 + WireWriter.width(ofVarint: scopeCount) + scopeCount
        var writer = WireWriter(capacity: origin.resource.count + scopeField)
        writer.append(origin.resource)
        writer.field(2, count: scopeCount)
        writer.append(origin.scope)
        writer.field(2, bytes: span)
        return writer.bytes
    }
}
