// Two links back to back over a wire that cuts, spoils and loses bytes.
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct LinkTests {
    /// Sizes around every edge: of a record, of compression, of nothing much.
    private static let sizes = [
        1, 2, 28, 200, 1_023, 1_024, 5_000, 65_509, 65_510, 65_511, 131_027, 131_028, 200_000,
    ]

    private static func message(_ chance: inout SeededGenerator) -> [UInt8] {
        let count = sizes.randomElement(using: &chance) ?? 1
        if Bool.random(using: &chance) { return chance.bytes(count) }
        return [UInt8](repeating: UInt8.random(in: 0...255, using: &chance), count: count)
    }

    @Test(arguments: propertySeeds) func messagesArriveHoweverBytesAreCut(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        var wire = try Wire()
        let most = [1, 7, 100, 5_000, 300_000].randomElement(using: &chance) ?? 1
        wire.run(cutting: &chance, most: most)
        try #require(wire.dialer.link.isEstablished && wire.listener.link.isEstablished)
        var sent: [LinkPriority: [[UInt8]]] = [:]
        var back: [[UInt8]] = []
        for _ in 0..<8 {
            let message = most < 100 ? chance.bytes(most * 20) : Self.message(&chance)
            let priority = LinkPriority.allCases.randomElement(using: &chance) ?? .bulk
            let parcel = wire.dialer.link.codec.pack(message)
            #expect(wire.dialer.link.send(parcel, priority, at: 0) == .queued(displaced: 0))
            sent[priority, default: []].append(message)
            if Bool.random(using: &chance) {
                wire.listener.link.send(parcel, .bulk, at: 0)
                back.append(message)
            }
            if Bool.random(using: &chance) { wire.run(cutting: &chance, most: most) }
        }
        wire.run(cutting: &chance, most: most)
        for priority in LinkPriority.allCases {
            #expect(wire.listener.messages(priority) == sent[priority] ?? [], "seed \(seed)")
        }
        #expect(wire.dialer.messages == back, "seed \(seed)")
        #expect(wire.dialer.link.counts.sentBytes == wire.listener.link.counts.receivedBytes)
        #expect(wire.dialer.link.counts.sentMessages == 8)
        #expect(wire.dialer.link.peer == TestPeer.key(2))
        #expect(wire.listener.link.peer == TestPeer.key(1))
    }

    /// Whatever byte is changed: what was delivered is a prefix of what was sent, and the link that
    /// read it ends with a fault.
    @Test(arguments: [true, false]) func everyChangedByteEndsTheLink(isDialers: Bool) throws {
        let messages = [[UInt8](repeating: 1, count: 40), [2], Array(0..<200)]
        func exchange(_ flip: (Bool, Int, UInt8)?) throws -> Wire {
            var wire = try Wire()
            wire.flip = flip
            wire.run()
            for message in messages {
                wire.dialer.link.send(Parcel(message), .urgent, at: 0)
                wire.listener.link.send(Parcel(message), .bulk, at: 0)
            }
            wire.run()
            return wire
        }
        let whole = try exchange(nil)
        #expect(whole.listener.messages == messages && whole.dialer.messages == messages)
        let count = isDialers ? whole.sent.dialer : whole.sent.listener
        var faults: [String: Int] = [:]
        for byte in 0..<count {
            var wire = try exchange((isDialers, byte, UInt8(byte % 8)))
            wire.dialer.tick(20 * Nanoseconds.perSecond)
            wire.listener.tick(20 * Nanoseconds.perSecond)
            for end in [wire.dialer, wire.listener] {
                #expect(messages.starts(with: end.messages), "byte \(byte)")
            }
            let reader = isDialers ? wire.listener : wire.dialer
            let fault = try #require(reader.link.fault, "byte \(byte)")
            #expect(reader.messages.count < messages.count, "byte \(byte)")
            #expect(reader.events.last == .closed(fault))
            faults[String("\(fault)".prefix { $0 != "(" }), default: 0] += 1
        }
        #expect(faults["silent", default: 0] <= 10, "\(faults)")
        #expect(faults.keys.contains("record") && faults.keys.contains("foreignChain"), "\(faults)")
    }

    /// Bytes that stop anywhere: time ends the link, and nothing is delivered that was not sent.
    @Test func everyCutEndsTheLink() throws {
        var whole = try Wire()
        whole.run()
        whole.dialer.link.send(Parcel([1, 2, 3]), .urgent, at: 0)
        whole.run()
        let count = whole.sent.dialer
        for cut in 0..<count {
            var (dialer, listener) = (
                try WireEnd(.dialer(expected: nil), 1), try WireEnd(.listener, 2))
            var sent = 0
            for _ in 0..<4 {
                let forth = dialer.takeOutput()
                listener.receive(Array(forth.prefix(max(0, cut - sent))))
                sent += forth.count
                dialer.receive(listener.takeOutput())
                dialer.link.send(Parcel([1, 2, 3]), .urgent, at: 0)
            }
            listener.tick(20 * Nanoseconds.perSecond)
            let expected: LinkFault = listener.link.peer == nil ? .slowHandshake : .silent
            #expect(listener.link.fault == expected, "cut at \(cut)")
            #expect(listener.messages.allSatisfy { $0 == [1, 2, 3] })
        }
    }

    @Test(arguments: propertySeeds) func noiseInsteadOfAPeer(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for side in [LinkSide.listener, .dialer(expected: nil)] {
            var end = try WireEnd(side, 1)
            // Half of the time the preamble is right.
            if Bool.random(using: &chance) {
                end.receive(LinkPreamble.encode(chain: TestPeer.chain))
            }
            end.receive(chance.bytes(600))
            #expect(end.link.fault != nil, "seed \(seed)")
            #expect(end.messages.isEmpty)
        }
    }

    /// A message of the largest size, compressed or not, survives; the keys change on the way.
    @Test func longSessions() throws {
        var wire = try Wire.established()
        for round in 0..<3 {
            for _ in 0..<(1 << 15) { wire.dialer.link.send(Parcel([UInt8(round)]), .urgent, at: 0) }
            wire.run()
        }
        #expect(wire.listener.messages.count == 3 << 15)
        #expect(wire.listener.link.fault == nil)
        let message = [UInt8](repeating: 7, count: wire.dialer.link.limits.bulkMessageBytes)
        let parcel = wire.dialer.link.codec.pack(message)
        #expect(parcel.sizes.travelling < 1 << 20)
        wire.dialer.link.send(parcel, .bulk, at: 0)
        wire.run()
        #expect(wire.listener.messages(.bulk) == [message])
    }
}
