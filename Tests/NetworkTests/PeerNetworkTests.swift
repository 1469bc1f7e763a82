// Real sockets on loopback: messages, broadcasts, a peer that dies and comes back, strangers.
import Cryptography
import Peers
import Platform
import Primitives
import Synchronization
import Testing

@testable import Network

@Suite(.serialized) struct PeerNetworkTests {
    /// Two networks that know each other.
    private static func pair() throws -> (TestNetwork, TestNetwork) {
        let (one, two) = (try TestNetwork(1), try TestNetwork(2))
        for network in [one, two] { network.start(committee: [one.entry, two.entry]) }
        try #require(one.waitsForPeers(1) && two.waitsForPeers(1))
        return (one, two)
    }

    private static func message(_ number: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(number)
        let count = Int(number % 37) * Int(number % 101)
        writer.append([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count))
        return writer.bytes
    }

    @Test func tenThousandMessagesEachWayInOrder() throws {
        let (one, two) = try Self.pair()
        let count = 10_000 as UInt32
        for number in 0..<count {
            one.network.send(Self.message(number), to: two.key, .urgent)
            two.network.send(Self.message(number), to: one.key, .bulk)
        }
        for (network, peer) in [(one, two.key), (two, one.key)] {
            #expect(network.waits { $0.messages[peer]?.count == Int(count) })
            let messages = network.heard.withLock { $0.messages[peer] ?? [] }
            #expect(messages == (0..<count).map(Self.message))
        }
        one.stop()
        two.stop()
    }

    @Test func largeMessagesAndUrgentOnesBetween() throws {
        let (one, two) = try Self.pair()
        let body = Parcel([UInt8](repeating: 5, count: 16 << 20))
        one.network.send(body, to: two.key, .bulk)
        one.network.send([7], to: two.key, .urgent)
        let key = one.key
        #expect(two.waits { $0.messages[key]?.count == 2 })
        let sizes = two.heard.withLock { $0.messages[key]?.map(\.count) }
        #expect(sizes == [1, 16 << 20])
        one.stop()
        two.stop()
    }

    @Test func aBroadcastReachesEveryValidator() throws {
        let networks = try (1...4).map { try TestNetwork($0) }
        for network in networks { network.start(committee: networks.map(\.entry)) }
        for network in networks { try #require(network.waitsForPeers(3)) }
        for network in networks {
            network.network.broadcast([UInt8](repeating: network.number, count: 5_000), .urgent)
        }
        for network in networks {
            #expect(network.waits { $0.messages.values.reduce(0) { $0 + $1.count } == 3 })
            let messages = network.heard.withLock { $0.messages }
            for other in networks where other !== network {
                let expected = [[UInt8](repeating: other.number, count: 5_000)]
                #expect(messages[other.key] == expected)
            }
        }
        #expect(networks[0].waits { _ in true })
        for network in networks { network.stop() }
    }

    /// The one that is left dials where it has the lower key, and waits to be dialled otherwise.
    @Test(arguments: [true, false]) func aPeerThatDiesIsFoundAgain(isDialing: Bool) throws {
        var (one, two) = try Self.pair()
        if (one.key < two.key) != isDialing { swap(&one, &two) }
        let port = two.network.port
        let key = two.key
        two.stop()
        #expect(one.waits { $0.changes.contains(.disconnected(key)) })
        if isDialing {
            #expect(one.waits { heard in
                heard.changes.contains { if case .unreachable = $0 { true } else { false } }
            })
        }
        one.network.send([1], to: key, .urgent)
        let again = try TestNetwork(two.number, port: port)
        again.start(committee: [one.entry, again.entry])
        try #require(again.waitsForPeers(1) && one.waitsForPeers(1))
        one.network.send([2], to: key, .urgent)
        again.network.send([3], to: one.key, .urgent)
        let first = one.key
        #expect(again.waits { $0.messages[first] == [[2]] })
        #expect(one.waits { $0.messages[key] == [[3]] })
        one.stop()
        again.stop()
    }

    @Test func observersAreToldApart() throws {
        let validator = try TestNetwork(1)
        validator.start(committee: [validator.entry])
        let observer = try TestNetwork(9)
        observer.start(committee: [validator.entry])
        let (watcher, watched) = (observer.key, validator.key)
        #expect(validator.waits { $0.changes.contains(.connected(watcher, .observer)) })
        #expect(observer.waits { $0.changes.contains(.connected(watched, .validator)) })
        observer.network.send([1], to: watched, .bulk)
        #expect(validator.waits { $0.messages[watcher] == [[1]] })
        validator.network.setCommittee([validator.entry, observer.entry])
        #expect(validator.waits { $0.changes.contains(.changed(watcher, .validator)) })
        validator.network.broadcast([2], .urgent)
        #expect(observer.waits { $0.messages[watched] == [[2]] })
        validator.stop()
        observer.stop()
    }

    @Test func strangersAreTurnedAway() throws {
        let validator = try TestNetwork(1) { configuration in
            configuration.limits.handshakeNanoseconds = 100 * Nanoseconds.perMillisecond
        }
        validator.start(committee: [validator.entry])
        let foreign = try TestNetwork(3) { configuration in
            let identity = configuration.identity
            configuration.identity = LinkIdentity(
                chain: Digest(), key: identity.key, exchange: identity.exchange)
        }
        foreign.start(committee: [validator.entry])
        #expect(validator.waits { $0.changes.contains(.ended(nil, .foreignChain)) })
        #expect(foreign.waits { $0.changes.contains(.ended(nil, .foreignChain)) })
        foreign.stop()
        // Another protocol, and one that says nothing.
        let client = try HTTPClient("http://127.0.0.1:\(validator.network.port)")
        _ = try? client.request("GET", "/a/path/that/makes/the/request/long/enough")
        #expect(validator.waits { $0.changes.contains(.ended(nil, .foreignProtocol)) })
        let silent = Mutex<StreamDescriptor?>(nil)
        StreamDescriptor.dial(
            "127.0.0.1", validator.network.port, timeoutMilliseconds: 1_000, on: validator.loop
        ) { result in silent.withLock { $0 = try? result.get() } }
        #expect(validator.waits { $0.changes.contains(.ended(nil, .slowHandshake)) })
        validator.stop()
    }

    /// A receiver that holds what it gets is read no further, until it lets go.
    @Test func heldMessagesHoldTheSenderBack() throws {
        let one = try TestNetwork(1)
        let two = try TestNetwork(2) { $0.limits.heldMessages = 10 }
        let committee = [one.entry, two.entry]
        let key = one.key
        one.start(committee: committee)
        two.start(committee: committee) { [network = two.network] key, _ in network.hold(key) }
        try #require(one.waitsForPeers(1) && two.waitsForPeers(1))
        let peer = two.key
        let message = [UInt8](repeating: 1, count: 1 << 16)
        for _ in 0..<200 { one.network.send(Parcel(message), to: peer, .bulk) }
        #expect(two.waits { ($0.messages[key]?.count ?? 0) >= 10 })
        for released in 0..<200 {
            #expect(two.waits { ($0.messages[key]?.count ?? 0) > released })
            let ahead = two.heard.withLock { $0.messages[key]?.count ?? 0 } - released
            #expect(ahead <= 10 + 256 / 64, "what was read before it stopped")
            two.network.release(key)
        }
        one.stop()
        two.stop()
    }

    @Test func countsAreKept() throws {
        let (one, two) = try Self.pair()
        one.network.send([UInt8](repeating: 0, count: 10_000), to: two.key, .bulk)
        let key = one.key
        #expect(two.waits { $0.messages[key]?.count == 1 })
        let clock = SystemClock()
        let end = clock.monotonicNanoseconds() + 10 * Nanoseconds.perSecond
        var counts = two.network.counts
        while counts.peers.first?.link.receivedMessages != 1
            || counts.peers.first?.roundTripNanoseconds == nil,
            clock.monotonicNanoseconds() < end
        {
            counts = two.network.counts
        }
        #expect(counts.peers.map(\.key) == [key])
        #expect(counts.peers.first?.roundTripNanoseconds != nil)
        #expect(counts.total.messageBytes == 10_000 && counts.total.travellingBytes < 100)
        #expect(counts.established == 1 && counts.faults == 0)
        one.stop()
        two.stop()
    }

    /// In whatever order owner and loop end, nothing hangs and the port is free.
    @Test func aLoopThatStopsFirst() throws {
        let (one, two) = try Self.pair()
        one.loop.stop()
        one.network.stop()
        one.network.send([1], to: two.key, .urgent)
        #expect(one.network.counts.established <= 1)
        let key = one.key
        #expect(two.waits { $0.changes.contains { change in
            if case .disconnected(key) = change { true } else { false }
        } })
        two.stop()
    }

    @Test func aPortThatIsTaken() throws {
        let one = try TestNetwork(1)
        #expect(throws: PeerNetworkFailure.self) { try TestNetwork(2, port: one.network.port) }
        one.stop()
    }
}
