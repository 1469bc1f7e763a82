// What a peer may not do, one row each, and the fault it ends in.
import Compression
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct LinkRejectionTests {
    @Test func anotherChain() throws {
        var stranger = try WireEnd(.dialer(expected: nil), 1, chain: Digest(repeating: 9))
        var listener = try WireEnd(.listener, 2)
        listener.receive(stranger.takeOutput())
        #expect(listener.events == [.closed(.foreignChain)])
        stranger.receive(listener.takeOutput())
        #expect(stranger.events == [.closed(.foreignChain)])
    }

    @Test func anotherProtocol() throws {
        var listener = try WireEnd(.listener, 2)
        listener.receive(Array("GET / HTTP/1.1\r\nHost: althing.example:7000\r\n\r\n\r\n\r\n".utf8))
        #expect(listener.events == [.closed(.foreignProtocol)])
    }

    @Test func anotherPeerThanTheOneDialled() throws {
        var wire = try Wire()
        wire.dialer = try WireEnd(.dialer(expected: TestPeer.key(3)), 1)
        wire.run()
        #expect(wire.dialer.link.fault == .unexpectedPeer(TestPeer.key(2)))
        #expect(!wire.listener.link.isEstablished)
    }

    /// The payload of the second message, spoiled in each way that a holder of another key could.
    @Test(arguments: ["otherKey", "otherChain", "otherRole", "otherBinding", "noSignature"])
    func falseIdentity(what: String) throws {
        var dialer = try WireEnd(.dialer(expected: nil), 1)
        let preamble = LinkPreamble.encode(chain: TestPeer.chain)
        var handshake = NoiseHandshake(
            role: .responder, prologue: preamble, own: try TestPeer.exchange(2),
            ephemeral: try TestPeer.exchange(102))
        _ = try handshake.read(Array(dialer.takeOutput().dropFirst(preamble.count)))
        let identity = try TestPeer.identity(2)
        let foreign = try TestPeer.identity(2, chain: Digest(repeating: 1))
        let answer = try handshake.write { binding in
            var proof = LinkProof(identity, role: .responder, binding: binding)
            switch what {
            case "otherKey": proof.key = TestPeer.key(3)
            case "otherChain": proof = LinkProof(foreign, role: .responder, binding: binding)
            case "otherRole": proof = LinkProof(identity, role: .initiator, binding: binding)
            case "otherBinding": proof = LinkProof(identity, role: .responder, binding: preamble)
            default: proof.signature = Signature()
            }
            return proof.encoded
        }
        dialer.receive(preamble + answer)
        #expect(dialer.events == [.closed(.falseIdentity)])
    }

    @Test func aKeyOfSmallOrder() throws {
        var listener = try WireEnd(.listener, 2)
        listener.receive(
            LinkPreamble.encode(chain: TestPeer.chain) + [UInt8](repeating: 0, count: 32))
        #expect(listener.events == [.closed(.handshake(.weakKey))])
    }

    // Records that are authentic and wrong: the peer holds the keys.

    /// What the listener says to a record with this text.
    private func verdict(
        _ texts: [[UInt8]], limits: LinkLimits = LinkLimits()
    ) throws -> [LinkEvent] {
        var wire = try Wire.established(limits: limits)
        wire.listener.events = []
        var cipher = try #require(wire.dialer.link.sending)
        for text in texts {
            let sealed = try cipher.sealed(text, context: [])
            wire.listener.receive(
                [UInt8(truncatingIfNeeded: sealed.count), UInt8(sealed.count >> 8)] + sealed)
        }
        return wire.listener.events
    }

    private func start(
        _ message: Int, _ travelling: Int, _ priority: LinkPriority = .urgent
    ) -> [UInt8] {
        Record.start(priority, messageBytes: message, travellingBytes: travelling).head
    }

    @Test func aSoundRecordIsTaken() throws {
        #expect(try verdict([start(3, 3) + [1, 2, 3]]) == [.message([1, 2, 3], .urgent)])
    }

    @Test func malformedRecords() throws {
        let full = [UInt8](repeating: 1, count: Record.mostTextBytes - 9)
        let rows: [(name: String, texts: [[UInt8]])] = [
            ("no head", [[0]]), ("unknown kind", [[6] + [UInt8](repeating: 0, count: 8)]),
            ("a ping with more behind it", [Record.ping(1).head + [0]]),
            ("a pong nobody asked for", [Record.pong(1).head]),
            ("an empty message", [start(0, 0)]),
            ("more that travels than there is", [start(3, 4) + [1, 2, 3, 4]]),
            ("a piece that is too short", [start(3, 3) + [1, 2]]),
            ("a piece that is too long", [start(3, 3) + [1, 2, 3, 4]]),
            ("a record that is not filled", [start(70_000, 70_000) + full.dropLast()]),
            ("more of nothing", [Record.more(.urgent).head + [1]]),
            ("more of the other lane", [
                start(70_000, 70_000) + full, Record.more(.bulk).head + [1],
            ]),
            ("a second beginning", [start(70_000, 70_000) + full, start(1, 1) + [1]]),
            ("more of no bytes", [start(70_000, 70_000) + full, Record.more(.urgent).head]),
        ]
        for row in rows {
            #expect(try verdict(row.texts) == [.closed(.malformedRecord)], "\(row.name)")
        }
    }

    @Test func messagesOverTheLimit() throws {
        var limits = LinkLimits()
        limits.urgentMessageBytes = 100
        limits.bulkMessageBytes = 1_000
        #expect(
            try verdict([start(101, 1) + [1]], limits: limits) == [.closed(.oversizeMessage(101))])
        #expect(
            try verdict([start(1_001, 1, .bulk) + [1]], limits: limits)
                == [.closed(.oversizeMessage(1_001))])
        #expect(
            try verdict([start(4_294_967_295, 4_294_967_295)])
                == [.closed(.oversizeMessage(4_294_967_295))])
    }

    @Test func badCompression() throws {
        let message = [UInt8](repeating: 5, count: 5_000)
        let packed = try Zstd.compress(message, level: 1)
        let rows: [(name: String, count: Int, bytes: [UInt8])] = [
            ("fewer bytes than it says", 5_001, packed), ("more", 4_999, packed),
            ("a bomb", 200, packed), ("no frame", 5_000, [1, 2, 3]),
            ("a frame and more", 5_000, packed + [0]),
            ("a cut frame", 5_000, Array(packed.dropLast())),
        ]
        for row in rows {
            let text = start(row.count, row.bytes.count, .bulk) + row.bytes
            #expect(try verdict([text]) == [.closed(.badCompression)], "\(row.name)")
        }
        let whole = start(5_000, packed.count, .bulk) + packed
        #expect(try verdict([whole]) == [.message(message, .bulk)])
    }

    @Test(arguments: [0, 1, 15, 16]) func recordsWithoutText(length: Int) throws {
        var wire = try Wire.established()
        wire.listener.receive([UInt8(length), 0] + [UInt8](repeating: 0, count: length))
        #expect(wire.listener.link.fault == .recordLength(length))
    }

    @Test func replayedRecords() throws {
        var wire = try Wire.established()
        wire.dialer.link.send(Parcel([1]), .urgent, at: 0)
        let record = wire.dialer.takeOutput()
        wire.listener.receive(record)
        wire.listener.receive(record)
        #expect(wire.listener.messages == [[1]])
        #expect(wire.listener.link.fault == .record(.notAuthentic))
    }

    /// With the last nonce the link ends: no byte leaves that is not sealed.
    @Test func nonceExhaustionEndsTheLink() throws {
        var wire = try Wire.established()
        let key = [UInt8](repeating: 3, count: 32)
        wire.dialer.link.sending = CipherState(key: key, number: .max - 1)
        wire.listener.link.receiving = CipherState(key: key, number: .max - 1)
        for byte in [1, 2] as [UInt8] { wire.dialer.link.send(Parcel([byte]), .urgent, at: 0) }
        wire.listener.receive(wire.dialer.takeOutput())
        #expect(wire.listener.messages == [[1]])
        #expect(wire.dialer.takeOutput() == [])
        wire.dialer.tick(0)
        #expect(wire.dialer.link.fault == .record(.nonceExhausted))
        wire.listener.receive([17, 0] + [UInt8](repeating: 0, count: 17))
        #expect(wire.listener.link.fault == .record(.nonceExhausted))
    }

    /// After the last event there is nothing, whatever comes.
    @Test func aClosedLinkIsDead() throws {
        var wire = try Wire.established()
        wire.listener.link.connectionClosed(into: &wire.listener.events)
        let count = wire.listener.events.count
        wire.dialer.link.send(Parcel([1]), .urgent, at: 0)
        wire.run()
        wire.listener.tick(.max)
        wire.listener.link.connectionClosed(into: &wire.listener.events)
        #expect(wire.listener.events.count == count)
        #expect(wire.listener.link.send(Parcel([1]), .urgent, at: 0) == .notConnected)
        #expect(!wire.listener.link.hasOutput && !wire.listener.link.mayRead(at: 0))
    }

    @Test func messagesThatMayNotBeSent() throws {
        var limits = LinkLimits()
        limits.urgentMessageBytes = 10
        var wire = try Wire.established(limits: limits)
        #expect(wire.dialer.link.send(Parcel([]), .urgent, at: 0) == .refused)
        let long = Parcel([UInt8](repeating: 0, count: 11))
        #expect(wire.dialer.link.send(long, .urgent, at: 0) == .refused)
        #expect(wire.dialer.link.send(long, .bulk, at: 0) == .queued(displaced: 0))
        var early = try WireEnd(.dialer(expected: nil), 1)
        #expect(early.link.send(long, .bulk, at: 0) == .notConnected)
    }
}
