// What a payload says for people: read once, remembered by digest.
import Primitives
import Synchronization
import Telemetry

/// The name of an operation and what it used; nil where its payload does not say.
struct SpanLabel: Hashable, Sendable {
    var name: String?
    var model: String?
    var provider: String?
    var tool: String?

    /// Reads a payload; of one that is no span nothing is known.
    init(payload: [UInt8]) {
        guard let span = try? Payload.span(payload) else { return }
        name = span.name
        model = span.facts.model
        provider = span.facts.provider
        tool = span.facts.tool
    }

    init() {}
}

/// Labels by the digest of their payload. Views only: recording does not come here.
final class LabelCache: Sendable {
    private struct Generations {
        var young: [Digest: SpanLabel] = [:]
        var old: [Digest: SpanLabel] = [:]
    }
    private let generations = Mutex(Generations())

    /// Labels in one generation, about 200 bytes each.
    private static let most = 20_000

    func label(of digest: Digest) -> SpanLabel? {
        generations.withLock { $0.young[digest] ?? $0.old[digest] }
    }

    func keep(_ label: SpanLabel, of digest: Digest) {
        generations.withLock { generations in
            if generations.young.count >= Self.most {
                generations.old = generations.young
                generations.young = [:]
            }
            generations.young[digest] = label
        }
    }
}
