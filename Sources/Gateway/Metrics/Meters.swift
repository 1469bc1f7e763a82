// What the gateway counts: spans, requests and durations, since it was started.
import Primitives

/// What became of the spans of one lane.
struct LaneMeters: Sendable {
    /// From the arrival of a span until it was answered.
    let times: Histogram
    /// Told to come back.
    let refused = Counter()
    private let stages = LaneStage.allCases.map { _ in Longest() }

    init(bounds: [UInt64]) { times = Histogram(bounds: bounds) }

    /// The longest that a request spent in a stage.
    func longest(_ stage: LaneStage) -> Longest {
        stages[LaneStage.allCases.firstIndex(of: stage) ?? 0]
    }
}

/// One set of counters, shared by all threads of a gateway.
final class Meters: Sendable {
    let spansReceived = Counter()
    let spansRecorded = Counter()
    let spansDuplicate = Counter()
    let storageFailures = Counter()
    let agentFinal = Histogram(bounds: finalityBounds)
    let checkpointFinal = Histogram(bounds: finalityBounds)
    let turns = TurnMeters()
    let requests = Histogram(bounds: requestBounds)
    private let urgent = LaneMeters(bounds: finalityBounds)
    private let ordinary = LaneMeters(bounds: finalityBounds)
    private let refused: [Counter]
    /// A row for each route and one for requests of none; a column for each status and one for
    /// others.
    private let answers: [[Counter]]

    /// Statuses that have a series of their own.
    static let statuses = [
        200, 304, 400, 401, 403, 404, 405, 408, 409, 410, 413, 414, 415, 421, 422, 429, 431,
        500, 501, 503, 505,
    ]

    private static let finalityBounds = bounds(milliseconds: [
        1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 250, 500, 750, 1_000, 1_500, 2_500, 5_000, 10_000,
        30_000,
    ])
    private static let requestBounds =
        [100, 250, 500].map { $0 * Nanoseconds.perMicrosecond }
        + bounds(milliseconds: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000])

    private static func bounds(milliseconds: [UInt64]) -> [UInt64] {
        milliseconds.map { $0 * Nanoseconds.perMillisecond }
    }

    init(routes: Int) {
        refused = RefusalReason.allCases.map { _ in Counter() }
        answers = (0...routes).map { _ in (0...Self.statuses.count).map { _ in Counter() } }
    }

    func noteRefused(_ reason: RefusalReason, _ count: Int = 1) {
        for (index, other) in RefusalReason.allCases.enumerated() where other == reason {
            refused[index].add(count)
        }
    }

    func lane(_ lane: Lane) -> LaneMeters { lane == .urgent ? urgent : ordinary }

    /// All spans refused.
    var spansRefused: UInt64 { refused.reduce(0) { $0 &+ $1.value } }

    func refusedCount(_ reason: RefusalReason) -> UInt64 {
        zip(RefusalReason.allCases, refused).first { $0.0 == reason }?.1.value ?? 0
    }

    /// Notes an answer; `route` is nil where no route matched.
    func noteAnswer(route: Int?, status: Int, nanoseconds: UInt64) {
        let row = route ?? answers.count - 1
        let column = Self.statuses.firstIndex(of: status) ?? Self.statuses.count
        answers[row][column].add()
        requests.note(nanoseconds)
    }

    /// Answers given, by row and status, those that are not zero; the status is 0 for "other".
    var answerCounts: [(row: Int, status: Int, count: UInt64)] {
        answers.enumerated().flatMap { row, counters in
            counters.enumerated().compactMap { column, counter in
                let status = column < Self.statuses.count ? Self.statuses[column] : 0
                return counter.value == 0 ? nil : (row, status, counter.value)
            }
        }
    }
}
