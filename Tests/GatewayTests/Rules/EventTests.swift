// Server-sent events: what is told, in which order, and what a returning client gets.
import JSON
import Platform
import Primitives
import Testing

@testable import Gateway

@Suite struct EventTests {
    /// Follows the stream until `isLast`; `begin` runs once the stream is open.
    private func follow(
        _ rig: Rig, after id: String, until isLast: (ServerSentEvent) -> Bool
    ) throws -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        try rig.client().events("/v1/events", headers: [("last-event-id", id)]) { event in
            events.append(event)
            return !isLast(event)
        }
        return events
    }

    @Test func aRunIsToldTwiceFirstDurableThenInACheckpoint() throws {
        // Checkpoints far enough apart that a batch is told before its checkpoint is made.
        let rig = try Rig {
            $0.node.replica.intervalNanoseconds = 300 * Nanoseconds.perMillisecond
        }
        let reset = try follow(rig, after: "0") { _ in true }
        #expect(reset.map(\.event) == ["reset"])
        let start = try #require(reset.first?.id)
        #expect(try rig.client().export(ExportSample(SpanSample(1, name: "whole"))).status == 200)
        let events = try follow(rig, after: start) {
            $0.event == "run" && $0.data.contains("checkpointFinal")
        }
        let names = events.map(\.event)
        let first = try #require(names.firstIndex(of: "run"))
        let checkpoint = try #require(names.lastIndex(of: "checkpoint"))
        #expect(first < checkpoint && checkpoint < names.count - 1)
        #expect(names.contains("batch") && names.contains("agent"))
        let ids = events.compactMap { UInt64($0.id) }
        #expect(ids.count == events.count)
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $1 == $0 + 1 })
        for event in events { _ = try JSONValue(parsing: Array(event.data.utf8)) }
        let run = try JSONValue(parsing: Array(events[names.count - 1].data.utf8))
        #expect(run["name"]?.string == "whole")
        let placed = try #require(events.last { $0.event == "batch" })
        #expect(try JSONValue(parsing: Array(placed.data.utf8))["checkpoint"]?.string != nil)
    }

    @Test func aReturningClientMissesNothing() throws {
        let rig = try Rig()
        let start = try #require(try follow(rig, after: "x") { _ in true }.first?.id)
        let client = try rig.client()
        for number in 1...3 as ClosedRange<UInt8> {
            _ = try client.export(ExportSample(SpanSample(run: number, 1)))
        }
        let whole = try follow(rig, after: start) {
            $0.event == "run" && $0.data.contains(SpanSample.trace(3))
        }
        let middle = whole[whole.count / 2].id
        let last = try #require(whole.last?.id)
        let rest = try follow(rig, after: middle) { $0.id == last }
        #expect(rest == Array(whole.drop { $0.id != middle }.dropFirst()))
    }

    @Test func oneListenerTooManyIsRefused() throws {
        let rig = try Rig { $0.settings.eventClients = 0 }
        let response = try rig.client().get("/v1/events")
        #expect(response.status == 503)
        #expect(response.problem == "unavailable")
    }

    @Test func theRingGivesExactlyWhatFollowed() {
        var ring = EventRing(capacity: 4, first: 100)
        #expect(ring.events(after: 99) == [])
        #expect(ring.events(after: 98) == nil)
        for number in 0..<6 as Range<UInt8> { ring.append(.run, [number]) }
        #expect(ring.last == 105)
        #expect(ring.events(after: 105) == [])
        #expect(ring.events(after: 106) == nil)
        #expect(ring.events(after: 103) == [[4], [5]])
        #expect(ring.events(after: 101) == [[2], [3], [4], [5]])
        #expect(ring.events(after: 100) == nil)
        #expect(ring.events(after: 0) == nil)
        ring.append(.batch, [6])
        #expect(ring.events(after: 104, of: FeedKinds([.batch])) == [[6]])
        ring.skip()
        #expect(ring.events(after: 106) == nil)
        #expect(ring.events(after: 107) == [])
    }

    @Test(arguments: [
        ("checkpoint", FeedKinds([.checkpoint])), ("run,batch", FeedKinds([.batch, .run])),
        ("", nil), ("run,", nil), ("runs", nil), ("Run", nil),
    ]) func kindsAreNamed(_ names: String, _ expected: FeedKinds?) {
        #expect(FeedKinds(names: names) == expected)
    }

    /// Makes checkpoints though nothing happens.
    private func idleRig() throws -> Rig {
        try Rig { $0.node.replica.idleIntervalNanoseconds = 50 * Nanoseconds.perMillisecond }
    }

    @Test func whoNamesKindsIsToldOfNothingElse() throws {
        let rig = try idleRig()
        let client = try rig.client()
        #expect(try client.get("/v1/events?kinds=checkpoint,").status == 400)
        var names: Set<String> = []
        try rig.client().events("/v1/events?kinds=checkpoint,run") { event in
            if names.isEmpty, event.event == "checkpoint" {
                _ = try? client.export(ExportSample(SpanSample(1, name: "one")))
            }
            names.insert(event.event)
            return !(names.contains("run") && event.event == "checkpoint")
        }
        #expect(names == ["checkpoint", "run"])
    }

    @Test func aReturningClientIsToldThatEventsWereNotMade() throws {
        let rig = try idleRig()
        var id = ""
        try rig.client().events("/v1/events?kinds=checkpoint") { event in
            id = event.id
            return event.event != "checkpoint"
        }
        // Nobody wanted runs until now.
        #expect(try follow(rig, after: id) { _ in true }.first?.event == "reset")
    }
}
