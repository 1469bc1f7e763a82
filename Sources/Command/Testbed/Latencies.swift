// How long things took, as samples: all of them, and those since the last look.
import Primitives
import Synchronization

/// The quantiles of some samples in nanoseconds; zeros where there are none.
struct Quantiles: Hashable, Sendable {
    var count = 0
    var p50: UInt64 = 0
    var p90: UInt64 = 0
    var p99: UInt64 = 0

    /// The smallest sample that at least the share of all samples does not exceed.
    init(_ samples: [UInt64]) {
        guard !samples.isEmpty else { return }
        let sorted = samples.sorted()
        func quantile(_ percent: Int) -> UInt64 {
            sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
        }
        count = sorted.count
        p50 = quantile(50)
        p90 = quantile(90)
        p99 = quantile(99)
    }
}

/// Samples that several threads add.
final class Latencies: Sendable {
    private struct State {
        var samples: [UInt64] = []
        /// How many were seen by `fresh`.
        var seen = 0
    }

    private let state = Mutex(State())

    func add(_ nanoseconds: UInt64) { state.withLock { $0.samples.append(nanoseconds) } }

    /// Of all samples.
    var all: [UInt64] { state.withLock { $0.samples } }

    /// Of the samples since the last call.
    func fresh() -> Quantiles {
        let samples = state.withLock { state in
            let samples = state.samples[state.seen...]
            state.seen = state.samples.count
            return Array(samples)
        }
        return Quantiles(samples)
    }
}
