// Lanes: the urgent one goes first within its share, and has room of its own.
import Platform
import Primitives
import TestSupport
import Testing

@testable import Gateway

@Suite struct LaneTests {
    private func taken(_ queue: inout LaneQueue<String>) -> [String] {
        var names: [String] = []
        while let next = queue.take() { names.append(next.job) }
        return names
    }

    @Test func theUrgentGoFirstAndEachLaneInItsOrder() {
        var queue = LaneQueue<String>(urgentPercent: 50)
        for (name, lane) in [("a", Lane.ordinary), ("b", .ordinary), ("U", .urgent)] {
            queue.put(name, spans: 10, lane)
        }
        #expect(taken(&queue) == ["U", "a", "b"])
        #expect(queue.isEmpty && queue.take() == nil)
    }

    /// A sender that calls everything urgent gets its share, not more, while others wait.
    @Test(arguments: [0, 10, 25, 50, 90]) func theShareHolds(percent: Int) {
        var queue = LaneQueue<String>(urgentPercent: percent)
        for number in 0..<1_000 {
            queue.put("U\(number)", spans: 100, .urgent)
            queue.put("o\(number)", spans: 100, .ordinary)
        }
        let first = (0..<1_000).compactMap { _ in queue.take()?.job }
        let urgent = first.count { $0.hasPrefix("U") }
        #expect(abs(urgent - 10 * percent) <= 15, "\(urgent) of 1000 at \(percent) percent")
        #expect(taken(&queue).count == 1_000)
    }

    /// What was taken while nobody else waited is not made up for when others come.
    @Test func urgentSpansThatPassNobodyCostNothing() {
        var queue = LaneQueue<Int>(urgentPercent: 20)
        for number in 0..<500 {
            queue.put(number, spans: 100, .urgent)
            #expect(queue.take()?.job == number)
        }
        for number in 500..<510 { queue.put(number, spans: 100, .ordinary) }
        queue.put(510, spans: 100, .urgent)
        #expect(queue.isUrgentNext)
        #expect(queue.take()?.job == 510)
    }

    /// Only what passes others within its share ends a turn.
    @Test func theUrgentAreToldWhereTheyPass() {
        var queue = LaneQueue<Int>(urgentPercent: 20)
        for number in 0..<10 { queue.put(number, spans: 100, .ordinary) }
        queue.put(10, spans: 100, .urgent)
        queue.put(11, spans: 100, .urgent)
        #expect(queue.isUrgentNext)
        let taken = (0..<7).map { _ in queue.take() }
        #expect(taken.map { $0?.job } == [10, 0, 1, 2, 3, 11, 4])
        #expect(taken.map { $0?.isUrgent } == [true, false, false, false, false, true, false])
        #expect(!queue.isUrgentNext)
    }

    /// Bodies that wait for their decoding take the room that bodies like them took.
    @Test func bodiesAreJudgedByThoseBefore() {
        let admission = Admission(spanLimit: 1_000, byteLimit: 1 << 20, urgentPercent: 20)
        #expect(admission.estimate(5_120) == 10 && admission.estimate(3) == 1)
        for _ in 0..<100 { admission.note(spans: 100, inBody: 100_000) }
        #expect((5...6).contains(admission.estimate(5_120)))
        admission.note(spans: 0, inBody: 100_000)
        #expect(admission.estimate(0) == 1)
    }

    @Test func theOrdinaryLaneLeavesTheReserve() {
        let admission = Admission(spanLimit: 100, byteLimit: 1_000, urgentPercent: 20)
        #expect(admission.reserve(spans: 80, bytes: 10))
        #expect(!admission.reserve(spans: 1, bytes: 1))
        #expect(admission.isFull() && !admission.isFull(.urgent))
        #expect(admission.reserve(spans: 20, bytes: 10, .urgent))
        #expect(!admission.reserve(spans: 1, bytes: 1, .urgent))
        #expect(admission.isFull(.urgent))
        #expect(admission.pendingSpans == 100 && admission.pendingSpans(.urgent) == 20)
        admission.release(spans: 80, bytes: 10)
        admission.release(spans: 20, bytes: 10, .urgent)
        #expect(admission.pendingSpans == 0 && admission.pendingBytes == 0)
    }

    @Test func aHeaderSaysTheLane() throws {
        let rig = try Rig()
        let client = try rig.client()
        for (value, status) in [
            ("urgent", 200), ("Urgent", 200), ("ordinary", 200), ("fast", 400), ("", 400),
        ] {
            let response = try client.post(
                "/v1/traces", ExportSample(SpanSample(1)).json, type: "application/json",
                headers: [(Lane.header, value)])
            #expect(response.status == status, "\(value): \(response.text)")
        }
        let metrics = try client.get("/metrics").text
        #expect(metrics.contains("althing_urgent_lane_seconds_count 2\n"))
        #expect(metrics.contains("althing_ordinary_lane_seconds_count 1\n"))
        #expect(metrics.contains("althing_lane_refused_total{lane=\"urgent\"} 0\n"))
    }

    /// Many requests that wait at one time are all answered, whatever a turn holds.
    @Test func turnsFollowEachOther() throws {
        let rig = try Rig { $0.settings.turnSpans = 1 }
        let (held, release) = (Gate(), Gate())
        rig.gateway.withNode { _ in
            held.open()
            release.wait()
        }
        held.wait()
        let port = rig.gateway.port
        let threads = try (1...8 as ClosedRange<UInt8>).map { number in
            try OSThread.start("exporter") {
                let client = try? HTTPClient("http://127.0.0.1:\(port)")
                let response = try? client?.export(ExportSample(SpanSample(number)))
                #expect(response?.status == 200)
            }
        }
        release.open()
        for thread in threads { thread.join() }
        #expect(try rig.client().json("/v1/status")["records"]?.string == "8")
    }
}
