// How much is in flight between the network and the disk, and when that is too much: the urgent
// lane has a share of it that the ordinary one may not use.
import Platform
import Synchronization

/// How soon a sender wants its records taken in. The price is the same.
enum Lane: String, CaseIterable, Sendable {
    /// Taken in first, within a reserved share.
    case urgent
    case ordinary

    /// The header by which a sender says which.
    static let header = "x-althing-lane"

    /// Of a request; nil where the header names no lane.
    init?(_ headers: HTTPFields) {
        guard let name = headers[Self.header] else {
            self = .ordinary
            return
        }
        self.init(rawValue: name.lowercased())
    }
}

/// Gauges with limits. What is reserved must be released once.
final class Admission: Sendable {
    private struct Gauge: Sendable {
        var spans = 0
        var bytes = 0
    }

    /// Bytes of a body for each span, lately.
    private let bytesPerSpan = Mutex(512)
    /// By lane, in the order of `Lane.allCases`.
    private let gauges = Mutex<[Gauge]>(Lane.allCases.map { _ in Gauge() })
    private let spanLimit: Int
    private let byteLimit: Int
    /// Percent of both that only the urgent lane may use.
    private let urgentPercent: Int

    init(spanLimit: Int, byteLimit: Int, urgentPercent: Int = 0) {
        self.spanLimit = spanLimit
        self.byteLimit = byteLimit
        self.urgentPercent = min(max(urgentPercent, 0), 90)
    }

    var pendingSpans: Int { Lane.allCases.reduce(0) { $0 + pendingSpans($1) } }
    var pendingBytes: Int { gauges.withLock { $0.reduce(0) { $0 + $1.bytes } } }
    func pendingSpans(_ lane: Lane) -> Int { gauges.withLock { $0[lane.place].spans } }

    /// Whether nothing more of a lane should be read for now.
    func isFull(_ lane: Lane = .ordinary) -> Bool {
        gauges.withLock { gauges in
            let used = Self.used(gauges, lane)
            return used.spans >= limit(spanLimit, lane) || used.bytes >= limit(byteLimit, lane)
        }
    }

    /// Takes room for so much; false, and nothing taken, where a limit would be passed. A request
    /// that is alone in its lane passes whatever its size: other limits bound it, and it could
    /// never pass otherwise.
    func reserve(spans: Int, bytes: Int, _ lane: Lane = .ordinary) -> Bool {
        gauges.withLock { gauges in
            let own = gauges[lane.place]
            let used = Self.used(gauges, lane)
            let isAlone = own.spans == 0 && own.bytes == 0
            guard isAlone || used.spans + spans <= limit(spanLimit, lane)
                && used.bytes + bytes <= limit(byteLimit, lane)
            else { return false }
            gauges[lane.place].spans += spans
            gauges[lane.place].bytes += bytes
            return true
        }
    }

    /// About how many spans a body of so many bytes holds, judged by those that were decoded
    /// lately.
    func estimate(_ bodyBytes: Int) -> Int {
        max(1, bodyBytes / bytesPerSpan.withLock { $0 })
    }

    /// Learns how many spans a body held.
    func note(spans: Int, inBody bytes: Int) {
        guard spans > 0 else { return }
        bytesPerSpan.withLock { $0 = max(1, ($0 * 15 + bytes / spans) / 16) }
    }

    func release(spans: Int, bytes: Int, _ lane: Lane = .ordinary) {
        gauges.withLock { gauges in
            gauges[lane.place].spans -= spans
            gauges[lane.place].bytes -= bytes
        }
    }

    /// What counts against the limit of a lane: the ordinary one has its own part, the urgent one
    /// also what the ordinary one leaves.
    private static func used(_ gauges: [Gauge], _ lane: Lane) -> Gauge {
        switch lane {
        case .ordinary: gauges[lane.place]
        case .urgent:
            Gauge(
                spans: gauges.reduce(0) { $0 + $1.spans },
                bytes: gauges.reduce(0) { $0 + $1.bytes })
        }
    }

    private func limit(_ whole: Int, _ lane: Lane) -> Int {
        switch lane {
        case .urgent: whole
        case .ordinary: max(1, whole - whole / 100 * urgentPercent)
        }
    }
}

extension Lane {
    fileprivate var place: Int { self == .urgent ? 0 : 1 }
}
