// The order in which waiting messages leave, and which are dropped when too much waits.
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct SendQueueTests {
    private static func parcel(_ count: Int, _ byte: UInt8 = 0) -> Parcel {
        Parcel([UInt8](repeating: byte, count: count))
    }

    @Test func urgentGoesBetweenTheRecordsOfBulk() throws {
        var wire = try Wire.established()
        wire.dialer.link.send(Self.parcel(1 << 20, 1), .bulk, at: 0)
        wire.listener.receive(wire.dialer.takeOutput(limit: 1))
        wire.dialer.link.send(Self.parcel(200, 2), .urgent, at: 0)
        wire.listener.receive(wire.dialer.takeOutput(limit: 1))
        #expect(wire.listener.messages.map(\.count) == [200])
        wire.run()
        #expect(wire.listener.messages.map(\.count) == [200, 1 << 20])
    }

    @Test func bulkIsNotStarved() {
        var queue = SendQueue(mostBytes: 1 << 20)
        _ = queue.add(Self.parcel(10, 9), .bulk)
        for _ in 0..<100 { _ = queue.add(Self.parcel(10), .urgent) }
        var order: [LinkPriority] = []
        while let (record, _, _) = queue.next() {
            if case .start(let priority, _, _) = record { order.append(priority) }
        }
        #expect(order.count == 101)
        #expect(order.firstIndex(of: .bulk) == SendQueue.urgentRun)
        #expect(queue.isEmpty)
    }

    /// Bytes of the messages that wait, the message, its priority, and what becomes of it.
    @Test func theBudget() {
        typealias Waiting = (LinkPriority, Int)
        let rows: [(name: String, waiting: [Waiting], new: Waiting, outcome: SendOutcome)] = [
            ("room", [(.bulk, 40)], (.bulk, 60), .queued(displaced: 0)),
            ("bulk finds none", [(.bulk, 41)], (.bulk, 60), .full),
            ("bulk does not displace", [(.bulk, 100)], (.bulk, 1), .full),
            ("urgent displaces the newest", [(.bulk, 50), (.bulk, 50)], (.urgent, 50),
                .queued(displaced: 1)),
            ("urgent displaces all", [(.bulk, 50), (.bulk, 50)], (.urgent, 51),
                .queued(displaced: 2)),
            ("urgent does not displace urgent", [(.urgent, 60)], (.urgent, 41), .full),
            ("more than there ever is", [], (.urgent, 101), .full),
            ("nothing is displaced in vain", [(.bulk, 100)], (.urgent, 101), .full),
        ]
        for row in rows {
            var queue = SendQueue(mostBytes: 100)
            for (priority, count) in row.waiting { _ = queue.add(Self.parcel(count), priority) }
            #expect(queue.add(Self.parcel(row.new.1), row.new.0) == row.outcome, "\(row.name)")
            var left = 0
            while let (_, _, piece) = queue.next() { left += piece.count }
            let before = row.waiting.reduce(0) { $0 + $1.1 }
            #expect(left <= 100 && (row.outcome != .full || left == before), "\(row.name)")
        }
    }

    /// What has begun to leave is finished: half a message would end the link.
    @Test func whatHasBegunStays() {
        let size = 200_000
        var queue = SendQueue(mostBytes: size)
        _ = queue.add(Self.parcel(size), .bulk)
        _ = queue.next()
        #expect(queue.add(Self.parcel(1_000), .urgent) == .queued(displaced: 0))
        #expect(queue.add(Self.parcel(size), .urgent) == .full)
        var pieces = 0
        while queue.next() != nil { pieces += 1 }
        #expect(pieces == 1 + 3)
        #expect(queue.isEmpty)
    }

    @Test(arguments: propertySeeds) func eachLaneIsFirstInFirstOut(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var queue = SendQueue(mostBytes: 500_000)
        var (added, left): ([Int: [Parcel]], [Int: [Parcel]]) = ([:], [:])
        var bytes = 0
        for _ in 0..<300 {
            if Int.random(in: 0..<3, using: &chance) > 0 {
                let size = Int.random(in: 1...100_000, using: &chance)
                let priority = LinkPriority.allCases.randomElement(using: &chance) ?? .bulk
                let parcel = Self.parcel(size, UInt8.random(in: 0...255, using: &chance))
                guard case .queued(let displaced) = queue.add(parcel, priority) else { continue }
                bytes += size
                for _ in 0..<displaced {
                    bytes -= added[Int(LinkPriority.bulk.rawValue)]?.removeLast().bytes.count ?? 0
                }
                added[Int(priority.rawValue), default: []].append(parcel)
            } else if let (record, parcel, piece) = queue.next() {
                bytes -= piece.count
                let lane = switch record {
                case .start(let priority, _, _), .more(let priority): priority
                case .ping, .pong: LinkPriority.bulk
                }
                if piece.upperBound == parcel.bytes.count {
                    left[Int(lane.rawValue), default: []].append(parcel)
                }
            }
            #expect(queue.bytes == bytes, "seed \(seed)")
        }
        for lane in 0..<2 {
            let (all, gone) = (added[lane] ?? [], left[lane] ?? [])
            #expect(all.starts(with: gone), "seed \(seed)")
        }
    }

    @Test func compressionIsKeptWhereItSaves() throws {
        let codec = try ParcelCodec()
        var chance = SeededGenerator(seed: 1)
        let rows: [(bytes: [UInt8], isCompressed: Bool)] = [
            ([UInt8](repeating: 1, count: 1_023), false),
            ([UInt8](repeating: 1, count: 1_024), true), (chance.bytes(100_000), false),
        ]
        for row in rows {
            let parcel = codec.pack(row.bytes)
            #expect(parcel.isCompressed == row.isCompressed)
            #expect(parcel.messageBytes == row.bytes.count)
            if !row.isCompressed { #expect(parcel.bytes == row.bytes) }
        }
    }
}
