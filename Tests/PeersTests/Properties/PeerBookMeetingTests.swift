// Books that dial each other over a network of random delays and failures end with one link a pair.
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct PeerBookMeetingTests {
    /// A connection: the two ends' names for it, and what each still has to hear, in order.
    private struct Connection {
        var ends: [Int]
        var ids: [LinkID]
        var pending: [[PeerInput]]
        var isOpen = [true, true]
    }

    private struct Meeting {
        var books: [PeerBook]
        var connections: [Connection] = []
        var connected: [[PublicKey: LinkID]]
        var now: UInt64 = 0
        var lastID: UInt64 = 0
        var chance: SeededGenerator
        /// Parts of 256 of all connections that fail.
        var failures: UInt8 = 100

        init(seed: UInt64, members: ClosedRange<UInt8>, others: [UInt8]) {
            chance = SeededGenerator(seed: seed)
            let entries = members.map(PeerBookTests.entry)
            let all = Array(members) + others
            connected = all.map { _ in [:] }
            books = all.map {
                PeerBook(
                    own: PeerBookTests.key($0), limits: PeerBookLimits(), seed: UInt64($0))
            }
            for index in books.indices { step(index, .committee(entries)) }
        }

        mutating func step(_ index: Int, _ input: PeerInput) {
            var actions: [PeerAction] = []
            books[index].step(input, at: now, into: &actions)
            for action in actions { obey(index, action) }
        }

        mutating func obey(_ index: Int, _ action: PeerAction) {
            switch action {
            case .dial(let entry): dial(index, entry.key)
            case .close(let id, _): close(index, id)
            case .connected(let key, _, let id): connected[index][key] = id
            case .disconnected(let key): connected[index][key] = nil
            case .changed: break
            }
        }

        mutating func dial(_ index: Int, _ key: PublicKey) {
            let other = Int(key.bytes[0]) - 1
            if UInt8.random(in: 0...255, using: &chance) < failures {
                return step(index, .dialFailed(key))
            }
            let ids = [LinkID(lastID + 1), LinkID(lastID + 2)]
            lastID += 2
            let own = PeerBookTests.key(UInt8(index + 1))
            connections.append(Connection(
                ends: [index, other], ids: ids,
                pending: [
                    [.dialed(ids[0], key), .authenticated(ids[0], key)],
                    [.accepted(ids[1], address: "x"), .authenticated(ids[1], own)],
                ]))
        }

        mutating func close(_ index: Int, _ id: LinkID) {
            for at in connections.indices {
                for end in 0..<2
                where connections[at].ends[end] == index && connections[at].ids[end] == id {
                    connections[at].isOpen[end] = false
                    connections[at].pending[end] = []
                    if connections[at].isOpen[1 - end] {
                        let other = connections[at].ids[1 - end]
                        connections[at].pending[1 - end].append(.closed(other))
                    }
                }
            }
        }

        /// One thing happens somewhere; false where nothing was left to happen.
        mutating func advance() -> Bool {
            let ready = connections.indices.flatMap { at in
                (0..<2).filter { !connections[at].pending[$0].isEmpty }.map { (at, $0) }
            }
            guard let (at, end) = ready.randomElement(using: &chance) else { return false }
            let input = connections[at].pending[end].removeFirst()
            if case .closed(let id) = input {
                close(connections[at].ends[end], id)
            } else if UInt8.random(in: 0...255, using: &chance) < failures / 8 {
                // The wire breaks: both ends hear of it.
                for end in 0..<2 where connections[at].isOpen[end] {
                    connections[at].pending[end].append(.closed(connections[at].ids[end]))
                }
            }
            step(connections[at].ends[end], input)
            return true
        }
    }

    @Test(arguments: propertySeeds) func everyPairEndsWithOneLink(seed: UInt64) {
        var meeting = Meeting(seed: seed, members: 1...5, others: [6])
        for round in 0..<400 {
            if round == 300 { meeting.failures = 0 }
            meeting.now += 100 * Nanoseconds.perMillisecond
            for index in meeting.books.indices { meeting.step(index, .tick) }
            let count = Int.random(in: 0...20, using: &meeting.chance)
            for _ in 0..<count where !meeting.advance() { break }
        }
        while meeting.advance() {}
        for index in meeting.books.indices {
            #expect(meeting.connected[index].count == 5, "seed \(seed), book \(index)")
        }
        for connection in meeting.connections {
            let keys = connection.ends.map { PeerBookTests.key(UInt8($0 + 1)) }
            let sides = [
                meeting.connected[connection.ends[0]][keys[1]] == connection.ids[0],
                meeting.connected[connection.ends[1]][keys[0]] == connection.ids[1],
            ]
            #expect(sides[0] == sides[1], "seed \(seed)")
        }
    }
}
