// How much is in flight between the network and the disk, and when that is too much.
import Synchronization

/// Gauges with limits. What is reserved must be released once.
final class Admission: Sendable {
    private let spans = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let spanLimit: Int
    private let byteLimit: Int

    init(spanLimit: Int, byteLimit: Int) {
        self.spanLimit = spanLimit
        self.byteLimit = byteLimit
    }

    var pendingSpans: Int { spans.load(ordering: .relaxed) }
    var pendingBytes: Int { bytes.load(ordering: .relaxed) }

    /// Whether nothing more should be read for now.
    var isFull: Bool { pendingSpans >= spanLimit || pendingBytes >= byteLimit }

    /// Takes room for so much; false, and nothing taken, where a limit would be passed. A request
    /// that is alone passes whatever its size: other limits bound it, and it could never pass
    /// otherwise.
    func reserve(spans spanCount: Int, bytes byteCount: Int) -> Bool {
        let allSpans = spans.add(spanCount, ordering: .relaxed).newValue
        let allBytes = bytes.add(byteCount, ordering: .relaxed).newValue
        let isAlone = allSpans == spanCount && allBytes == byteCount
        if isAlone || (allSpans <= spanLimit && allBytes <= byteLimit) { return true }
        release(spans: spanCount, bytes: byteCount)
        return false
    }

    func release(spans spanCount: Int, bytes byteCount: Int) {
        spans.subtract(spanCount, ordering: .relaxed)
        bytes.subtract(byteCount, ordering: .relaxed)
    }
}
