// Everything that is wrong with a handshake message ends the handshake, for good.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct NoiseRejectionTests {
    private static func side(
        _ role: NoiseHandshake.Role, _ number: UInt8, prologue: [UInt8] = [1]
    ) throws -> NoiseHandshake {
        NoiseHandshake(
            role: role, prologue: prologue, own: try TestPeer.exchange(number),
            ephemeral: try TestPeer.exchange(number + 100))
    }

    /// The handshake before message `turn`, and that message.
    private static func before(
        _ turn: Int
    ) throws -> (reader: NoiseHandshake, message: [UInt8]) {
        var (writer, reader) = (try side(.initiator, 1), try side(.responder, 2))
        for _ in 0..<turn {
            _ = try reader.read(try writer.write { _ in [7, 7] })
            swap(&writer, &reader)
        }
        return (reader, try writer.write { _ in [7, 7] })
    }

    /// The first message has no secret: a change of it shows when the second is read.
    @Test(arguments: [1, 2]) func everyChangedBit(turn: Int) throws {
        let (reader, message) = try Self.before(turn)
        for bit in 0..<message.count * 8 {
            var copy = reader
            #expect(throws: NoiseFailure.notAuthentic, "bit \(bit)") {
                try copy.read(message.flipping(bit: bit))
            }
        }
    }

    @Test func everyChangedBitOfTheFirstMessage() throws {
        var (initiator, responder) = (try Self.side(.initiator, 1), try Self.side(.responder, 2))
        let message = try initiator.write { _ in [7, 7] }
        for bit in stride(from: 0, to: message.count * 8, by: 3) {
            var (one, other) = (initiator, responder)
            _ = try other.read(message.flipping(bit: bit))
            let answer = try other.write { _ in [] }
            #expect(throws: NoiseFailure.notAuthentic, "bit \(bit)") { try one.read(answer) }
        }
        _ = try responder.read(message)
    }

    @Test(arguments: [0, 1, 2]) func everyCutMessage(turn: Int) throws {
        let (reader, message) = try Self.before(turn)
        let needed = NoiseHandshake.overhead(ofMessage: turn)
        for count in 0..<needed {
            var copy = reader
            #expect(throws: NoiseFailure.truncated) { try copy.read(Array(message.prefix(count))) }
        }
    }

    @Test func anotherPrologue() throws {
        var initiator = try Self.side(.initiator, 1)
        var responder = try Self.side(.responder, 2, prologue: [2])
        _ = try responder.read(try initiator.write { _ in [] })
        let answer = try responder.write { _ in [] }
        #expect(throws: NoiseFailure.notAuthentic) { try initiator.read(answer) }
    }

    @Test func aKeyOfSmallOrder() throws {
        var responder = try Self.side(.responder, 2)
        _ = try responder.read([UInt8](repeating: 0, count: 32))
        #expect(throws: NoiseFailure.weakKey) { try responder.write { _ in [] } }
    }

    @Test func outOfTurnAndAfterAFailure() throws {
        var responder = try Self.side(.responder, 2)
        #expect(throws: NoiseFailure.outOfTurn) { try responder.write { _ in [] } }
        #expect(throws: NoiseFailure.outOfTurn) {
            try responder.read([UInt8](repeating: 5, count: 32))
        }
        var initiator = try Self.side(.initiator, 1)
        #expect(throws: NoiseFailure.outOfTurn) { try initiator.read([]) }
        #expect(!initiator.isComplete)
    }

    @Test func noncesEnd() throws {
        var cipher = CipherState(key: [UInt8](repeating: 1, count: 32), number: .max - 1)
        let sealed = try cipher.sealed([1], context: [])
        #expect(throws: NoiseFailure.nonceExhausted) { try cipher.sealed([1], context: []) }
        var other = CipherState(key: [UInt8](repeating: 1, count: 32), number: .max - 1)
        #expect(try other.opened(sealed, context: []) == [1])
        #expect(throws: NoiseFailure.nonceExhausted) { try other.opened(sealed, context: []) }
    }

    /// Records that are dropped, repeated or in another order do not open.
    @Test func recordsOutOfOrder() throws {
        var sender = CipherState(key: [UInt8](repeating: 1, count: 32))
        let records = try (0..<3).map { try sender.sealed([UInt8($0)], context: []) }
        for order in [[1], [0, 0], [0, 2]] {
            var receiver = CipherState(key: [UInt8](repeating: 1, count: 32))
            for index in order.dropLast() { _ = try receiver.opened(records[index], context: []) }
            #expect(throws: NoiseFailure.notAuthentic) {
                try receiver.opened(records[order.last ?? 0], context: [])
            }
        }
    }
}
